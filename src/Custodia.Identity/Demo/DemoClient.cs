using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Custodia.Identity.Applications;
using Custodia.Identity.FirstStart;
using Custodia.Identity.Protocol;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Custodia.Identity.Demo;

/// <summary>
/// The demo's own client code: a relying party as any web application has one. It knows the provider by its discovery document
/// and speaks to it over HTTP; only its registration is made for it. The secret is new at every start and never stored in clear.
/// </summary>
internal sealed class DemoClient(IHttpClientFactory http, IServiceScopeFactory scopes, Issuers issuers, TimeProvider time) : IDisposable
{
    /// <summary>Name of its HTTP client. It reaches this very server on loopback, which the way out for users' addresses refuses.</summary>
    public const string HttpName = "demo";

    private const string Callback = "/demo/callback";

    private readonly SemaphoreSlim _registering = new(1, 1);
    private DemoRegistration? _registration;

    /// <summary>Who we are to the provider; null when there is no customer directory (sample content is off).</summary>
    public async Task<DemoRegistration?> RegistrationAsync(CancellationToken cancellation)
    {
        if (_registration is not null) return _registration;
        await _registering.WaitAsync(cancellation);
        try
        {
            return _registration ??= await RegisterAsync(cancellation);
        }
        finally
        {
            _registering.Release();
        }
    }

    /// <summary>What the provider says of itself now (OpenID Connect Discovery 1.0 section 4).</summary>
    public async Task<DemoProvider> ProviderAsync(DemoRegistration registration, CancellationToken cancellation)
    {
        using var client = http.CreateClient(HttpName);
        using var json = JsonDocument.Parse(await client.GetStringAsync($"{registration.Issuer}/.well-known/openid-configuration", cancellation));
        return new DemoProvider(Text("authorization_endpoint"), Text("token_endpoint"), Text("jwks_uri"), Text("end_session_endpoint"));

        string Text(string name) => json.RootElement.GetProperty(name).GetString()!;
    }

    /// <summary>Redeems the code and checks the ID token (OpenID Connect Core section 3.1.3.7); null when anything is not as it must be.</summary>
    public async Task<DemoTokens?> RedeemAsync(DemoRegistration registration, string code, string verifier, string nonce, CancellationToken cancellation)
    {
        var provider = await ProviderAsync(registration, cancellation);
        using var client = http.CreateClient(HttpName);
        using var request = new HttpRequestMessage(HttpMethod.Post, provider.Token);
        request.Content = new FormUrlEncodedContent(
        [
            new("grant_type", "authorization_code"), new("code", code), new("redirect_uri", registration.RedirectUri), new("code_verifier", verifier),
        ]);
        var credentials = Encoding.UTF8.GetBytes($"{Uri.EscapeDataString(registration.ClientId)}:{Uri.EscapeDataString(registration.Secret)}");
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(credentials));
        using var answer = await client.SendAsync(request, cancellation);
        if (!answer.IsSuccessStatusCode) return null;
        using var json = await JsonDocument.ParseAsync(await answer.Content.ReadAsStreamAsync(cancellation), cancellationToken: cancellation);
        var idToken = json.RootElement.GetProperty("id_token").GetString()!;
        var keys = new JsonWebKeySet(await client.GetStringAsync(provider.Keys, cancellation));
        var result = await new JsonWebTokenHandler { MapInboundClaims = false }.ValidateTokenAsync(idToken, new TokenValidationParameters
        {
            ValidIssuer = registration.Issuer,
            ValidAudience = registration.ClientId,
            ValidAlgorithms = ["ES256"],
            IssuerSigningKeys = keys.GetSigningKeys(),
            LifetimeValidator = (_, expires, _, _) => expires is { } end && time.GetUtcNow() < new DateTimeOffset(end, TimeSpan.Zero),
        });
        if (!result.IsValid || result.SecurityToken is not JsonWebToken token) return null;
        return token.TryGetPayloadValue<string>("nonce", out var said) && said == nonce ? new DemoTokens(idToken, Read(token)) : null;
    }

    public void Dispose() => _registering.Dispose();

    private static KeyValuePair<string, string>[] Read(JsonWebToken token)
    {
        using var payload = JsonDocument.Parse(Base64UrlEncoder.DecodeBytes(token.EncodedPayload));
        return [.. payload.RootElement.EnumerateObject().Select(claim => KeyValuePair.Create(claim.Name, claim.Value.ToString()))];
    }

    private async Task<DemoRegistration?> RegisterAsync(CancellationToken cancellation)
    {
        if (await issuers.FindAsync(SampleContent.CustomerDirectory, cancellation) is not { } issuer) return null;
        var origin = issuer.Url[..issuer.Url.IndexOf("/d/", StringComparison.Ordinal)];
        await using var scope = scopes.CreateAsyncScope();
        var registry = scope.ServiceProvider.GetRequiredService<ApplicationRegistry>();
        var known = await scope.ServiceProvider.GetRequiredService<IdentityContext>().Applications
            .Where(a => a.DirectoryId == issuer.DirectoryId && a.Kind == ApplicationKind.Web && a.Name == "Demo")
            .OrderBy(a => a.Id)
            .FirstOrDefaultAsync(cancellation);
        var settings = (known is null ? ApplicationSettings.Defaults(ApplicationKind.Web) : ApplicationSettings.Of(known)) with
        {
            Name = "Demo",
            RedirectUris = [origin + Callback],
            PostLogoutUris = [origin + "/demo"],
        };
        if (known is null)
        {
            var (made, first) = await registry.CreateAsync(issuer.DirectoryId, issuer.Account, ApplicationKind.Web, settings, createdBy: 0, cancellation);
            return new DemoRegistration(issuer.Url, made.ClientId, first!, origin + Callback, origin + "/demo");
        }

        // The address of a development server changes from start to start.
        await registry.UpdateAsync(known, settings, cancellation);
        var secret = await registry.RotateSecretAsync(known, TimeSpan.Zero, cancellation);
        return new DemoRegistration(issuer.Url, known.ClientId, secret, origin + Callback, origin + "/demo");
    }
}

internal sealed record DemoRegistration(string Issuer, string ClientId, string Secret, string RedirectUri, string Home)
{
    /// <summary>Never the secret.</summary>
    public override string ToString() => ClientId;
}

/// <summary>Addresses of the provider.</summary>
internal sealed record DemoProvider(string Authorization, string Token, string Keys, string EndSession);

/// <param name="Claims">What the ID token says, in its order.</param>
internal sealed record DemoTokens(string IdToken, IReadOnlyList<KeyValuePair<string, string>> Claims)
{
    public string? Claim(string name) => Claims.FirstOrDefault(c => c.Key == name).Value;

    /// <summary>Never the content.</summary>
    public override string ToString() => "(tokens)";
}
