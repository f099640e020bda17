using System.Net;
using Custodia.Identity.Applications;
using Custodia.Identity.Tests.Protocol;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Custodia.Identity.Tests.Conformance;

/// <summary>An application has lost a right since a person granted it: RFC 6749 sections 3.3 and 6, RFC 8707 section 2.2, ASVS 10.4.11.</summary>
[Collection(ProtocolCollection.Name)]
public sealed class TakenAwayRules(ProtocolServer server)
{
    private const string Orders = "https://orders.example";

    private static readonly ApplicationSettings Whole = new()
    {
        Scopes = ["openid", "profile", "email", "offline_access", "orders:read"],
        Resources = [Orders],
    };

    [Fact]
    public async Task A_scope_that_was_taken_away_does_not_come_with_the_next_token()
    {
        var shop = await server.RegisterAsync(settings: Whole);
        var first = await shop.TokensAsync(await server.SignedInAsync(), ("scope", "openid email orders:read offline_access"));
        await ChangeAsync(shop, Whole with { Scopes = ["openid", "profile", "offline_access"] });
        var next = await shop.RefreshAsync(first.RefreshToken);
        next.Member("scope").ShouldBe("openid offline_access");
        next.Access.GetPayloadValue<string>("scope").ShouldBe("openid offline_access");
        (await shop.RefreshAsync(next.RefreshToken, ("scope", "openid orders:read"))).Error.ShouldBe("invalid_scope");
    }

    [Fact]
    public async Task A_scope_that_was_taken_away_does_not_come_for_a_code_that_was_given_out_before()
    {
        var shop = await server.RegisterAsync(settings: Whole);
        var code = await shop.CodeAsync(await server.SignedInAsync(), ("scope", "openid orders:read offline_access"));
        await ChangeAsync(shop, Whole with { Scopes = ["openid"] });
        var answer = await shop.RedeemAsync(code);
        answer.Member("scope").ShouldBe("openid");
        answer.Member("refresh_token").ShouldBeNull();
    }

    [Fact]
    public async Task Without_any_scope_left_there_is_no_token()
    {
        var shop = await server.RegisterAsync(settings: Whole);
        var code = await shop.CodeAsync(await server.SignedInAsync(), ("scope", "orders:read"));
        await ChangeAsync(shop, Whole with { Scopes = ["openid"] });
        (await shop.RedeemAsync(code)).Error.ShouldBe("invalid_scope");
    }

    [Fact]
    public async Task A_resource_that_was_taken_away_is_invalid_target()
    {
        var shop = await server.RegisterAsync(settings: Whole);
        var first = await shop.TokensAsync(await server.SignedInAsync(), ("resource", Orders));
        await ChangeAsync(shop, Whole with { Resources = [] });
        (await shop.RefreshAsync(first.RefreshToken)).Error.ShouldBe("invalid_target");
        // Given back, it works again: the refresh token was not used up.
        await ChangeAsync(shop, Whole);
        (await shop.RefreshAsync(first.RefreshToken)).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Offline_access_that_was_taken_away_ends_refreshing()
    {
        var shop = await server.RegisterAsync(settings: Whole);
        var first = await shop.TokensAsync(await server.SignedInAsync());
        await ChangeAsync(shop, Whole with { Scopes = ["openid", "profile", "email"] });
        (await shop.RefreshAsync(first.RefreshToken)).Error.ShouldBe("invalid_grant");
    }

    [Fact]
    public async Task Userinfo_and_introspection_forget_what_was_taken_away_at_once()
    {
        var shop = await server.RegisterAsync(settings: Whole);
        var token = (await shop.TokensAsync(
            await server.SignedInAsync(), ("scope", "openid email orders:read"), ("claims", """{"userinfo":{"name":null}}"""))).AccessToken;
        (await shop.UserinfoAsync(token)).Member("name").ShouldBe(ProtocolServer.DisplayName);
        await ChangeAsync(shop, Whole with { Scopes = ["openid"] });
        var told = (await shop.UserinfoAsync(token)).Json;
        told.EnumerateObject().Select(m => m.Name).ShouldBe(["sub"]);
        (await shop.IntrospectAsync(token)).Member("scope").ShouldBe("openid");
    }

    [Fact]
    public async Task A_claim_that_was_taken_away_is_not_in_the_next_id_token()
    {
        var shop = await server.RegisterAsync(settings: Whole);
        var first = await shop.TokensAsync(await server.SignedInAsync(), ("scope", "openid offline_access"), ("claims", """{"id_token":{"email":null,"name":null}}"""));
        first.Id.GetPayloadValue<string>("email").ShouldBe(ProtocolServer.Email);
        await ChangeAsync(shop, Whole with { Scopes = ["openid", "profile", "offline_access"] });
        var next = (await shop.RefreshAsync(first.RefreshToken)).Id;
        next.TryGetPayloadValue<string>("email", out _).ShouldBeFalse();
        next.GetPayloadValue<string>("name").ShouldBe(ProtocolServer.DisplayName);
    }

    /// <summary>ASVS 10.4.9: what can be stolen can be taken back by the person, also where no consent was asked.</summary>
    [Theory]
    [InlineData(ProtocolSettings.Jwt)]
    [InlineData(ProtocolSettings.Opaque)]
    public async Task A_person_takes_lasting_access_back_although_no_consent_was_asked(string format)
    {
        var name = $"Diary {Guid.CreateVersion7():N}";
        var diary = await server.RegisterAsync(settings: Whole with { Name = name, Protocol = new ProtocolSettings(AccessTokenFormat: format) });
        var user = $"owner{Guid.CreateVersion7():N}"[..20];
        await server.AddPersonAsync(user, $"{user}@example.com", user);
        var browser = await server.SignedInAsync(user);
        await diary.TokensAsync(browser, ("scope", "openid"));
        (await browser.GetAsync($"/account/{ProtocolServer.Customers}/applications")).Html.ShouldNotContain(name, Case.Sensitive, "access that ends with the session");
        var tokens = await diary.TokensAsync(browser);
        var list = await browser.GetAsync($"/account/{ProtocolServer.Customers}/applications");
        list.Html.ShouldContain(name);
        (await browser.SubmitAsync(list with { Html = list.Html[list.Html.IndexOf(name, StringComparison.Ordinal)..] })).Html.ShouldNotContain(name);
        (await diary.RefreshAsync(tokens.RefreshToken)).Error.ShouldBe("invalid_grant");
        (await diary.UserinfoAsync(tokens.AccessToken)).Status.ShouldBe(HttpStatusCode.Unauthorized);
    }

    private Task ChangeAsync(RelyingParty party, ApplicationSettings settings) =>
        server.InScopeAsync(async services =>
        {
            var application = await services.GetRequiredService<IdentityContext>().Applications.SingleAsync(a => a.Id == party.Id);
            await services.GetRequiredService<ApplicationRegistry>().UpdateAsync(application, settings.Over(ApplicationSettings.Of(application)), default);
        });
}
