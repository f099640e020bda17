using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Custodia.Server.Bench;

/// <summary>The jq language over a file of small records, in a process and on one core, against Debian's jq on the same.</summary>
internal sealed class JqBench(double scale) : BenchRow
{
    private const string Peer = "/usr/bin/jq";
    private const int MegaByte = 1_000_000;

    /// <summary>What a mapping between two systems does: rename, choose, nest, put into texts, sum, fill in.</summary>
    private const string Mapping =
        """
        select(.active and .total_items > 1)
        | {
            id,
            customer: { name: "\(.first_name) \(.last_name)", mail: .email, city: .address.city, country: (.address.country // "unknown") },
            phone: (.phone // "none"),
            positions: [.items[] | { sku: .article, amount: .count, sum: (.price * .count) }],
            total: ([.items[] | .price * .count] | add),
            note: (if .vip then "vip \(.last_name)" else null end)
          }
        """;

    private static readonly string[] FirstNames = ["Ada", "Grace", "Jürgen", "Zoë", "李明", "Søren", "Мария", "Ana", "Łukasz", "Noor", "🙂 Kim", "Renée"];
    private static readonly string[] LastNames = ["Lovelace", "Hopper", "Müller", "O'Neill", "王", "Ångström", "Иванова", "García", "Nowak", "\\\"Quoted\\\"", "Smith", "Dvořák"];
    private static readonly string[] Cities = ["Köln", "London", "北京", "São Paulo", "Kraków", "Oslo", "New York", "Zürich"];

    private string _records = "";
    private string _program = "";
    private string _folder = "";
    private double _megaBytes;

    public override string Name => "jq";

    public override string Title => $"a mapping over {MegaBytes:#,0} MB of small records, one core";

    public override string Against => "Debian's jq 1.6, one core";

    public override string Unit => "MB/s";

    public override BenchTarget Target => BenchTarget.AtLeast(3);

    public override int Rounds => 3;

    private int MegaBytes => Math.Max(1, (int)(200 * scale));

    /// <exception cref="InvalidOperationException">jq or taskset is not installed, or the two outputs differ.</exception>
    public override async Task PrepareAsync(string folder, CancellationToken cancellation)
    {
        if (!File.Exists(Peer)) throw new InvalidOperationException($"{Peer} is not installed: apt-get install jq.");
        (_folder, _records, _program) = (folder, Path.Combine(folder, "records.json"), Mapping);
        await WriteAsync(_records, cancellation);
        _megaBytes = new FileInfo(_records).Length / (double)MegaByte;
        var (ours, theirs) = (Path.Combine(folder, "ours.json"), Path.Combine(folder, "theirs.json"));
        await RunAsync(Ours(), ours, cancellation);
        await RunAsync([Peer], theirs, cancellation);
        if (!await AreSameAsync(ours, theirs, cancellation)) throw new InvalidOperationException("The two outputs differ.");
    }

    public override Task<double> MeasureAsync(CancellationToken cancellation) => MeasureAsync(Ours(), cancellation);

    public override Task<double> MeasureAgainstAsync(CancellationToken cancellation) => MeasureAsync([Peer], cancellation);

    private static string[] Ours()
    {
        var isHost = Path.GetFileNameWithoutExtension(Environment.ProcessPath) != "dotnet";
        return isHost ? [Environment.ProcessPath!, "jq"] : [Environment.ProcessPath!, Path.Combine(AppContext.BaseDirectory, "custodia.dll"), "jq"];
    }

    private async Task<double> MeasureAsync(string[] program, CancellationToken cancellation)
    {
        var begun = Stopwatch.GetTimestamp();
        await RunAsync(program, Path.Combine(_folder, "output.json"), cancellation);
        return _megaBytes / Stopwatch.GetElapsedTime(begun).TotalSeconds;
    }

    /// <summary>Pinned to one core, with its output in a file.</summary>
    private async Task RunAsync(string[] program, string output, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo("sh") { UseShellExecute = false };
        foreach (var argument in (ReadOnlySpan<string>)["-c", "out=$1; shift; exec taskset -c 0 \"$@\" > \"$out\"", "sh", output, .. program, "-c", _program, _records]) start.ArgumentList.Add(argument);
        using var process = Process.Start(start) ?? throw new InvalidOperationException("sh cannot be started.");
        await process.WaitForExitAsync(cancellation);
        if (process.ExitCode != 0) throw new InvalidOperationException($"{program[0]} ends with {process.ExitCode}.");
    }

    /// <summary>Always the same records: ids, names, mails, nested objects and lists; numbers only in forms that jq 1.6 prints as they are.</summary>
    private async Task WriteAsync(string path, CancellationToken cancellation)
    {
        await using var file = new StreamWriter(path, append: false, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), 1 << 16) { NewLine = "\n" };
        var record = new StringBuilder();
        for (var (number, written) = (1, 0L); written < (long)MegaBytes * MegaByte; number++)
        {
            record.Clear();
            Record(record, number);
            await file.WriteLineAsync(record, cancellation);
            written += Encoding.UTF8.GetByteCount(record.ToString()) + 1;
        }
    }

    private static void Record(StringBuilder into, int number)
    {
        var (culture, chance) = (CultureInfo.InvariantCulture, (uint)number * 2654435761);
        var (first, last) = (FirstNames[chance % 12], LastNames[(chance >> 8) % 12]);
        var phone = chance % 3 == 0 ? "null" : $"\"+49 221 {chance % 1000000}\"";
        into.Append(culture, $$"""{"id":{{number}},"first_name":"{{first}}","last_name":"{{last}}","email":"user{{number}}@mail{{chance % 97}}.example","active":{{(chance % 5 == 0 ? "false" : "true")}}""");
        into.Append(culture, $$""","vip":{{(chance % 11 == 0 ? "true" : "false")}},"phone":{{phone}}""");
        into.Append(culture, $$""","address":{"street":"Main Street {{chance % 200}}","city":"{{Cities[(chance >> 16) % 8]}}","zip":"{{10000 + (chance % 89999)}}"{{(chance % 7 == 0 ? "" : ",\"country\":\"DE\"")}}},"items":[""");
        var count = 1 + (int)(chance >> 4 & 3);
        for (var i = 0; i < count; i++)
        {
            var price = (chance >> (i * 5)) % 4000;
            into.Append(culture, $$"""{{(i == 0 ? "" : ",")}}{"article":"A-{{(chance >> i) % 100000}}","price":{{price / 4d}},"count":{{1 + (chance >> (i + 3) & 7)}},"gift":{{(i == 2 ? "true" : "false")}}}""");
        }

        into.Append(culture, $$"""],"total_items":{{count}},"tags":["new","{{(number % 2 == 0 ? "web" : "shop")}}"],"comment":null}""");
    }

    private static async Task<bool> AreSameAsync(string one, string other, CancellationToken cancellation)
    {
        await using FileStream a = File.OpenRead(one), b = File.OpenRead(other);
        if (a.Length != b.Length) return false;
        byte[] left = new byte[1 << 16], right = new byte[1 << 16];
        while (await a.ReadAtLeastAsync(left, left.Length, throwOnEndOfStream: false, cancellation) is > 0 and var read)
        {
            await b.ReadExactlyAsync(right.AsMemory(0, read), cancellation);
            if (!left.AsSpan(0, read).SequenceEqual(right.AsSpan(0, read))) return false;
        }

        return true;
    }
}
