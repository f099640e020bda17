using System.Globalization;
using System.Text;
using System.Text.Json;
using Custodia.Kernel.Hosting;
using Microsoft.Extensions.Logging;

namespace Custodia.Kernel.Tests.Hosting;

public sealed class LineLogTests
{
    private static readonly EventId Answered = new(7, "Answered");

    [Fact]
    public void A_line_says_when_what_where_and_with_which_values()
    {
        var failure = new InvalidOperationException("two\nlines");
        var line = LinesOf(log => log.CreateLogger("A.Category").LogWarning(Answered, failure, "{Method} of {Count} in {Took} ms: {Text}", "GET", 3, 1.5, "\"quoted\"\n中")).Single();
        var timestamp = line.GetProperty("Timestamp").GetString()!;
        DateTimeOffset.Parse(timestamp, CultureInfo.InvariantCulture).ShouldBe(TimeProvider.System.GetUtcNow(), TimeSpan.FromMinutes(1));
        timestamp.ShouldMatch(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$");
        line.GetProperty("EventId").GetInt32().ShouldBe(7);
        line.GetProperty("LogLevel").GetString().ShouldBe("Warning");
        line.GetProperty("Category").GetString().ShouldBe("A.Category");
        line.GetProperty("Message").GetString().ShouldBe("GET of 3 in 1.5 ms: \"quoted\"\n中");
        line.GetProperty("Exception").GetString().ShouldBe(failure.ToString());
        var state = line.GetProperty("State");
        state.GetProperty("Method").GetString().ShouldBe("GET");
        state.GetProperty("Count").GetInt32().ShouldBe(3);
        state.GetProperty("Took").GetDouble().ShouldBe(1.5);
        state.GetProperty("{OriginalFormat}").GetString().ShouldBe("{Method} of {Count} in {Took} ms: {Text}");
    }

    [Fact]
    public void A_line_without_an_exception_has_none() =>
        LinesOf(log => log.CreateLogger("A").LogInformation("text")).Single().TryGetProperty("Exception", out _).ShouldBeFalse();

    [Fact]
    public void No_line_is_lost_or_torn_when_many_log_at_once()
    {
        const int Threads = 8, Each = 2_000;
        var lines = LinesOf(log =>
        {
            var logger = log.CreateLogger("A");
            Parallel.For(0, Threads, thread =>
            {
                for (var i = 0; i < Each; i++) logger.LogInformation("{Thread} {Number}", thread, i);
            });
        });
        lines.Count.ShouldBe(Threads * Each);
        foreach (var ofThread in lines.GroupBy(l => l.GetProperty("State").GetProperty("Thread").GetInt32()))
            ofThread.Select(l => l.GetProperty("State").GetProperty("Number").GetInt32()).ShouldBe(Enumerable.Range(0, Each), "in the order of the thread");
    }

    [Fact]
    public async Task An_error_is_written_at_once_and_a_plain_line_soon()
    {
        using var output = new Output();
        using var log = new LineLog(output);
        log.CreateLogger("A").LogInformation("first");
        await output.ReachesAsync(1);
        log.CreateLogger("A").LogError("second");
        await output.ReachesAsync(2);
    }

    [Fact]
    public async Task Whoever_logs_waits_while_nobody_reads_and_nothing_is_lost()
    {
        using var output = new Output { Blocked = new ManualResetEventSlim() };
        var log = new LineLog(output);
        const int Lines = 9_000;
        var written = 0;
        var writing = Task.Run(() =>
        {
            var text = new string('x', 1_000);
            for (; written < Lines; written++) log.CreateLogger("A").LogInformation("{Text}", text);
        });
        await Task.WhenAny(writing, Task.Delay(1_000));
        writing.IsCompleted.ShouldBeFalse("some megabytes wait and no more");
        output.Blocked.Set();
        await writing;
        log.Dispose();
        output.Lines.Count.ShouldBe(Lines);
    }

    [Fact]
    public void A_closed_output_harms_nobody()
    {
        var log = new LineLog(new Closed());
        for (var i = 0; i < 100; i++) log.CreateLogger("A").LogError("text");
        log.Dispose();
        log.CreateLogger("A").LogError("after the end");
    }

    private static List<JsonElement> LinesOf(Action<LineLog> act)
    {
        using var output = new Output();
        using (var log = new LineLog(output)) act(log);
        return output.Lines;
    }

    private sealed class Output : MemoryStream
    {
        private readonly Lock _lock = new();

        public ManualResetEventSlim? Blocked { get; init; }

        public List<JsonElement> Lines
        {
            get
            {
                lock (_lock)
                    return [.. Encoding.UTF8.GetString(ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonDocument.Parse(l).RootElement)];
            }
        }

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            Blocked?.Wait();
            lock (_lock) base.Write(buffer);
        }

        public async Task ReachesAsync(int lines)
        {
            for (var i = 0; i < 3_000 && Lines.Count < lines; i++) await Task.Delay(10);
            Lines.Count.ShouldBe(lines);
        }
    }

    private sealed class Closed : MemoryStream
    {
        public override void Write(ReadOnlySpan<byte> buffer) => throw new IOException("closed");
    }
}
