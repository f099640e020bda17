using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Custodia.Kernel.Policy;

namespace Custodia.Kernel.Deletion;

/// <summary>
/// The proof that a request was carried out: what was found and deleted or kept, by category, which key was destroyed, where the
/// logs stood. Counts and ids only. Stored as a JWS in flattened JSON (RFC 7515 section 7.2.2), so that any JOSE library verifies it.
/// </summary>
internal sealed record Evidence(
    int Schema,
    Guid Request,
    long Account,
    Guid Person,
    string RequestedBy,
    DateTimeOffset RequestedAt,
    DateTimeOffset DueAt,
    DateTimeOffset DoneAt,
    bool InTime,
    string PolicyVersion,
    string PolicySha256,
    string Build,
    IReadOnlyList<EvidenceStep> Steps,
    IReadOnlyList<EvidenceKey> KeysDestroyed,
    IReadOnlyList<EvidenceCheckpoint> Checkpoints);

internal sealed record EvidenceStep(string Part, DateTimeOffset At, IReadOnlyList<ErasedCategory> Categories);

internal sealed record EvidenceKey(string Key, DateTimeOffset DestroyedAt);

/// <param name="Root">Lower-case hex of the stream's tree root.</param>
internal sealed record EvidenceCheckpoint(string Stream, string Day, long Size, string Root);

/// <summary>A signed document in JWS flattened JSON serialisation.</summary>
[Category("kernel.evidence")]
internal sealed record SignedDocument(string Payload, string Protected, string Signature)
{
    private const string Header = """{"alg":"ES256","typ":"custodia-evidence+json"}""";

    public static SignedDocument Sign<T>(T content, Func<byte[], byte[]> signEs256)
    {
        var payload = Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(content, JsonSerializerOptions.Web));
        var header = Base64Url.EncodeToString(Encoding.UTF8.GetBytes(Header));
        var signature = signEs256(Encoding.ASCII.GetBytes($"{header}.{payload}"));
        return new SignedDocument(payload, header, Base64Url.EncodeToString(signature));
    }

    /// <summary>The content, when the signature is by this key; null otherwise.</summary>
    public T? Verify<T>(ECDsa publicKey)
        where T : class
    {
        try
        {
            var header = JsonSerializer.Deserialize<JsonElement>(Base64Url.DecodeFromChars(Protected));
            if (header.GetProperty("alg").GetString() != "ES256") return null;
            var signed = Encoding.ASCII.GetBytes($"{Protected}.{Payload}");
            return publicKey.VerifyData(signed, Base64Url.DecodeFromChars(Signature), HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation)
                ? JsonSerializer.Deserialize<T>(Base64Url.DecodeFromChars(Payload), JsonSerializerOptions.Web)
                : null;
        }
        catch (Exception exception) when (exception is FormatException or JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return null;
        }
    }
}
