using System.Text;
using Custodia.Identity.Applications;
using Microsoft.AspNetCore.Http;

namespace Custodia.Identity.Protocol;

/// <summary>
/// Finds out which application calls a back-channel endpoint (RFC 6749 section 2.3): <c>client_secret_basic</c>,
/// <c>client_secret_post</c>, <c>private_key_jwt</c>, or <c>none</c> for public clients.
/// </summary>
internal sealed class ClientAuthentication(ApplicationCache applications, ClientAssertions assertions, TimeProvider time)
{
    private const string Scheme = "Basic ";
    private const int MaxHeader = 1024;

    // Compared with when there is no such application, so that an unknown id costs what a wrong secret costs.
    private static readonly byte[] Unknown = OpaqueToken.Hash("");

    public static IReadOnlyList<string> Methods { get; } = ["client_secret_basic", "client_secret_post", ProtocolSettings.PrivateKeyJwt, "none"];

    public async ValueTask<ClientAuthenticationOutcome> RunAsync(HttpContext http, Issuer issuer, Parameters parameters, CancellationToken cancellation)
    {
        var header = http.Request.Headers.Authorization.ToString();
        if (parameters.Has("client_assertion") || parameters.Has("client_assertion_type"))
        {
            return header.Length > 0 || parameters.Has("client_secret")
                ? Invalid("one way of client authentication at a time")
                : await assertions.CheckAsync(issuer, parameters, cancellation);
        }

        if (header.Length == 0) return await CheckAsync(issuer, parameters["client_id"], parameters["client_secret"], cancellation);
        if (parameters.Has("client_secret")) return Invalid("one way of client authentication at a time");
        if (!TryReadBasic(header, out var clientId, out var secret)) return Wrong("the Authorization header is not usable");
        if (parameters["client_id"] is { } named && named != clientId) return Invalid("client_id differs from the Authorization header");
        return await CheckAsync(issuer, clientId, secret, cancellation);
    }

    private async ValueTask<ClientAuthenticationOutcome> CheckAsync(Issuer issuer, string? clientId, string? secret, CancellationToken cancellation)
    {
        if (clientId is null) return Wrong("no client authentication");
        var application = await applications.FindAsync(issuer.DirectoryId, clientId, cancellation);
        var hash = secret is null ? Unknown : OpaqueToken.Hash(secret);
        var right = application?.HasSecret(hash, time.GetUtcNow()) ?? false;
        if (application is null) return Wrong("client authentication failed");
        // Whoever has keys is never let in with less.
        if (application.HasKeys) return Wrong("client authentication failed");
        if (application.IsPublic)
            return secret is null ? new ClientAuthenticationOutcome.Known(application) : Wrong("a public client has no secret");
        return right && secret is not null ? new ClientAuthenticationOutcome.Known(application) : Wrong("client authentication failed");
    }

    // RFC 6749 section 2.3.1: both parts are form-urlencoded before they are joined and base64 encoded.
    private static bool TryReadBasic(string header, out string clientId, out string secret)
    {
        clientId = secret = "";
        if (header.Length > MaxHeader || !header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)) return false;
        Span<byte> bytes = stackalloc byte[MaxHeader];
        if (!Convert.TryFromBase64String(header[Scheme.Length..].Trim(), bytes, out var length)) return false;
        var text = Encoding.UTF8.GetString(bytes[..length]);
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon < 1) return false;
        clientId = System.Net.WebUtility.UrlDecode(text[..colon]);
        secret = System.Net.WebUtility.UrlDecode(text[(colon + 1)..]);
        return true;
    }

    private static ClientAuthenticationOutcome.Refused Wrong(string description) => new(new ProtocolError(Errors.InvalidClient, description));

    private static ClientAuthenticationOutcome.Refused Invalid(string description) => new(new ProtocolError(Errors.InvalidRequest, description));
}

internal abstract record ClientAuthenticationOutcome
{
    public sealed record Known(ApplicationModel Application) : ClientAuthenticationOutcome;

    public sealed record Refused(ProtocolError Error) : ClientAuthenticationOutcome;
}
