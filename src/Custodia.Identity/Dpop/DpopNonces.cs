using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace Custodia.Identity.Dpop;

/// <summary>
/// Nonces that proofs have to hold (RFC 9449 sections 8 and 9), where <c>Custodia:Identity:DpopNonces</c> asks for them: the moment
/// they were made, readable by this server alone. Nothing is stored, so every process of the server takes them.
/// </summary>
internal sealed class DpopNonces(IDataProtectionProvider protection, IOptions<IdentityOptions> options, TimeProvider time)
{
    private const string Header = "DPoP-Nonce";
    private const int MaxLength = 512;

    private static readonly TimeSpan Life = TimeSpan.FromMinutes(5);

    private readonly IDataProtector _protector = protection.CreateProtector("Custodia.Identity.DpopNonce.v1");

    public bool Required => options.Value.DpopNonces;

    /// <summary>Gives the client a fresh nonce for its next proof (section 8.2).</summary>
    public void Offer(HttpContext http)
    {
        if (!Required) return;
        var moment = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(moment, time.GetUtcNow().ToUnixTimeSeconds());
        http.Response.Headers[Header] = Base64Url.EncodeToString(_protector.Protect(moment));
    }

    public bool IsFresh(string? nonce)
    {
        if (nonce is null or { Length: 0 or > MaxLength } || !Base64Url.IsValid(nonce)) return false;
        try
        {
            var made = DateTimeOffset.FromUnixTimeSeconds(BinaryPrimitives.ReadInt64BigEndian(_protector.Unprotect(Base64Url.DecodeFromChars(nonce))));
            return made > time.GetUtcNow() - Life;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }
}
