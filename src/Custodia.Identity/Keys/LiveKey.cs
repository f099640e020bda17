using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Microsoft.IdentityModel.Tokens;

namespace Custodia.Identity.Keys;

/// <summary>A signing key as it works in memory. Safe for concurrent use.</summary>
internal sealed class LiveKey
{
    private readonly byte[]? _privateKey;

    // An AsymmetricAlgorithm is not promised to be safe for concurrent use, and importing one costs more than a signature:
    // each signature borrows one; as many exist as ever signed at the same time.
    private readonly ConcurrentBag<AsymmetricAlgorithm> _idle = [];

    public LiveKey(SigningKey stored, byte[]? privateKey)
    {
        _privateKey = privateKey;
        Kid = stored.Kid;
        Algorithm = stored.Algorithm;
        ActiveFrom = stored.ActiveFrom;
        ActiveUntil = stored.ActiveUntil;
        PublishedUntil = stored.PublishedUntil;
        var key = SignatureAlgorithm.ImportPublic(stored.Algorithm, stored.PublicKey);
        Verification = key is ECDsa ec ? new ECDsaSecurityKey(ec) { KeyId = Kid } : new RsaSecurityKey((RSA)key) { KeyId = Kid };
        SignatureBytes = key is RSA rsa ? rsa.KeySize / 8 : 64;
        AccessTokenHeader = Header("at+jwt");
        IdTokenHeader = Header("JWT");
        LogoutTokenHeader = Header("logout+jwt");
    }

    public string Kid { get; }

    public string Algorithm { get; }

    public DateTimeOffset ActiveFrom { get; }

    public DateTimeOffset ActiveUntil { get; }

    public DateTimeOffset PublishedUntil { get; }

    public SecurityKey Verification { get; }

    public int SignatureBytes { get; }

    /// <summary>The encoded header with its dot: the same for all tokens of a key, so made once.</summary>
    public byte[] AccessTokenHeader { get; }

    public byte[] IdTokenHeader { get; }

    public byte[] LogoutTokenHeader { get; }

    public bool SignsAt(DateTimeOffset now) => _privateKey is not null && ActiveFrom <= now && now < ActiveUntil;

    /// <summary>Signs; ECDSA as R‖S (RFC 7518 section 3.4).</summary>
    public void Sign(ReadOnlySpan<byte> data, Span<byte> signature)
    {
        if (!_idle.TryTake(out var key))
        {
            if (_privateKey is null) throw new InvalidOperationException($"The key {Kid} does not sign.");
            key = SignatureAlgorithm.ImportPrivate(Algorithm, _privateKey);
        }

        var done = key is ECDsa ec
            ? ec.TrySignData(data, signature, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation, out _)
            : ((RSA)key).TrySignData(data, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1, out _);
        _idle.Add(key);
        if (!done) throw new InvalidOperationException("The signature does not fit its buffer.");
    }

    private byte[] Header(string type) =>
        Encoding.ASCII.GetBytes(Base64Url.EncodeToString(Encoding.UTF8.GetBytes($$"""{"alg":"{{Algorithm}}","typ":"{{type}}","kid":"{{Kid}}"}""")) + ".");
}
