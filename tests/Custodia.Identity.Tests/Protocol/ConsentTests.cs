using System.Net;
using Custodia.Identity.Applications;
using Custodia.Identity.Consents;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Custodia.Identity.Tests.Protocol;

/// <summary>Consent: asked for, remembered, taken back (OpenID Connect Core section 3.1.2.4).</summary>
[Collection(ProtocolCollection.Name)]
public sealed class ConsentTests(ProtocolServer server)
{
    private static readonly ApplicationSettings Asks = new() { ConsentRequired = true };

    [Fact]
    public async Task Somebody_who_agrees_comes_back_with_a_code_and_is_not_asked_again()
    {
        var shop = await server.RegisterAsync(settings: Asks);
        var browser = await PersonAsync("consent-1");
        (await browser.GetAsync(shop.Authorize(("prompt", "none"))))["error"].ShouldBe("consent_required");
        var question = await browser.GetAsync(shop.Authorize());
        question.Html.ShouldContain("Shop");
        question.ContentSecurityPolicy.ShouldContain("https://shop.example");
        (await browser.SubmitAsync(question, ("decision", "allow")))["code"].ShouldNotBeNull();
        (await browser.GetAsync(shop.Authorize(("prompt", "none"))))["code"].ShouldNotBeNull();
    }

    [Fact]
    public async Task Somebody_who_refuses_sends_the_application_access_denied()
    {
        var shop = await server.RegisterAsync(settings: Asks);
        var browser = await PersonAsync("consent-2");
        var page = await browser.SubmitAsync(await browser.GetAsync(shop.Authorize()), ("decision", "refuse"));
        page["error"].ShouldBe("access_denied");
        page["state"].ShouldBe(RelyingParty.State);
        page["iss"].ShouldBe(shop.Issuer);
        (await browser.GetAsync(shop.Authorize(("prompt", "none"))))["error"].ShouldBe("consent_required");
    }

    [Fact]
    public async Task More_than_was_agreed_to_is_asked_for_again_also_claim_by_claim()
    {
        var shop = await server.RegisterAsync(settings: Asks);
        var browser = await PersonAsync("consent-3");
        await browser.SubmitAsync(await browser.GetAsync(shop.Authorize(("scope", "openid profile"))), ("decision", "allow"));
        (await browser.GetAsync(shop.Authorize(("scope", "openid"), ("prompt", "none"))))["code"].ShouldNotBeNull();
        (await browser.GetAsync(shop.Authorize(("scope", "openid email"), ("prompt", "none"))))["error"].ShouldBe("consent_required");
        (await browser.GetAsync(shop.Authorize(("scope", "openid"), ("claims", """{"userinfo":{"email":null}}"""), ("prompt", "none"))))["error"].ShouldBe("consent_required");
    }

    [Fact]
    public async Task Prompt_consent_asks_even_where_the_application_need_not()
    {
        var shop = await server.RegisterAsync();
        var browser = await PersonAsync("consent-4");
        var question = await browser.GetAsync(shop.Authorize(("prompt", "consent")));
        question.Address.AbsolutePath.ShouldEndWith("/consent");
        (await browser.SubmitAsync(question, ("decision", "allow")))["code"].ShouldNotBeNull();
    }

    [Fact]
    public async Task A_consent_taken_back_ends_the_tokens_at_once()
    {
        var shop = await server.RegisterAsync(settings: Asks);
        var browser = await PersonAsync("consent-5");
        var back = await browser.SubmitAsync(await browser.GetAsync(shop.Authorize()), ("decision", "allow"));
        var tokens = await shop.RedeemAsync(back["code"]!);
        await server.InScopeAsync(async services =>
        {
            var consent = await services.GetRequiredService<IdentityContext>().Consents.SingleAsync(c => c.ApplicationId == shop.Id);
            (await services.GetRequiredService<ConsentStore>().RevokeAsync(consent.UserId, shop.Id, default)).ShouldBeTrue();
        });
        (await shop.UserinfoAsync(tokens.AccessToken)).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await shop.RefreshAsync(tokens.RefreshToken)).Error.ShouldBe("invalid_grant");
        (await browser.GetAsync(shop.Authorize(("prompt", "none"))))["error"].ShouldBe("consent_required");
    }

    [Fact]
    public async Task The_account_portal_lists_consents_and_takes_them_back()
    {
        var shop = await server.RegisterAsync(settings: Asks with { Name = "Corner shop" });
        var browser = await PersonAsync("consent-9");
        var back = await browser.SubmitAsync(await browser.GetAsync(shop.Authorize()), ("decision", "allow"));
        var tokens = await shop.RedeemAsync(back["code"]!);
        var list = await browser.GetAsync($"/account/{ProtocolServer.Customers}/applications");
        list.Html.ShouldContain("Corner shop");
        var after = await browser.SubmitAsync(list with { Html = list.Html[list.Html.IndexOf("Corner shop", StringComparison.Ordinal)..] });
        after.Html.ShouldNotContain("Corner shop");
        (await shop.RefreshAsync(tokens.RefreshToken)).Error.ShouldBe("invalid_grant");
    }

    [Fact]
    public async Task A_decision_without_the_forms_own_token_counts_for_nothing()
    {
        var shop = await server.RegisterAsync(settings: Asks);
        var browser = await PersonAsync("consent-6");
        var question = await browser.GetAsync(shop.Authorize());
        var request = System.Web.HttpUtility.ParseQueryString(question.Address.Query)["request"]!;
        (await browser.PostAsync($"/d/{ProtocolServer.Customers}/consent", ("request", request), ("decision", "allow"))).Status.ShouldBe(HttpStatusCode.BadRequest);
        (await browser.GetAsync(shop.Authorize(("prompt", "none"))))["error"].ShouldBe("consent_required");
    }

    /// <summary>What one person agreed to is not another's consent, though they share the browser.</summary>
    [Fact]
    public async Task Another_person_in_the_same_browser_is_asked_anew()
    {
        var shop = await server.RegisterAsync(settings: Asks);
        var browser = await PersonAsync("consent-7");
        await browser.SubmitAsync(await browser.GetAsync(shop.Authorize()), ("decision", "allow"));
        await server.AddPersonAsync("consent-8", "consent-8@example.com", "Eight");
        await browser.SignInAsync($"/d/{ProtocolServer.Customers}/sign-in", "consent-8");
        (await browser.GetAsync(shop.Authorize(("prompt", "none"))))["error"].ShouldBe("consent_required");
    }

    private async Task<TestBrowser> PersonAsync(string name)
    {
        await server.AddPersonAsync(name, $"{name}@example.com", name);
        return await server.SignedInAsync(name);
    }
}
