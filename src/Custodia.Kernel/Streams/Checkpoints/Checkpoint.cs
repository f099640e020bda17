using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Custodia.Kernel.Streams;

/// <summary>What a checkpoint says about one segment at one moment.</summary>
/// <param name="Segment">Day, with its generation after a dot where there is more than one.</param>
/// <param name="Size">Records, removed ones included.</param>
/// <param name="Root">Root of the Merkle tree over them (RFC 9162), hex.</param>
/// <param name="Header">SHA-256 of the segment's header, hex.</param>
/// <param name="Previous">SHA-256 of the stream's previous line, hex; 64 zeros in the first.</param>
/// <param name="Reason">Why it was signed: <see cref="CheckpointReason"/> or the caller's word.</param>
/// <param name="Why">What led to a deletion, e.g. <c>age P180D</c>; null otherwise.</param>
/// <param name="Policy">SHA-256 of the policy in force, hex.</param>
/// <param name="Erased">Records removed from the segment so far; null while there are none.</param>
/// <param name="Shredded">Records whose personal fields this deletion made unreadable; null otherwise.</param>
internal sealed record Checkpoint(
    int Version,
    string Stream,
    string Segment,
    long Size,
    string Root,
    string Header,
    string Previous,
    DateTimeOffset Time,
    string Reason,
    string? Why,
    string Policy,
    ErasedRecords? Erased,
    long? Shredded)
{
    public const int CurrentVersion = 1;

    public static readonly string First = new('0', 64);

    [JsonIgnore]
    public SegmentId? Id => SegmentId.TryParse(Stream, Segment, out var id) ? id : null;
}

/// <summary>The removed records of a segment.</summary>
/// <param name="Count">All of them.</param>
/// <param name="Batches">Removals so far.</param>
/// <param name="Digest">Chain over the batches, hex: SHA-256 of the digest before and, for each record in order, position (8 bytes, big-endian) and leaf.</param>
internal sealed record ErasedRecords(long Count, long Batches, string Digest);

internal static class CheckpointReason
{
    public const string Hourly = "hourly";
    public const string Closed = "closed";
    public const string Shutdown = "shutdown";

    /// <summary>Signed before the segment's key and files are destroyed.</summary>
    public const string Expired = "expired";

    /// <summary>Signed before records are removed one by one.</summary>
    public const string Erased = "erased";

    /// <summary>Signed when a person's key is destroyed.</summary>
    public const string Shredded = "shredded";
}

/// <summary>
/// A line of a checkpoint file: the JSON object, whose last member <c>signature</c> is ECDSA P-256 with SHA-256 (IEEE P1363, base64)
/// over the bytes of the line up to that member, closed by a brace.
/// </summary>
internal sealed record SignedCheckpoint(Checkpoint Checkpoint, byte[] Signature, string Line)
{
    private const string SignatureMember = ",\"signature\":\"";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    /// <summary>SHA-256 of the line; the next line of the stream carries it.</summary>
    public byte[] Hash { get; } = SHA256.HashData(Encoding.UTF8.GetBytes(Line));

    public string HashText => Convert.ToHexStringLower(Hash);

    public static SignedCheckpoint Sign(Checkpoint checkpoint, CheckpointSigner signer)
    {
        var content = JsonSerializer.Serialize(checkpoint, Json);
        var signature = signer.Sign(Encoding.UTF8.GetBytes(content));
        return new SignedCheckpoint(checkpoint, signature, string.Create(CultureInfo.InvariantCulture, $"{content[..^1]}{SignatureMember}{Convert.ToBase64String(signature)}\"}}"));
    }

    /// <summary>Null when the line is not one that <see cref="Sign"/> makes.</summary>
    public static SignedCheckpoint? Parse(string line)
    {
        var cut = line.LastIndexOf(SignatureMember, StringComparison.Ordinal);
        if (cut < 0 || !line.EndsWith("\"}", StringComparison.Ordinal) || line.Length < cut + SignatureMember.Length + 2) return null;
        try
        {
            var signature = Convert.FromBase64String(line[(cut + SignatureMember.Length)..^2]);
            var checkpoint = JsonSerializer.Deserialize<Checkpoint>(line[..cut] + "}", Json);
            return checkpoint is { Version: Checkpoint.CurrentVersion, Stream: not null, Root: not null, Header: not null, Previous: not null, Reason: not null } && checkpoint.Id is not null
                ? new SignedCheckpoint(checkpoint, signature, line)
                : null;
        }
        catch (Exception damage) when (damage is FormatException or JsonException)
        {
            return null;
        }
    }

    public bool IsSignedBy(ECDsa key) =>
        key.VerifyData(Encoding.UTF8.GetBytes(Line[..Line.LastIndexOf(SignatureMember, StringComparison.Ordinal)] + "}"), Signature, HashAlgorithmName.SHA256);

    public CheckpointReference Reference() => new(Checkpoint.Stream, Checkpoint.Segment, Checkpoint.Size, Checkpoint.Root, HashText);
}
