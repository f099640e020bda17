using System.Net;
using System.Text.Json;
using Custodia.Identity.Applications;
using Custodia.Identity.Tests.People;
using Custodia.Identity.Tests.Protocol;
using Custodia.Identity.Users;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Custodia.Identity.Tests.Logout;

/// <summary>OpenID Connect Back-Channel Logout 1.0.</summary>
[Collection(ProtocolCollection.Name)]
public sealed class BackchannelLogoutTests(ProtocolServer server)
{
    /// <summary>Sections 2.4 and 2.5.</summary>
    [Fact]
    public async Task Signing_out_sends_a_logout_token_that_names_application_person_and_session_and_nothing_else()
    {
        await using var ear = await Listener.StartAsync();
        var (shop, browser, id) = await SignedInAsync(ear);
        await SignOutAsync(shop, browser);
        var (type, text) = await HeardAsync(ear);
        type.ShouldStartWith("application/x-www-form-urlencoded");
        var token = await ValidAsync(shop, text);
        token.Typ.ShouldBe("logout+jwt");
        token.Alg.ShouldBe("ES256");
        token.Audiences.ShouldBe([shop.ClientId]);
        token.Subject.ShouldBe(id.Subject);
        token.GetPayloadValue<string>("sid").ShouldBe(id.GetPayloadValue<string>("sid"));
        token.GetPayloadValue<JsonElement>("events").GetProperty("http://schemas.openid.net/event/backchannel-logout").ValueKind.ShouldBe(JsonValueKind.Object);
        token.TryGetPayloadValue<string>("nonce", out _).ShouldBeFalse();
        token.TryGetPayloadValue<string>("jti", out _).ShouldBeTrue();
        (token.ValidTo - token.IssuedAt).ShouldBeLessThanOrEqualTo(TimeSpan.FromMinutes(2));
    }

    [Theory]
    [InlineData("rp")]
    [InlineData("person")]
    [InlineData("all")]
    [InlineData("staff")]
    [InlineData("locked")]
    [InlineData("frozen")]
    [InlineData("deleted")]
    [InlineData("again")]
    public async Task Whichever_way_a_session_ends_the_application_is_told(string way)
    {
        await using var ear = await Listener.StartAsync();
        var name = $"ends-{way}";
        await server.AddPersonAsync(name, $"{name}@example.com", name);
        var (shop, browser, id) = await SignedInAsync(ear, name);
        await EndAsync(way, shop, browser, id, name);
        var (_, text) = await HeardAsync(ear);
        (await ValidAsync(shop, text)).GetPayloadValue<string>("sid").ShouldBe(id.GetPayloadValue<string>("sid"));
    }

    [Fact]
    public async Task A_new_password_ends_the_other_sessions_and_tells_their_applications_alone()
    {
        await using var ear = await Listener.StartAsync();
        await server.AddPersonAsync("ends-password", "ends-password@example.com", "Password");
        var (shop, _, elsewhere) = await SignedInAsync(ear, "ends-password");
        var here = await server.SignedInAsync("ends-password");
        await shop.TokensAsync(here);
        var page = await here.GetAsync($"/account/{ProtocolServer.Customers}/security");
        var after = await here.SubmitAsync(
            page with { Html = page.Html[page.Html.IndexOf("<form", page.Html.IndexOf("/password\"", StringComparison.Ordinal) - 200, StringComparison.Ordinal)..] },
            ("current-password", ProtocolServer.Password), ("new-password", "another horse battery"));
        after.Address.Query.ShouldContain("password-changed");
        var (_, text) = await HeardAsync(ear);
        (await ValidAsync(shop, text)).GetPayloadValue<string>("sid").ShouldBe(elsewhere.GetPayloadValue<string>("sid"));
        ear.Heard.Count.ShouldBe(1);
    }

    [Fact]
    public async Task An_application_that_does_not_answer_is_told_again_with_a_new_token()
    {
        await using var ear = await Listener.StartAsync();
        ear.Statuses.Enqueue(503);
        ear.Statuses.Enqueue(500);
        var (shop, browser, _) = await SignedInAsync(ear);
        await SignOutAsync(shop, browser);
        await Eventually.TrueAsync(() => Task.FromResult(ear.Heard.Count == 3));
        var tokens = ear.Heard.Select(h => new JsonWebToken(h.Token).Id).ToList();
        tokens.Distinct().Count().ShouldBe(3);
    }

    /// <summary>Section 2.8: 400 says that the application will not.</summary>
    [Fact]
    public async Task An_application_that_refuses_is_not_asked_again()
    {
        await using var ear = await Listener.StartAsync();
        ear.Statuses.Enqueue(400);
        var (shop, browser, _) = await SignedInAsync(ear);
        await SignOutAsync(shop, browser);
        await HeardAsync(ear);
        await Eventually.TrueAsync(async () => !await WaitingAsync());
        ear.Heard.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Applications_where_nobody_signed_in_with_the_session_hear_nothing()
    {
        await using var ear = await Listener.StartAsync();
        await using var other = await Listener.StartAsync();
        var (shop, browser, _) = await SignedInAsync(ear);
        await server.RegisterAsync(settings: new ApplicationSettings(BackchannelLogoutUri: other.Address));
        await SignOutAsync(shop, browser);
        await HeardAsync(ear);
        await Eventually.TrueAsync(async () => !await WaitingAsync());
        other.Heard.ShouldBeEmpty();
    }

    [Fact]
    public async Task An_application_is_told_long_after_its_tokens_ran_out_and_once_however_often_it_asked()
    {
        await using var ear = await Listener.StartAsync();
        var (shop, browser, _) = await SignedInAsync(ear);
        await shop.TokensAsync(browser);
        server.Time.Advance(TimeSpan.FromDays(2));
        await SignOutAsync(shop, browser);
        await HeardAsync(ear);
        await Eventually.TrueAsync(async () => !await WaitingAsync());
        ear.Heard.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_logout_token_is_worth_nothing_as_access_token_and_nothing_as_hint()
    {
        await using var ear = await Listener.StartAsync();
        var (shop, browser, _) = await SignedInAsync(ear);
        await SignOutAsync(shop, browser);
        var (_, text) = await HeardAsync(ear);
        (await shop.UserinfoAsync(text)).Status.ShouldBe(HttpStatusCode.Unauthorized);
        var again = await server.SignedInAsync();
        (await again.GetAsync($"{shop.Issuer}/logout?id_token_hint={text}")).Status.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Theory]
    [InlineData("http://shop.example/logout")]
    [InlineData("https://shop.example/logout#now")]
    [InlineData("https://user@shop.example/logout")]
    [InlineData("com.example.app:/logout")]
    [InlineData("logout")]
    public void Addresses_that_are_not_fit_are_refused(string uri) =>
        ApplicationRules.Check(
            ApplicationKind.Native,
            new ApplicationSettings(Name: "x", RedirectUris: ["https://shop.example/cb"], BackchannelLogoutUri: uri),
            staffDirectory: false,
            new HashSet<string>(),
            _ => true).ShouldContain(f => f.Field == "backchannelLogoutUri");

    private async Task<(RelyingParty Shop, TestBrowser Browser, JsonWebToken Id)> SignedInAsync(Listener ear, string name = ProtocolServer.UserName)
    {
        var shop = await server.RegisterAsync(settings: new ApplicationSettings(BackchannelLogoutUri: ear.Address));
        var browser = await server.SignedInAsync(name);
        return (shop, browser, (await shop.TokensAsync(browser)).Id);
    }

    private static async Task SignOutAsync(RelyingParty shop, TestBrowser browser) =>
        await browser.SubmitAsync(await browser.GetAsync($"{shop.Issuer}/logout"), ("decision", "sign-out"));

    private async Task EndAsync(string way, RelyingParty shop, TestBrowser browser, JsonWebToken id, string name)
    {
        var portal = $"/account/{ProtocolServer.Customers}";
        switch (way)
        {
            case "rp":
                await browser.GetAsync($"{shop.Issuer}/logout?id_token_hint={id.EncodedToken}");
                break;
            case "person":
                await PostFromAsync(browser, $"{portal}/security", $"{portal}/sessions/{Guid.Parse(id.GetPayloadValue<string>("sid"))}/end");
                break;
            case "all":
                await PostFromAsync(browser, $"{portal}/security", $"{portal}/sessions/end", ("which", "all"));
                break;
            case "again":
                await browser.SignInAsync($"/d/{ProtocolServer.Customers}/sign-in", name);
                break;
            default:
                await server.InScopeAsync(services => ByStaffAsync(way, services, Guid.Parse(id.Subject)));
                break;
        }
    }

    private static async Task ByStaffAsync(string way, IServiceProvider services, Guid person)
    {
        var context = services.GetRequiredService<IdentityContext>();
        var user = await context.Users.SingleAsync(u => u.Id == person);
        if (way == "staff") await services.GetRequiredService<Custodia.Identity.Sessions.BrowserSessions>().EndAllAsync(person, null, default);
        else if (way == "locked") await services.GetRequiredService<UserAccess>().SetStatusAsync(user, UserStatus.Locked, "test", default);
        else if (way == "frozen") await services.GetRequiredService<UserAccess>().SetStatusAsync(user, UserStatus.Frozen, "test", default);
        else
        {
            var directory = await context.Directories.SingleAsync(d => d.Id == user.DirectoryId);
            await services.GetRequiredService<AccountDeletion>().RequestAsync(directory, person, "test", default);
        }
    }

    // Any form of the page has the token that a post needs.
    private static async Task PostFromAsync(TestBrowser browser, string page, string action, params (string Name, string Value)[] fields)
    {
        var html = (await browser.GetAsync(page)).Html;
        var token = System.Text.RegularExpressions.Regex.Match(html, "name=\"form-token\" value=\"([^\"]*)\"", System.Text.RegularExpressions.RegexOptions.None, TimeSpan.FromSeconds(1));
        var posted = await browser.PostAsync(action, [("form-token", WebUtility.HtmlDecode(token.Groups[1].Value)), .. fields]);
        posted.Status.ShouldBe(HttpStatusCode.OK);
    }

    private static async Task<(string Type, string Token)> HeardAsync(Listener ear)
    {
        await Eventually.TrueAsync(() => Task.FromResult(ear.Heard.Count > 0));
        return ear.Heard[0];
    }

    private async Task<bool> WaitingAsync()
    {
        var waiting = false;
        await server.InScopeAsync(async services =>
            waiting = await services.GetRequiredService<IdentityContext>().Database
                .SqlQuery<int>($"SELECT count(*) AS \"Value\" FROM kernel_outbox WHERE type = 'identity.session.ended' AND next_try_at IS NOT NULL")
                .SingleAsync() > 0);
        return waiting;
    }

    private async Task<JsonWebToken> ValidAsync(RelyingParty shop, string text)
    {
        using var client = server.Client();
        var keys = new JsonWebKeySet(await client.GetStringAsync($"{shop.Issuer}/jwks"));
        var result = await new JsonWebTokenHandler { MapInboundClaims = false }.ValidateTokenAsync(text, new TokenValidationParameters
        {
            ValidIssuer = shop.Issuer,
            ValidAudience = shop.ClientId,
            ValidTypes = ["logout+jwt"],
            IssuerSigningKeys = keys.GetSigningKeys(),
            LifetimeValidator = (_, expires, _, _) => expires > server.Time.GetUtcNow().UtcDateTime,
        });
        result.IsValid.ShouldBeTrue(result.Exception?.Message);
        return (JsonWebToken)result.SecurityToken;
    }
}
