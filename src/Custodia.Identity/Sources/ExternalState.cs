using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Custodia.Identity.Protocol;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;

namespace Custodia.Identity.Sources;

/// <summary>What a sign-in elsewhere needs to be finished by the browser that began it, and by no other.</summary>
/// <param name="LinksTo">The session whose person wants to connect the source; null for a sign-in.</param>
internal sealed record ExternalState(Guid Source, string State, string Nonce, string Verifier, string? Return, Guid? LinksTo, DateTimeOffset At)
{
    public static readonly TimeSpan Life = TimeSpan.FromMinutes(15);

    /// <summary>RFC 7636 section 4.2.</summary>
    public string Challenge => Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(Verifier)));

    public static ExternalState New(Guid source, string? back, Guid? linksTo, DateTimeOffset now) =>
        new(source, OpaqueToken.Create().Text, OpaqueToken.Create().Text, OpaqueToken.Create().Text, back, linksTo, now);

    /// <summary>Never the content.</summary>
    public override string ToString() => "(state)";
}

/// <summary>
/// Keeps notes in the browser between its requests, encrypted and signed: nothing is stored here for strangers who begin a sign-in and
/// never come back. A cookie of the same site, so that an answer made for another browser finds no state (RFC 9700 section 4.7).
/// </summary>
internal sealed class ExternalCookies(IDataProtectionProvider protection, TimeProvider time)
{
    private const string StateName = "custodia-source";
    private const string ArrivalName = "custodia-arrival";

    private readonly IDataProtector _protector = protection.CreateProtector("Custodia.Identity.Sources");

    public void Keep(HttpContext http, ExternalState state) => Write(http, StateName, state);

    /// <summary>The state that belongs to an answer; it can be asked for once.</summary>
    public ExternalState? Take(HttpContext http, Guid source, string? said)
    {
        var kept = Read<ExternalState>(http, StateName);
        Forget(http, StateName);
        if (kept is null || said is null || kept.Source != source || kept.At + ExternalState.Life <= time.GetUtcNow()) return null;
        return CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(kept.State), Encoding.UTF8.GetBytes(said)) ? kept : null;
    }

    public void Keep(HttpContext http, Arrival arrival) => Write(http, ArrivalName, arrival);

    /// <summary>The person who has come from a source of this directory and is nobody's here yet.</summary>
    public Arrival? Arrived(HttpContext http, Guid directory) =>
        Read<Arrival>(http, ArrivalName) is { } arrival && arrival.Directory == directory && arrival.At + ExternalState.Life > time.GetUtcNow() ? arrival : null;

    public static void ForgetArrival(HttpContext http) => Forget(http, ArrivalName);

    private void Write<T>(HttpContext http, string name, T value) =>
        http.Response.Cookies.Append(Name(http, name), _protector.Protect(JsonSerializer.Serialize(value)), Options(http));

    private T? Read<T>(HttpContext http, string name)
        where T : class
    {
        if (http.Request.Cookies[Name(http, name)] is not { Length: > 0 } text) return null;
        try
        {
            return JsonSerializer.Deserialize<T>(_protector.Unprotect(text));
        }
        catch (Exception e) when (e is CryptographicException or JsonException or FormatException)
        {
            return null;
        }
    }

    private static void Forget(HttpContext http, string name) => http.Response.Cookies.Delete(Name(http, name), Options(http));

    private static string Name(HttpContext http, string name) => http.Request.IsHttps ? "__Host-" + name : name;

    // Lax: the provider sends the browser back by a link, and that must bring the cookie.
    private static CookieOptions Options(HttpContext http) =>
        new() { HttpOnly = true, Secure = http.Request.IsHttps, SameSite = SameSiteMode.Lax, Path = "/", IsEssential = true, MaxAge = ExternalState.Life };
}

/// <summary>Somebody whom a source has signed in and who has no account in the directory yet.</summary>
/// <param name="EmailVerified">The source is trusted for addresses and calls this one verified.</param>
internal sealed record Arrival(Guid Directory, Guid Source, string SourceTitle, string Subject, string? Email, bool EmailVerified, string? Name, DateTimeOffset At)
{
    /// <summary>Never the content.</summary>
    public override string ToString() => "(arrival)";
}
