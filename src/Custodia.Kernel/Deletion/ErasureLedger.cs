using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using Custodia.Kernel.Hosting;
using Custodia.Kernel.Policy;

namespace Custodia.Kernel.Deletion;

/// <summary>
/// The list of all erasures, one JSON line each. It lies with the keys and not with the data, because a restore must not take it
/// back in time: what a restored backup does not know is erased again from here before the server serves.
/// </summary>
internal sealed class ErasureLedger(DataLayout layout)
{
    private readonly SemaphoreSlim _turn = new(1, 1);

    private string File => Path.Combine(layout.Keys, "erasures.ndjson");

    /// <summary>Appends an entry, on disk when this completes. An entry of the same request is not written twice.</summary>
    public async Task AppendAsync(LedgerEntry entry, CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation);
        try
        {
            await foreach (var known in ReadAsync(cancellation))
            {
                if (known.Request == entry.Request) return;
            }

            await using var stream = new FileStream(File, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
            await EndWithNewLineAsync(stream, cancellation);
            await stream.WriteAsync(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(entry, JsonSerializerOptions.Web) + "\n"), cancellation);
            await stream.FlushAsync(cancellation);
            RandomAccess.FlushToDisk(stream.SafeFileHandle);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>All entries, oldest first. A last line cut off by a crash is not an entry: its erasure is still open and will be repeated.</summary>
    public async IAsyncEnumerable<LedgerEntry> ReadAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        if (!System.IO.File.Exists(File)) yield break;
        using var reader = new StreamReader(new FileStream(File, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        while (await reader.ReadLineAsync(cancellation) is { } line)
        {
            if (TryParse(line) is { } entry) yield return entry;
        }
    }

    /// <summary>Drops the entries made before an instant: no backup that old can be restored any more.</summary>
    /// <returns>Entries dropped.</returns>
    public async Task<int> ForgetAsync(DateTimeOffset before, CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation);
        try
        {
            var kept = new StringBuilder();
            var dropped = 0;
            await foreach (var entry in ReadAsync(cancellation))
            {
                if (entry.At < before) dropped++;
                else kept.Append(JsonSerializer.Serialize(entry, JsonSerializerOptions.Web)).Append('\n');
            }

            if (dropped == 0) return 0;
            await System.IO.File.WriteAllTextAsync(File + ".new", kept.ToString(), cancellation);
            System.IO.File.Move(File + ".new", File, overwrite: true);
            return dropped;
        }
        finally
        {
            _turn.Release();
        }
    }

    private static LedgerEntry? TryParse(string line)
    {
        try
        {
            return JsonSerializer.Deserialize<LedgerEntry>(line, JsonSerializerOptions.Web);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static async Task EndWithNewLineAsync(FileStream stream, CancellationToken cancellation)
    {
        if (stream.Length == 0) return;
        var last = new byte[1];
        stream.Seek(-1, SeekOrigin.End);
        await stream.ReadExactlyAsync(last, cancellation);
        if (last[0] != (byte)'\n') stream.WriteByte((byte)'\n');
    }
}

/// <summary>One erasure: ids and times only.</summary>
[Category("kernel.erasure-ledger")]
internal sealed record LedgerEntry([property: Field("id")] Guid Request, long Account, Guid Person, [property: Field("erased-at")] DateTimeOffset At);
