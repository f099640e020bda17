using System.Security.Cryptography;

namespace Custodia.Kernel.Streams;

/// <summary>The checkpoints of a stream as they lie on disk, with what is wrong with them.</summary>
internal sealed class CheckpointChain
{
    private readonly Dictionary<string, List<SignedCheckpoint>> _bySegment = new(StringComparer.Ordinal);
    private readonly HashSet<string> _hashes = new(StringComparer.Ordinal);

    private CheckpointChain(string stream) => Stream = stream;

    public string Stream { get; }

    public List<string> Findings { get; } = [];

    public IEnumerable<string> Segments => _bySegment.Keys;

    /// <param name="copy">The same file at the second place; null: none.</param>
    public static CheckpointChain Read(string stream, string path, string? copy, ECDsa key)
    {
        var chain = new CheckpointChain(stream);
        var text = File.Exists(path) ? File.ReadAllText(path) : "";
        var lines = text.Split('\n');

        // Behind the last line break there is nothing, or a line that a crash interrupted and nobody was told of.
        var previous = Checkpoint.First;
        for (var i = 0; i < lines.Length - 1; i++) previous = chain.Take(lines[i], i + 1, previous, key);
        if (copy is not null && File.Exists(copy)) chain.Compare(text, File.ReadAllText(copy));
        return chain;
    }

    public IReadOnlyList<SignedCheckpoint> Of(string segment) => _bySegment.GetValueOrDefault(segment) ?? [];

    public bool Has(byte[] hash) => _hashes.Contains(Convert.ToHexStringLower(hash));

    private string Take(string line, int number, string previous, ECDsa key)
    {
        if (SignedCheckpoint.Parse(line) is not { } signed)
        {
            Findings.Add($"checkpoint {number} is not readable");
            return Convert.ToHexStringLower(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(line)));
        }

        if (!signed.IsSignedBy(key)) Findings.Add($"checkpoint {number} has a wrong signature");
        else if (signed.Checkpoint.Stream != Stream) Findings.Add($"checkpoint {number} belongs to another stream");
        else if (signed.Checkpoint.Previous != previous) Findings.Add($"the chain is cut before checkpoint {number}");
        else Keep(signed);
        _hashes.Add(signed.HashText);
        return signed.HashText;
    }

    private void Keep(SignedCheckpoint signed)
    {
        if (!_bySegment.TryGetValue(signed.Checkpoint.Segment, out var list)) _bySegment.Add(signed.Checkpoint.Segment, list = []);
        list.Add(signed);
    }

    private void Compare(string text, string copied)
    {
        var complete = copied[..(copied.LastIndexOf('\n') + 1)];
        if (!text.StartsWith(complete, StringComparison.Ordinal)) Findings.Add("the checkpoints are not those that were copied to the second place");
    }
}
