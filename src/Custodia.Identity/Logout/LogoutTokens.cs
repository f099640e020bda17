using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;
using Custodia.Identity.Applications;
using Custodia.Identity.Keys;
using Custodia.Identity.Protocol;
using Custodia.Identity.Tokens;

namespace Custodia.Identity.Logout;

/// <summary>Makes logout tokens (OpenID Connect Back-Channel Logout 1.0 section 2.4).</summary>
internal sealed class LogoutTokens(KeyRings rings, TimeProvider time)
{
    // Section 4: "preferably at most two minutes in the future".
    private static readonly TimeSpan Life = TimeSpan.FromMinutes(2);

    public async ValueTask<string> MakeAsync(Issuer issuer, ApplicationModel application, Guid person, Guid session, CancellationToken cancellation)
    {
        var key = await rings.SigningAsync(issuer, application.SigningAlgorithm, cancellation);
        var now = time.GetUtcNow();
        return Jwt.Sign(key, new LogoutTokenClaims(issuer.Url, application.ClientId, person, session, now, now + Life));
    }
}

internal readonly record struct LogoutTokenClaims(
    string Issuer, string ClientId, Guid Person, Guid Session, DateTimeOffset IssuedAt, DateTimeOffset ExpiresAt) : IJwtClaims
{
    private const int JtiBytes = 16;

    // Of its own type, so that nobody takes it for an ID token (section 2.4; RFC 8725 section 3.11).
    public ReadOnlySpan<byte> Header(LiveKey key) => key.LogoutTokenHeader;

    public void Write(Utf8JsonWriter json)
    {
        json.WriteString("iss"u8, Issuer);
        json.WriteString("aud"u8, ClientId);
        json.WriteString("sub"u8, Person.ToString());
        json.WriteString("sid"u8, Session.ToString("N"));
        json.WriteNumber("iat"u8, IssuedAt.ToUnixTimeSeconds());
        json.WriteNumber("exp"u8, ExpiresAt.ToUnixTimeSeconds());
        json.WriteString("jti"u8, Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(JtiBytes)));
        json.WriteStartObject("events"u8);
        json.WriteStartObject("http://schemas.openid.net/event/backchannel-logout"u8);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    /// <summary>Names nobody.</summary>
    public override string ToString() => "(logout token)";
}
