using System.Text.Json;
using Custodia.Identity.Applications;
using Custodia.Identity.Keys;

namespace Custodia.Identity.Protocol;

/// <summary>
/// <c>private_key_jwt</c>: an application signs a short statement that it is itself (RFC 7523 section 3, OpenID Connect Core section
/// 9), made for this issuer and for one use.
/// </summary>
internal sealed class ClientAssertions(ApplicationCache applications, ClientKeys keys, TimeProvider time)
{
    public const string Type = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

    private const int MaxJti = 256;
    private const int MaxAssertions = 200_000;

    /// <summary>The furthest end of an assertion; those that last longer are worth stealing.</summary>
    private static readonly TimeSpan MaxLife = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan Skew = TimeSpan.FromSeconds(30);

    private readonly SeenOnce _seen = new(MaxLife + Skew + Skew, MaxAssertions, time);

    public async ValueTask<ClientAuthenticationOutcome> CheckAsync(Issuer issuer, Parameters parameters, CancellationToken cancellation)
    {
        if (parameters["client_assertion_type"] != Type) return Refuse(Errors.InvalidRequest, "client_assertion_type is not supported");
        if (parameters["client_assertion"] is not { } text) return Refuse(Errors.InvalidRequest, "client_assertion is missing");
        // 1. and 2. A signed statement by an application that has keys, about itself.
        if (CompactJws.Parse(text) is not { } assertion || assertion.Claim("sub") is not { } clientId || assertion.Claim("iss") != clientId) return Wrong();
        if (parameters["client_id"] is { } named && named != clientId) return Refuse(Errors.InvalidRequest, "client_id differs from the client assertion");
        if (assertion.Type is not (null or "JWT" or "client-authentication+jwt")) return Wrong();
        if (await applications.FindAsync(issuer.DirectoryId, clientId, cancellation) is not { HasKeys: true } application) return Wrong();
        // 3. and 4. For us, now, once.
        if (!IsFor(issuer, assertion.Payload) || !IsTimely(assertion)) return Wrong();
        if (assertion.Claim("jti") is not { Length: > 0 and <= MaxJti } jti) return Wrong();
        if (!await IsSignedAsync(application, assertion, cancellation) || !_seen.IsFirst(application.Id.ToString("N"), jti)) return Wrong();
        return new ClientAuthenticationOutcome.Known(application);
    }

    private async ValueTask<bool> IsSignedAsync(ApplicationModel application, CompactJws assertion, CancellationToken cancellation)
    {
        if (!JwsAlgorithm.IsKnown(assertion.Algorithm)) return false;
        var kid = assertion.Header.TryGetProperty("kid", out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        if (await keys.FindAsync(application, kid, cancellation) is not { } set) return false;
        return set.Keys.Any(key => (kid is null || key.Kid is null || key.Kid == kid) && assertion.IsSignedBy(key));
    }

    // One audience: with several, another server that is meant too could use it here (RFC 7523 section 3 as revised). The issuer is
    // the one to use; RFC 9126 section 2 and many clients also take an endpoint's address.
    private static bool IsFor(Issuer issuer, JsonElement payload)
    {
        if (!payload.TryGetProperty("aud", out var audience)) return false;
        if (audience.ValueKind == JsonValueKind.Array && audience.GetArrayLength() == 1) audience = audience[0];
        return audience.ValueKind == JsonValueKind.String
            && (audience.ValueEquals(issuer.Url) || audience.ValueEquals(issuer.Address("token")) || audience.ValueEquals(issuer.Address("par")));
    }

    private bool IsTimely(CompactJws assertion)
    {
        var now = time.GetUtcNow();
        var past = (now - Skew).ToUnixTimeSeconds();
        var soon = (now + Skew).ToUnixTimeSeconds();
        return assertion.Moment("exp") is { } end && end > past && end <= (now + MaxLife + Skew).ToUnixTimeSeconds()
            && IsNoLaterThan(assertion, "iat", soon)
            && IsNoLaterThan(assertion, "nbf", soon);
    }

    private static bool IsNoLaterThan(CompactJws assertion, string name, long moment) =>
        !assertion.Payload.TryGetProperty(name, out _) || (assertion.Moment(name) is { } seconds && seconds <= moment);

    private static ClientAuthenticationOutcome.Refused Wrong() => Refuse(Errors.InvalidClient, "client authentication failed");

    private static ClientAuthenticationOutcome.Refused Refuse(string code, string description) => new(new ProtocolError(code, description));
}
