using System.Globalization;
using System.Text;
using System.Text.Json;
using CsvHelper;
using Custodia.Kernel.Streams;

namespace Custodia.Kernel.Tests.Streams;

public sealed class ExportTests : IDisposable
{
    private static readonly string[] Awkward = ["a,b", "say \"no\"", "two\r\nlines", "=1+1", "+49 170", "-1", "@cmd", "\tTab", "日志", "", " spaces "];

    private readonly string _folder = Directory.CreateTempSubdirectory("custodia-streams-").FullName;

    [Fact]
    public async Task Csv_reads_back_as_it_was_written_and_no_text_is_a_formula()
    {
        var rows = await ExportAsync(ExportFormat.Csv);
        using var csv = new CsvReader(new StringReader(Encoding.UTF8.GetString(rows)), CultureInfo.InvariantCulture);
        await csv.ReadAsync();
        csv.ReadHeader();
        csv.HeaderRecord.ShouldBe(["time", "timestamp", "user-name", "client-ip", "request-id", "result", "area", "size", "note", "shredded"]);
        for (var i = Awkward.Length - 1; i >= 0; i--)
        {
            (await csv.ReadAsync()).ShouldBeTrue();
            csv.GetField("size").ShouldBe((-i).ToString(CultureInfo.InvariantCulture));
            csv.GetField("note").ShouldBe("=+-@\t".Contains(Awkward[i].FirstOrDefault('x'), StringComparison.Ordinal) ? "'" + Awkward[i] : Awkward[i]);
            csv.GetField("shredded").ShouldBe("false");
        }

        (
                await csv.ReadAsync()).ShouldBeFalse();
    }

    [Fact]
    public async Task Ndjson_has_one_object_a_line_with_the_values_as_they_are()
    {
        var lines = Encoding.UTF8.GetString(await ExportAsync(ExportFormat.Ndjson)).Split('\n');
        lines[^1].ShouldBeEmpty();
        var notes = lines[..^1].Select(line => JsonDocument.Parse(line).RootElement.GetProperty("fields")).ToList();
        notes.Select(f => f.GetProperty("note").GetString()).ShouldBe(Awkward.Reverse());
        notes.Select(f => f.GetProperty("size").GetInt64()).ShouldBe(Enumerable.Range(0, Awkward.Length).Reverse().Select(i => -(long)i));
        notes.ShouldAllBe(f => f.GetProperty("result").ValueKind == JsonValueKind.Null);
    }

    [Fact]
    public async Task An_export_is_written_as_it_is_read()
    {
        await using var logs = new StreamFixture(_folder);
        var output = new CountingStream();
        var largest = 0L;
        async IAsyncEnumerable<StreamEntry> Many()
        {
            for (var i = 0; i < 20_000; i++)
            {
                largest = Math.Max(largest, ((i * 100L) - output.Written));
                yield return new StreamEntry(default, i, StreamFixture.Noon, null, [new("note", new string('x', 60))], false);
            }

            await Task.CompletedTask;
        }

        (await StreamExport.WriteAsync(Many(), logs.Policy.Category("test.audit"), ExportFormat.Ndjson, output, CancellationToken.None)).ShouldBe(20_000);
        output.Written.ShouldBeGreaterThan(2_000_000);
        largest.ShouldBeLessThan(64 * 1024);
    }

    public void Dispose()
    {
        Directory.Delete(_folder, recursive: true);
        Directory.Delete(_folder + "-keys", recursive: true);
    }

    private async Task<byte[]> ExportAsync(ExportFormat format)
    {
        await using var logs = new StreamFixture(_folder);
        for (var i = 0; i < Awkward.Length; i++)
            await logs.Streams.AppendAsync(StreamFixture.Entry(i) with { Note = Awkward[i], Size = -i, Result = null }, CancellationToken.None);
        using var output = new MemoryStream();
        await StreamExport.WriteAsync(logs.Streams.ReadAsync(new StreamQuery("test.audit", 1), CancellationToken.None), logs.Policy.Category("test.audit"), format, output, CancellationToken.None);
        return output.ToArray();
    }

    private sealed class CountingStream : MemoryStream
    {
        public long Written { get; private set; }

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Written += buffer.Length;
            return ValueTask.CompletedTask;
        }
    }
}
