using System.Net;
using System.Net.Http.Json;
using Custodia.Identity.Applications;
using Custodia.Identity.Factors;
using Custodia.Identity.Rules;
using Custodia.Identity.Tests.Protocol;
using Custodia.Identity.Totp;
using Custodia.Identity.Users;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Custodia.Identity.Tests.SignIn;

[Collection(ProtocolCollection.Name)]
public sealed class StepUpTests(ProtocolServer server)
{
    private const string Multiple = "urn:custodia:acr:mfa";
    private const string Password = "urn:custodia:acr:password";
    private static int _people;

    [Fact]
    public async Task Acr_values_send_a_person_with_an_app_to_prove_more_and_the_token_says_so()
    {
        var shop = await server.RegisterAsync();
        var (browser, secret) = await PersonAsync(withApp: true);
        var page = await browser.GetAsync(shop.Authorize(("acr_values", Multiple)));
        page.Address.AbsolutePath.ShouldEndWith("/sign-in/second");
        var back = await browser.SubmitAsync(page, ("code", Digits(secret!)));
        back["code"].ShouldNotBeNull(back.Html);
        var token = (await shop.RedeemAsync(back["code"]!)).Id;
        token.GetPayloadValue<string>("acr").ShouldBe(Multiple);
        token.GetPayloadValue<string[]>("amr").ShouldBe(["pwd", "otp", "mfa"]);
        // The session stays stronger: nothing is asked again, and whoever asks for the weaker class reads that one.
        (await browser.GetAsync(shop.Authorize(("acr_values", Multiple))))["code"].ShouldNotBeNull();
        var weaker = await browser.GetAsync(shop.Authorize(("acr_values", $"urn:example:gold {Password}")));
        (await shop.RedeemAsync(weaker["code"]!)).Id.GetPayloadValue<string>("acr").ShouldBe(Password);
    }

    [Fact]
    public async Task Acr_values_are_a_wish_for_a_person_who_has_nothing_more()
    {
        var shop = await server.RegisterAsync();
        var (browser, _) = await PersonAsync(withApp: false);
        var back = await browser.GetAsync(shop.Authorize(("acr_values", Multiple)));
        (await shop.RedeemAsync(back["code"]!)).Id.GetPayloadValue<string>("acr").ShouldBe(Password);
    }

    [Fact]
    public async Task An_essential_class_that_cannot_be_reached_fails()
    {
        var shop = await server.RegisterAsync();
        var (browser, _) = await PersonAsync(withApp: true);
        var back = await browser.GetAsync(shop.Authorize(("claims", Essential("urn:custodia:acr:passkey"))));
        back["error"].ShouldBe("unmet_authentication_requirements");
    }

    [Fact]
    public async Task Without_pages_an_essential_class_asks_for_a_sign_in()
    {
        var shop = await server.RegisterAsync();
        var (browser, _) = await PersonAsync(withApp: true);
        (await browser.GetAsync(shop.Authorize(("claims", Essential(Multiple)), ("prompt", "none"))))["error"].ShouldBe("login_required");
        (await browser.GetAsync(shop.Authorize(("acr_values", Multiple), ("prompt", "none"))))["code"].ShouldNotBeNull();
    }

    [Fact]
    public async Task An_application_can_demand_a_second_factor_and_who_has_none_sets_one_up()
    {
        var shop = await server.RegisterAsync();
        await server.InScopeAsync(async services =>
        {
            var context = services.GetRequiredService<IdentityContext>();
            var id = await context.Applications.Where(a => a.ClientId == shop.ClientId).Select(a => a.Id).SingleAsync();
            await services.GetRequiredService<SignInRuleStore>().DemandSecondFactorAsync(id, ProtocolServer.Account, demanded: true, default);
        });
        var (browser, _) = await PersonAsync(withApp: false);
        var page = await browser.GetAsync(shop.Authorize());
        page.Address.AbsolutePath.ShouldEndWith("/sign-in/second/enrol");
        (await browser.GetAsync(shop.Authorize(("prompt", "none"))))["error"].ShouldBe("login_required");
    }

    [Fact]
    public async Task The_old_cookie_is_worth_nothing_once_the_session_is_stronger()
    {
        var shop = await server.RegisterAsync();
        var (browser, secret) = await PersonAsync(withApp: true);
        var before = browser.Cookie("custodia-" + ProtocolServer.Customers);
        await browser.SubmitAsync(await browser.GetAsync(shop.Authorize(("acr_values", Multiple))), ("code", Digits(secret!)));
        browser.Cookie("custodia-" + ProtocolServer.Customers).ShouldNotBe(before);
        var old = server.Client();
        old.DefaultRequestHeaders.Add("Cookie", $"custodia-{ProtocolServer.Customers}={before}");
        (await old.GetAsync($"/account/{ProtocolServer.Customers}")).StatusCode.ShouldNotBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Discovery_names_the_classes()
    {
        var metadata = await server.Client().GetFromJsonAsync<System.Text.Json.JsonElement>($"{server.Issuer}/.well-known/openid-configuration");
        metadata.GetProperty("acr_values_supported").EnumerateArray().Select(v => v.GetString()).ShouldContain(Multiple);
    }

    private static string Essential(string acr) => """{"id_token":{"acr":{"essential":true,"values":["ACR"]}}}""".Replace("ACR", acr, StringComparison.Ordinal);

    private string Digits(byte[] secret) => TotpCode.At(secret, TotpCode.StepAt(server.Time.GetUtcNow()) + 1);

    private async Task<(TestBrowser Browser, byte[]? Secret)> PersonAsync(bool withApp)
    {
        var name = $"stepper{Interlocked.Increment(ref _people)}";
        var id = await server.AddPersonAsync(name, $"{name}@example.com", name);
        var browser = await server.SignedInAsync(name);
        byte[]? secret = null;
        if (withApp)
        {
            await server.InScopeAsync(async services =>
            {
                var user = await services.GetRequiredService<IdentityContext>().Users.SingleAsync(u => u.Id == id);
                var apps = services.GetRequiredService<TotpFactors>();
                (_, secret) = await apps.BeginAsync(user, default);
                (await apps.ConfirmAsync(user, TotpCode.At(secret, TotpCode.StepAt(server.Time.GetUtcNow())), default)).ShouldBeTrue();
            });
        }

        return (browser, secret);
    }
}
