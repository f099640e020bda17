using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Custodia.Identity.Protocol;
using Custodia.Kernel.Http.Outbound;

namespace Custodia.Identity.Sources.Providers;

/// <summary>
/// Our side of a sign-in elsewhere: authorization code with PKCE (RFC 9700 section 2.1.1), the ID token checked as OpenID Connect
/// Core section 3.1.3.7 says, userinfo where the token lacks the address.
/// </summary>
internal sealed class ProviderClient(SafeHttpClient http, ProviderConfigurations providers, SourceRegistry sources, IdTokenValidation tokens)
{
    private const int MaxAnswer = 128 * 1024;

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    /// <summary>Where the browser goes; null when the provider does not answer.</summary>
    public async Task<string?> AuthorizationAddressAsync(AuthenticationSource source, ExternalState state, string redirectUri, string? language, CancellationToken cancellation)
    {
        if (await EndpointsAsync(source, cancellation) is not { } endpoints) return null;
        return ProtocolAnswers.With(
            endpoints.Authorization,
            ("response_type", "code"),
            ("client_id", source.ClientId),
            ("redirect_uri", redirectUri),
            ("scope", source.Scopes.Length == 0 ? null : source.Scopes),
            ("state", state.State),
            ("nonce", source.Kind == SourceKind.OpenIdConnect ? state.Nonce : null),
            ("code_challenge", state.Challenge),
            ("code_challenge_method", "S256"),
            ("ui_locales", source.Kind == SourceKind.OpenIdConnect ? language : null));
    }

    /// <summary>Where the provider asks its people; null when it does not answer.</summary>
    public async Task<Uri?> AddressAsync(AuthenticationSource source, CancellationToken cancellation) =>
        await EndpointsAsync(source, cancellation) is { } endpoints ? new Uri(endpoints.Authorization) : null;

    /// <summary>Whether an answer's <c>iss</c> is the provider's, and there where it must be (RFC 9207 section 2.4).</summary>
    public async Task<bool> IsItsIssuerAsync(AuthenticationSource source, string? said, CancellationToken cancellation)
    {
        if (source.Kind != SourceKind.OpenIdConnect) return true;
        if (said is not null) return said == source.Issuer;
        return await providers.FindAsync(source.Issuer, cancellation) is ProviderOutcome.Known { Configuration.SendsIssuer: false };
    }

    /// <summary>Redeems a code. Null when the provider refuses, does not answer, or anything about its answer is not as it must be.</summary>
    public async Task<ExternalPerson?> RedeemAsync(AuthenticationSource source, ExternalState state, string code, string redirectUri, CancellationToken cancellation)
    {
        if (await EndpointsAsync(source, cancellation) is not { } endpoints) return null;
        using var answer = await PostAsync(source, endpoints, state, code, redirectUri, cancellation);
        if (answer is null || Text(answer.RootElement, "access_token") is not { } accessToken) return null;
        if (source.Kind == SourceKind.OAuth2) return await UserinfoAsync(source, endpoints.Userinfo!, accessToken, cancellation);
        if (Text(answer.RootElement, "id_token") is not { } idToken) return null;
        if (await tokens.ReadAsync(source, idToken, state.Nonce, cancellation) is not { } person) return null;
        if (person.Email is not null || endpoints.Userinfo is null) return person;
        // OpenID Connect Core section 5.3.2: userinfo about somebody else is not used.
        return await UserinfoAsync(source, endpoints.Userinfo, accessToken, cancellation) is { } more && more.Subject == person.Subject ? person.With(more) : person;
    }

    private async Task<JsonDocument?> PostAsync(
        AuthenticationSource source, Endpoints endpoints, ExternalState state, string code, string redirectUri, CancellationToken cancellation)
    {
        var secret = await sources.SecretAsync(source, cancellation);
        using var request = new HttpRequestMessage(HttpMethod.Post, endpoints.Token);
        request.Headers.Accept.ParseAdd("application/json");
        List<KeyValuePair<string, string>> form =
        [
            new("grant_type", "authorization_code"), new("code", code), new("redirect_uri", redirectUri), new("code_verifier", state.Verifier),
        ];
        if (secret is not null && endpoints.TakesBasic)
        {
            // RFC 6749 section 2.3.1: both parts form-urlencoded before they are joined.
            var pair = $"{Uri.EscapeDataString(source.ClientId)}:{Uri.EscapeDataString(secret)}";
            request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(pair)));
        }
        else
        {
            form.Add(new("client_id", source.ClientId));
            if (secret is not null) form.Add(new("client_secret", secret));
        }

        request.Content = new FormUrlEncodedContent(form);
        return Json(await http.SendAsync(request, Timeout, MaxAnswer, cancellation));
    }

    private async Task<ExternalPerson?> UserinfoAsync(AuthenticationSource source, string address, string accessToken, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.Accept.ParseAdd("application/json");
        request.Headers.UserAgent.ParseAdd("Custodia");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", accessToken);
        using var answer = Json(await http.SendAsync(request, Timeout, MaxAnswer, cancellation));
        return answer is null ? null : ExternalPerson.Read(source, answer.RootElement);
    }

    private async Task<Endpoints?> EndpointsAsync(AuthenticationSource source, CancellationToken cancellation)
    {
        // Which way of authentication a plain OAuth 2.0 server takes is said nowhere; the body is what most of them take.
        if (source.Kind == SourceKind.OAuth2)
            return new Endpoints(source.AuthorizationEndpoint, source.TokenEndpoint, source.UserinfoEndpoint, TakesBasic: false);
        return await providers.FindAsync(source.Issuer, cancellation) is ProviderOutcome.Known { Configuration: var its }
            ? new Endpoints(its.AuthorizationEndpoint, its.TokenEndpoint, its.UserinfoEndpoint, its.TakesBasic)
            : null;
    }

    private static JsonDocument? Json(OutboundOutcome outcome)
    {
        if (outcome is not OutboundOutcome.Answered { Status: 200, Body: var body }) return null;
        try
        {
            var document = JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = 32 });
            if (document.RootElement.ValueKind == JsonValueKind.Object) return document;
            document.Dispose();
            return null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string? Text(JsonElement root, string name) =>
        root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private sealed record Endpoints(string Authorization, string Token, string? Userinfo, bool TakesBasic);
}
