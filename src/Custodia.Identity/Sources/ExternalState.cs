using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Custodia.Identity.Browsers;
using Custodia.Identity.Protocol;
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
/// What the browser keeps while its person is elsewhere. An answer made for another browser finds no state (RFC 9700 section 4.7).
/// </summary>
internal sealed class ExternalCookies(ProtectedCookies cookies, TimeProvider time)
{
    private const string StateName = "custodia-source";
    private const string ArrivalName = "custodia-arrival";

    public void Keep(HttpContext http, ExternalState state) => cookies.Write(http, StateName, state, ExternalState.Life);

    /// <summary>The state that belongs to an answer; it can be asked for once.</summary>
    public ExternalState? Take(HttpContext http, Guid source, string? said)
    {
        var kept = cookies.Read<ExternalState>(http, StateName);
        ProtectedCookies.Forget(http, StateName);
        if (kept is null || said is null || kept.Source != source || kept.At + ExternalState.Life <= time.GetUtcNow()) return null;
        return CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(kept.State), Encoding.UTF8.GetBytes(said)) ? kept : null;
    }

    public void Keep(HttpContext http, Arrival arrival) => cookies.Write(http, ArrivalName, arrival, ExternalState.Life);

    /// <summary>The person who has come from a source of this directory and is nobody's here yet.</summary>
    public Arrival? Arrived(HttpContext http, Guid directory) =>
        cookies.Read<Arrival>(http, ArrivalName) is { } arrival && arrival.Directory == directory && arrival.At + ExternalState.Life > time.GetUtcNow() ? arrival : null;

    public static void ForgetArrival(HttpContext http) => ProtectedCookies.Forget(http, ArrivalName);
}

/// <summary>Somebody whom a source has signed in and who has no account in the directory yet.</summary>
/// <param name="EmailVerified">The source is trusted for addresses and calls this one verified.</param>
internal sealed record Arrival(Guid Directory, Guid Source, string SourceTitle, string Subject, string? Email, bool EmailVerified, string? Name, DateTimeOffset At)
{
    /// <summary>Never the content.</summary>
    public override string ToString() => "(arrival)";
}
