using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Web;

namespace Custodia.Server.Bench;

/// <summary>One application, one person signed in, at either server: what both sides are asked, in the same words.</summary>
/// <param name="Cookies">Of the browser in which the person is signed in; empty until they are.</param>
internal sealed record BenchClient(HttpLoad Load, BenchEndpoints Endpoints, string ClientId, string Secret, string Cookies)
{
    public const string RedirectUri = "https://bench.example/callback";

    // A verifier for each request would measure the client; the servers do the same work for a repeated one.
    private static readonly string Verifier = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
    private static readonly string Challenge =
        Convert.ToBase64String(SHA256.HashData(Encoding.ASCII.GetBytes(Verifier))).TrimEnd('=').Replace('+', '-').Replace('/', '_');

    public string AuthorizeAddress(string scope) =>
        $"{Endpoints.Authorize}?client_id={ClientId}&redirect_uri={HttpUtility.UrlEncode(RedirectUri)}&response_type=code&scope={HttpUtility.UrlEncode(scope)}"
        + $"&state=abc&nonce=def&code_challenge={Challenge}&code_challenge_method=S256";

    public async Task<string> CodeAsync(string scope, CancellationToken cancellation)
    {
        var (answer, _) = await Load.SendAsync(HttpLoad.Get(AuthorizeAddress(scope), Cookies), HttpStatusCode.SeeOther, cancellation);
        return HttpUtility.ParseQueryString(answer.Headers.Location!.Query)["code"]
            ?? throw new InvalidOperationException($"The authorization endpoint sends no code but {answer.Headers.Location.GetLeftPart(UriPartial.Path)}.");
    }

    public async Task<JsonDocument> RedeemAsync(string code, CancellationToken cancellation) =>
        await TokenAsync(cancellation, ("grant_type", "authorization_code"), ("code", code), ("redirect_uri", RedirectUri), ("code_verifier", Verifier));

    public async Task<JsonDocument> RefreshAsync(string token, CancellationToken cancellation) =>
        await TokenAsync(cancellation, ("grant_type", "refresh_token"), ("refresh_token", token));

    public async Task ClientCredentialsAsync(CancellationToken cancellation)
    {
        using var _ = await TokenAsync(cancellation, ("grant_type", "client_credentials"));
    }

    /// <summary>Authorization, token and userinfo.</summary>
    public async Task CodeFlowAsync(CancellationToken cancellation)
    {
        using var tokens = await RedeemAsync(await CodeAsync("openid", cancellation), cancellation);
        await Load.SendAsync(HttpLoad.Get(Endpoints.Userinfo, bearer: Text(tokens, "access_token")), HttpStatusCode.OK, cancellation);
    }

    public static string Text(JsonDocument document, string name) => document.RootElement.GetProperty(name).GetString()!;

    private async Task<JsonDocument> TokenAsync(CancellationToken cancellation, params (string Name, string Value)[] fields)
    {
        var (_, text) = await Load.SendAsync(HttpLoad.Form(Endpoints.Token, [.. fields, ("client_id", ClientId), ("client_secret", Secret)]), HttpStatusCode.OK, cancellation);
        return JsonDocument.Parse(text);
    }
}

internal sealed record BenchEndpoints(string Authorize, string Token, string Userinfo);

/// <summary>This very server with a directory, a person and an application for the bench.</summary>
internal sealed partial class BenchOurs : IAsyncDisposable
{
    public const string UserName = "bench";
    public const string Password = "correct horse battery staple";

    private const string Directory = "bench";

    private readonly BenchProcess _server;
    private readonly HttpLoad _load = new();

    private BenchOurs(BenchProcess server) => _server = server;

    /// <summary>For client credentials.</summary>
    public BenchClient Service { get; private set; } = null!;

    /// <summary>With a person signed in.</summary>
    public BenchClient Shop { get; private set; } = null!;

    public static async Task<BenchOurs> StartAsync(string data, CancellationToken cancellation)
    {
        var ours = new BenchOurs(await BenchProcess.OursAsync(data, BenchProcess.FreePort(), cancellation, pinned: true));
        try
        {
            await ours.PrepareAsync(data, cancellation);
            return ours;
        }
        catch
        {
            await ours.DisposeAsync();
            throw;
        }
    }

    public TimeSpan ProcessorTime() => _server.ProcessorTime();

    /// <summary>Signs the person in anew and returns the cookies of the browser.</summary>
    public async Task<string> SignInAsync(SignInForm form, CancellationToken cancellation)
    {
        var request = HttpLoad.Form(form.Address, ("form-token", form.Token), ("name", UserName), ("password", Password));
        request.Headers.TryAddWithoutValidation("Cookie", form.Cookies);
        var (answer, _) = await _load.SendAsync(request, HttpStatusCode.SeeOther, cancellation);
        return CookiesOf(answer);
    }

    /// <summary>The sign-in page as a browser holds it; it may be posted more than once.</summary>
    public async Task<SignInForm> FormAsync(CancellationToken cancellation)
    {
        var address = $"{_server.Url}/d/{Directory}/sign-in";
        var (answer, html) = await _load.SendAsync(HttpLoad.Get(address), HttpStatusCode.OK, cancellation);
        return new SignInForm(address, WebUtility.HtmlDecode(FormToken().Match(html).Groups["token"].Value), CookiesOf(answer));
    }

    public async ValueTask DisposeAsync()
    {
        _load.Dispose();
        await _server.DisposeAsync();
    }

    internal static string CookiesOf(HttpResponseMessage answer) =>
        answer.Headers.TryGetValues("Set-Cookie", out var set) ? string.Join("; ", set.Select(cookie => cookie.Split(';')[0])) : "";

    private async Task PrepareAsync(string data, CancellationToken cancellation)
    {
        using var admin = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(data, "initial-admin.json"), cancellation));
        var staff = EndpointsOf(Path.GetFileName(BenchClient.Text(admin, "issuer")));
        Service = new BenchClient(_load, staff, BenchClient.Text(admin, "clientId"), BenchClient.Text(admin, "clientSecret"), "");
        var (_, text) = await _load.SendAsync(
            HttpLoad.Form(staff.Token, ("grant_type", "client_credentials"), ("client_id", Service.ClientId), ("client_secret", Service.Secret)), HttpStatusCode.OK, cancellation);
        using var token = JsonDocument.Parse(text);
        var bearer = BenchClient.Text(token, "access_token");
        await CreateAsync("directories", new { name = Directory, title = "Bench", titleZh = "Bench" }, bearer, cancellation);
        await CreateAsync("users", new { directory = Directory, userName = UserName, password = Password }, bearer, cancellation);
        using var shop = JsonDocument.Parse(await CreateAsync("applications", new { directory = Directory, kind = "Web", name = "Bench", redirectUris = new[] { BenchClient.RedirectUri } }, bearer, cancellation));
        var cookies = await SignInAsync(await FormAsync(cancellation), cancellation);
        Shop = new BenchClient(_load, EndpointsOf(Directory), shop.RootElement.GetProperty("application").GetProperty("clientId").GetString()!, BenchClient.Text(shop, "clientSecret"), cookies);
    }

    private BenchEndpoints EndpointsOf(string directory) =>
        new($"{_server.Url}/d/{directory}/authorize", $"{_server.Url}/d/{directory}/token", $"{_server.Url}/d/{directory}/userinfo");

    private async Task<string> CreateAsync(string what, object body, string bearer, CancellationToken cancellation)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, $"{_server.Url}/api/v1/{what}") { Content = System.Net.Http.Json.JsonContent.Create(body) };
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + bearer);
        return (await _load.SendAsync(request, HttpStatusCode.Created, cancellation)).Text;
    }

    [GeneratedRegex("name=\"form-token\" value=\"(?<token>[^\"]*)\"", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex FormToken();
}

internal sealed record SignInForm(string Address, string Token, string Cookies);

/// <summary>oidc-provider with the same application and a person signed in.</summary>
internal sealed class BenchTheirs : IAsyncDisposable
{
    private readonly BenchProcess _server;
    private readonly HttpLoad _load = new();

    private BenchTheirs(BenchProcess server) => _server = server;

    public BenchClient Service { get; private set; } = null!;

    public BenchClient Shop { get; private set; } = null!;

    /// <summary>As <see cref="Shop"/>, with a refresh token.</summary>
    public BenchClient Keeper { get; private set; } = null!;

    public static async Task<BenchTheirs> StartAsync(CancellationToken cancellation)
    {
        var peer = await BenchPeer.InstallAsync("oidc-provider", cancellation);
        var secret = RandomNumberGenerator.GetHexString(40);
        var theirs = new BenchTheirs(await BenchProcess.PeerAsync(peer, secret, BenchProcess.FreePort(), cancellation, pinned: true));
        try
        {
            var endpoints = new BenchEndpoints($"{theirs._server.Url}/auth", $"{theirs._server.Url}/token", $"{theirs._server.Url}/me");
            theirs.Service = new BenchClient(theirs._load, endpoints, "bench", secret, "");
            theirs.Shop = new BenchClient(theirs._load, endpoints, "shop", secret, "");
            theirs.Shop = theirs.Shop with { Cookies = await theirs.SignInAsync(cancellation) };
            theirs.Keeper = theirs.Shop with { ClientId = "keeper" };
            return theirs;
        }
        catch
        {
            await theirs.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        _load.Dispose();
        await _server.DisposeAsync();
    }

    public TimeSpan ProcessorTime() => _server.ProcessorTime();

    // Its interaction answers at once that the person is signed in; a browser follows the redirects.
    private async Task<string> SignInAsync(CancellationToken cancellation)
    {
        var jar = new Dictionary<string, string>(StringComparer.Ordinal);
        var address = new Uri(Shop.AuthorizeAddress("openid"));
        while (address.Host != "bench.example")
        {
            var cookies = string.Join("; ", jar.Select(cookie => $"{cookie.Key}={cookie.Value}"));
            var (answer, _) = await _load.SendAsync(HttpLoad.Get(address.ToString(), cookies), HttpStatusCode.SeeOther, cancellation);
            foreach (var pair in BenchOurs.CookiesOf(answer).Split("; ", StringSplitOptions.RemoveEmptyEntries).Select(cookie => cookie.Split('=', 2))) jar[pair[0]] = pair[1];
            address = new Uri(address, answer.Headers.Location!);
        }

        return string.Join("; ", jar.Where(cookie => cookie.Key.StartsWith("_session", StringComparison.Ordinal)).Select(cookie => $"{cookie.Key}={cookie.Value}"));
    }
}
