using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Custodia.Identity.Keys;
using Custodia.Identity.Protocol;
using Custodia.Kernel.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace Custodia.Identity.Dpop;

/// <summary>Checks the proof that a request carries in its <c>DPoP</c> header (RFC 9449 section 4.3), in the order of the list there.</summary>
internal sealed class DpopProofs(DpopNonces nonces, IOptions<CustodiaOptions> options, TimeProvider time)
{
    public const string Header = "DPoP";

    private const string Type = "dpop+jwt";
    private const int MaxJti = 256;
    private const int MaxProofs = 400_000;

    /// <summary>How old a proof may be; clocks of devices go wrong by as much.</summary>
    private static readonly TimeSpan Past = TimeSpan.FromSeconds(120);

    /// <summary>How far a clock may be ahead.</summary>
    private static readonly TimeSpan Future = TimeSpan.FromSeconds(30);

    private readonly SeenOnce _seen = new(Past + Future, MaxProofs, time);

    /// <summary>Checks the proof of a request to a protocol endpoint or a resource.</summary>
    /// <param name="accessToken">The token presented with it; null at endpoints that take none.</param>
    public DpopOutcome Check(HttpContext http, string? accessToken)
    {
        var headers = http.Request.Headers[Header];
        if (headers.Count == 0) return new DpopOutcome.Absent();
        nonces.Offer(http);
        // 1. One header, a well-formed token in it (2).
        if (headers.Count > 1) return Wrong("one DPoP header at a time");
        if (CompactJws.Parse(headers.ToString()) is not { } proof) return Wrong("the DPoP proof is not a signed token");
        // 4. to 7. Its type, an asymmetric signature, by the public key inside it.
        if (proof.Type != Type) return Wrong("the type of the DPoP proof is not dpop+jwt");
        if (!JwsAlgorithm.IsKnown(proof.Algorithm)) return Wrong("the algorithm of the DPoP proof is not supported");
        if (!proof.Header.TryGetProperty("jwk", out var jwk) || PublicJwk.Parse(jwk) is not { } key)
            return Wrong("the DPoP proof holds no public key that may be used");
        if (!proof.IsSignedBy(key)) return Wrong("the signature of the DPoP proof is wrong");
        return Claims(http, proof, key, accessToken);
    }

    private DpopOutcome Claims(HttpContext http, CompactJws proof, PublicJwk key, string? accessToken)
    {
        // 3., 8. and 9. For this very request.
        if (proof.Claim("htm") != http.Request.Method) return Wrong("htm is not the method of the request");
        if (!IsAddress(http, proof.Claim("htu"))) return Wrong("htu is not the address of the request");
        // 10. With a nonce of ours, where one is asked for.
        if (nonces.Required && !nonces.IsFresh(proof.Claim("nonce")))
            return new DpopOutcome.Refused(new ProtocolError(Errors.UseDpopNonce, "the DPoP proof needs a nonce of this server"));
        // 11. Made just now.
        var now = time.GetUtcNow();
        if (proof.Moment("iat") is not { } issued || issued < (now - Past).ToUnixTimeSeconds() || issued > (now + Future).ToUnixTimeSeconds())
            return Wrong("iat is too far from now");
        if (!IsWithinItsTime(proof, now)) return Wrong("exp or nbf is not within the present");
        // 12. For this token.
        if (accessToken is not null && !IsHashOf(accessToken, proof.Claim("ath"))) return Wrong("ath is not the hash of the access token");
        // 11.1. Once; looked at last, so that only what holds otherwise takes room.
        if (proof.Claim("jti") is not { Length: > 0 and <= MaxJti } jti) return Wrong("jti is missing");
        return _seen.IsFirst(key.Thumbprint, jti) ? new DpopOutcome.Proved(key.Thumbprint) : Wrong("the DPoP proof has been used");
    }

    // A proof needs neither; one that states them is not taken outside of them (RFC 7519 sections 4.1.4 and 4.1.5).
    private static bool IsWithinItsTime(CompactJws proof, DateTimeOffset now) =>
        (!proof.Payload.TryGetProperty("exp", out _) || (proof.Moment("exp") is { } end && end > (now - Future).ToUnixTimeSeconds()))
        && (!proof.Payload.TryGetProperty("nbf", out _) || (proof.Moment("nbf") is { } start && start <= (now + Future).ToUnixTimeSeconds()));

    // As scheme- and syntax-based normalisation makes them equal (RFC 3986 section 6.2); query and fragment do not count.
    private bool IsAddress(HttpContext http, string? htu) =>
        Uri.TryCreate(htu, UriKind.Absolute, out var claimed)
        && Uri.TryCreate(options.Value.PublicUrl + http.Request.Path.ToUriComponent(), UriKind.Absolute, out var address)
        && Uri.Compare(claimed, address, UriComponents.SchemeAndServer | UriComponents.UserInfo, UriFormat.UriEscaped, StringComparison.OrdinalIgnoreCase) == 0
        && Uri.Compare(claimed, address, UriComponents.Path, UriFormat.UriEscaped, StringComparison.Ordinal) == 0;

    private static bool IsHashOf(string token, string? hash) =>
        hash is not null
        && CryptographicOperations.FixedTimeEquals(
            Encoding.UTF8.GetBytes(Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(token)))), Encoding.UTF8.GetBytes(hash));

    private static DpopOutcome.Refused Wrong(string description) => new(new ProtocolError(Errors.InvalidDpopProof, description));
}

/// <summary>What a request proves about its sender's key.</summary>
internal abstract record DpopOutcome
{
    /// <summary>There is no proof.</summary>
    public sealed record Absent : DpopOutcome;

    /// <param name="Key">Thumbprint of the key (RFC 7638): what tokens are bound to as <c>cnf.jkt</c>.</param>
    public sealed record Proved(string Key) : DpopOutcome;

    public sealed record Refused(ProtocolError Error) : DpopOutcome;
}
