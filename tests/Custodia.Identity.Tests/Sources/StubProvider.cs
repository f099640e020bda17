using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Custodia.Identity.Tests.Sources;

/// <summary>A provider that says whatever a test wants it to say, over real HTTP. It keeps what it was asked.</summary>
public sealed class StubProvider : IAsyncDisposable
{
    public const string ClientId = "custodia";
    public const string Secret = "a secret with : and %";

    private readonly WebApplication _app;
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    private StubProvider(WebApplication app) => _app = app;

    public string Url { get; private set; } = "";

    /// <summary>Whom it signs in.</summary>
    public Dictionary<string, object> Claims { get; } = new(StringComparer.Ordinal) { ["sub"] = "stub-1" };

    /// <summary>Changes the ID token before it is signed.</summary>
    public Action<Dictionary<string, object>> Bend { get; set; } = _ => { };

    /// <summary>Signs the ID token; by default with the key that the provider publishes.</summary>
    public Func<string, string>? Sign { get; set; }

    /// <summary>Changes the discovery document.</summary>
    public Action<Dictionary<string, object>> BendDiscovery { get; set; } = _ => { };

    /// <summary>Whose clock the tokens follow.</summary>
    public TimeProvider Time { get; set; } = TimeProvider.System;

    /// <summary>The nonce of the authorization request, as the browser brought it.</summary>
    public string Nonce { get; set; } = "";

    public IFormCollection? LastTokenRequest { get; private set; }

    /// <summary>The Authorization header of the last token request.</summary>
    public string LastAuthorization { get; private set; } = "";

    /// <summary>The Authorization header of the last userinfo request.</summary>
    public string LastBearer { get; private set; } = "";

    public SigningCredentials Credentials => new(new ECDsaSecurityKey(_key) { KeyId = "k1" }, "ES256");

    public static async Task<StubProvider> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var stub = new StubProvider(builder.Build());
        stub._app.MapGet("/.well-known/openid-configuration", stub.Discovery);
        stub._app.MapGet("/jwks", stub.Keys);
        stub._app.MapPost("/token", (Delegate)stub.TokenAsync);
        stub._app.MapGet("/me", (HttpContext http) =>
        {
            stub.LastBearer = http.Request.Headers.Authorization.ToString();
            return Results.Json(stub.Claims);
        });
        await stub._app.StartAsync();
        stub.Url = stub._app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        return stub;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _key.Dispose();
    }

    private IResult Discovery()
    {
        var document = new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["issuer"] = Url,
            ["authorization_endpoint"] = Url + "/authorize",
            ["token_endpoint"] = Url + "/token",
            ["userinfo_endpoint"] = Url + "/me",
            ["jwks_uri"] = Url + "/jwks",
        };
        BendDiscovery(document);
        return Results.Json(document);
    }

    private IResult Keys()
    {
        var q = _key.ExportParameters(false).Q;
        return Results.Json(new
        {
            keys = new[] { new { kty = "EC", crv = "P-256", kid = "k1", use = "sig", x = Base64UrlEncoder.Encode(q.X), y = Base64UrlEncoder.Encode(q.Y) } },
        });
    }

    private async Task<IResult> TokenAsync(HttpContext http)
    {
        LastTokenRequest = await http.Request.ReadFormAsync();
        LastAuthorization = http.Request.Headers.Authorization.ToString();
        var now = Time.GetUtcNow().ToUnixTimeSeconds();
        var payload = new Dictionary<string, object>(Claims, StringComparer.Ordinal)
        {
            ["iss"] = Url,
            ["aud"] = ClientId,
            ["iat"] = now,
            ["exp"] = now + 300,
            ["nonce"] = Nonce,
        };
        Bend(payload);
        var json = JsonSerializer.Serialize(payload);
        var idToken = Sign is { } sign ? sign(json) : new JsonWebTokenHandler().CreateToken(json, Credentials);
        return Results.Json(new { access_token = "opaque", token_type = "Bearer", id_token = idToken });
    }
}
