using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Web;
using Custodia.Identity.Applications;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.IdentityModel.JsonWebTokens;

namespace Custodia.Identity.Tests.Protocol;

/// <summary>An application as its developers write it: makes requests, keeps the verifier, redeems codes.</summary>
internal sealed class RelyingParty(ProtocolServer server, string issuer, Application application, string? secret, string redirectUri)
{
    public const string State = "state-1";
    public const string Nonce = "nonce-1";

    public string Verifier { get; } = WebEncoders.Base64UrlEncode(RandomNumberGenerator.GetBytes(32));

    /// <summary>When set, every request proves to have this key (RFC 9449).</summary>
    public TestKey? Dpop { get; set; }

    /// <summary>When set, it authenticates with this key and with no secret (RFC 7523).</summary>
    public TestKey? Key { get; set; }

    public Guid Id => application.Id;

    public Application Application => application;

    public string ClientId => application.ClientId;

    public string Secret => secret ?? throw new InvalidOperationException("A public client has no secret.");

    public string Issuer => issuer;

    public string RedirectUri => redirectUri;

    public string Challenge => WebEncoders.Base64UrlEncode(SHA256.HashData(Encoding.ASCII.GetBytes(Verifier)));

    /// <summary>The address of an authorization request; a change with a null value leaves the parameter out.</summary>
    public string Authorize(params (string Name, string? Value)[] changes)
    {
        var parameters = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["client_id"] = ClientId,
            ["redirect_uri"] = redirectUri,
            ["response_type"] = "code",
            ["scope"] = "openid profile email offline_access",
            ["state"] = State,
            ["nonce"] = Nonce,
            ["code_challenge"] = Challenge,
            ["code_challenge_method"] = "S256",
        };
        foreach (var (name, value) in changes) parameters[name] = value;
        return $"{issuer}/authorize?" + string.Join('&', parameters.Where(p => p.Value is not null).Select(p => $"{p.Key}={HttpUtility.UrlEncode(p.Value)}"));
    }

    /// <summary>How a signed-in person comes back who agrees when asked.</summary>
    public async Task<Page> ReturnAsync(TestBrowser browser, params (string Name, string? Value)[] changes)
    {
        var page = await browser.GetAsync(Authorize(changes));
        return page.Location is null && page.Address.AbsolutePath.EndsWith("/consent", StringComparison.Ordinal) ? await browser.SubmitAsync(page, ("decision", "allow")) : page;
    }

    /// <summary>Goes through the authorization endpoint in a browser that is signed in, and returns the code.</summary>
    public async Task<string> CodeAsync(TestBrowser browser, params (string Name, string? Value)[] changes)
    {
        var page = await ReturnAsync(browser, changes);
        return page["code"] ?? throw new InvalidOperationException($"No code: {page.Status} {page.Location} {page.Html}");
    }

    public Task<Answer> RedeemAsync(string code, params (string Name, string? Value)[] changes) =>
        PostAsync("token", Merge([("grant_type", "authorization_code"), ("code", code), ("redirect_uri", redirectUri), ("code_verifier", Verifier)], changes));

    public Task<Answer> RefreshAsync(string token, params (string Name, string? Value)[] changes) =>
        PostAsync("token", Merge([("grant_type", "refresh_token"), ("refresh_token", token)], changes));

    public Task<Answer> ClientCredentialsAsync(params (string Name, string? Value)[] changes) =>
        PostAsync("token", Merge([("grant_type", "client_credentials")], changes));

    public Task<Answer> RevokeAsync(string token) => PostAsync("revoke", [("token", token)]);

    public Task<Answer> IntrospectAsync(string token) => PostAsync("introspect", [("token", token)]);

    /// <summary>Code flow from start to tokens.</summary>
    public async Task<Answer> TokensAsync(TestBrowser browser, params (string Name, string? Value)[] changes)
    {
        var answer = await RedeemAsync(await CodeAsync(browser, changes));
        answer.Status.ShouldBe(HttpStatusCode.OK, answer.Text);
        return answer;
    }

    public async Task<Answer> UserinfoAsync(string accessToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{issuer}/userinfo");
        request.Headers.Authorization = new AuthenticationHeaderValue(Dpop is null ? "Bearer" : "DPoP", accessToken);
        if (Dpop is not null) request.Headers.Add("DPoP", Dpop.Proof("GET", $"{issuer}/userinfo", accessToken));
        using var response = await server.Client().SendAsync(request);
        return await Answer.OfAsync(response);
    }

    /// <summary>Hands in an authorization request (RFC 9126); changes as in <see cref="Authorize"/>.</summary>
    public Task<Answer> PushAsync(params (string Name, string? Value)[] changes)
    {
        var query = HttpUtility.ParseQueryString(new Uri(Authorize(changes)).Query);
        return PostAsync("par", [.. query.AllKeys.Select(name => (name!, (string?)query[name]))]);
    }

    /// <summary>The address of an authorization request that was pushed.</summary>
    public string AuthorizePushed(Answer pushed) =>
        $"{issuer}/authorize?client_id={ClientId}&request_uri={HttpUtility.UrlEncode(pushed.Member("request_uri"))}";

    /// <summary>Posts with the application's own authentication: Basic where it has a secret, its id alone where not.</summary>
    public Task<Answer> PostAsync(string endpoint, IReadOnlyList<(string Name, string? Value)> form) =>
        Key is not null
            ? PostRawAsync(endpoint, [.. form, ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"), ("client_assertion", Key.Assertion(this))], null)
            : PostRawAsync(endpoint, secret is null ? [.. form.Where(f => f.Name != "client_id"), ("client_id", ClientId)] : form, secret is null ? null : Basic(ClientId, secret));

    /// <summary>Posts exactly this.</summary>
    public async Task<Answer> PostRawAsync(string endpoint, IReadOnlyList<(string Name, string? Value)> form, string? authorization, params string[] proofs)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{issuer}/{endpoint}")
        {
            Content = new FormUrlEncodedContent(form.Where(f => f.Value is not null).Select(f => new KeyValuePair<string, string>(f.Name, f.Value!))),
        };
        if (proofs.Length == 0 && Dpop is not null) proofs = [Dpop.Proof("POST", $"{issuer}/{endpoint}")];
        foreach (var proof in proofs) request.Headers.TryAddWithoutValidation("DPoP", proof);
        if (authorization is not null) request.Headers.TryAddWithoutValidation("Authorization", authorization);
        using var response = await server.Client().SendAsync(request);
        return await Answer.OfAsync(response);
    }

    public static string Basic(string id, string password) =>
        "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{HttpUtility.UrlEncode(id)}:{HttpUtility.UrlEncode(password)}"));

    private static (string Name, string? Value)[] Merge((string Name, string? Value)[] form, (string Name, string? Value)[] changes) =>
        [.. form.Where(f => !changes.Any(c => c.Name == f.Name)), .. changes];
}

/// <summary>What an endpoint said.</summary>
internal sealed record Answer(HttpStatusCode Status, string Text, HttpResponseHeaders Headers, MediaTypeHeaderValue? Type)
{
    public JsonElement Json => JsonDocument.Parse(Text).RootElement;

    public string? Error => Member("error");

    public string AccessToken => Member("access_token")!;

    public string RefreshToken => Member("refresh_token")!;

    public string IdToken => Member("id_token")!;

    public JsonWebToken Access => new(AccessToken);

    public JsonWebToken Id => new(IdToken);

    public string? Member(string name) => Json.TryGetProperty(name, out var value) ? value.ToString() : null;

    public static async Task<Answer> OfAsync(HttpResponseMessage response) =>
        new(response.StatusCode, await response.Content.ReadAsStringAsync(), response.Headers, response.Content.Headers.ContentType);
}
