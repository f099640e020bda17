using System.Text.RegularExpressions;
using Custodia.Identity.Totp;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Custodia.Identity.Tests.Protocol;

/// <summary>What an application asks of a sign-in, all at once: joining, a fresh sign-in, a bounded age and a stronger class.</summary>
[Collection(ProtocolCollection.Name)]
public sealed class OneFlowTests(ProtocolServer server)
{
    private const string Multiple = "urn:custodia:acr:mfa";
    private const string Email = "one.flow@example.com";

    [Fact]
    public async Task Somebody_joins_at_the_application_and_proves_more_when_it_asks_for_a_fresh_and_strong_sign_in()
    {
        var shop = await server.RegisterAsync();
        var browser = new TestBrowser(server);

        // 1. prompt=create (Initiating User Registration via OpenID Connect 1.0): from the request to the code without a second request.
        var page = await browser.GetAsync(shop.Authorize(("prompt", "create"), ("acr_values", Multiple), ("max_age", "300")));
        page.Address.AbsolutePath.ShouldEndWith("/sign-up");
        page = await browser.SubmitAsync(page, ("email", Email), ("password", ProtocolServer.Password), ("user-name", ""), ("display-name", "One Flow"));
        page = await browser.SubmitAsync(page, ("code", await CodeAsync()));
        page["state"].ShouldBe(RelyingParty.State, page.Html);
        var joined = (await shop.RedeemAsync(page["code"]!)).Id;
        joined.GetPayloadValue<string>("acr").ShouldNotBe(Multiple, "a wish: they have nothing more yet");
        var secret = await AddAppAsync(joined.Subject);

        // 2. prompt=login, max_age and acr_values at once: password and app are asked for, though they are signed in.
        server.Time.Advance(TimeSpan.FromMinutes(10));
        var asked = server.Time.GetUtcNow();
        page = await browser.GetAsync(shop.Authorize(("prompt", "login"), ("max_age", "300"), ("acr_values", Multiple)));
        page.Address.AbsolutePath.ShouldEndWith("/sign-in");
        page = await browser.SubmitAsync(page, ("name", Email), ("password", ProtocolServer.Password));
        page.Address.AbsolutePath.ShouldEndWith("/sign-in/second");
        page = await browser.SubmitAsync(page, ("code", Digits(secret)));
        var strong = (await shop.RedeemAsync(page["code"].ShouldNotBeNull(page.Html))).Id;
        strong.Subject.ShouldBe(joined.Subject);
        strong.GetPayloadValue<string>("acr").ShouldBe(Multiple);
        strong.GetPayloadValue<string[]>("amr").ShouldBe(["pwd", "otp", "mfa"]);
        strong.GetPayloadValue<long>("auth_time").ShouldBeGreaterThanOrEqualTo(asked.ToUnixTimeSeconds());

        // 3. While that is young nothing is asked again; afterwards all of it is.
        (await browser.GetAsync(shop.Authorize(("max_age", "300"), ("acr_values", Multiple))))["code"].ShouldNotBeNull();
        server.Time.Advance(TimeSpan.FromMinutes(6));
        (await browser.GetAsync(shop.Authorize(("max_age", "300"), ("acr_values", Multiple), ("prompt", "none"))))["error"].ShouldBe("login_required");
        page = await browser.GetAsync(shop.Authorize(("max_age", "300"), ("acr_values", Multiple)));
        page.Address.AbsolutePath.ShouldEndWith("/sign-in");
        page = await browser.SubmitAsync(page, ("name", Email), ("password", ProtocolServer.Password));
        page = await browser.SubmitAsync(page, ("code", Digits(secret)));
        (await shop.RedeemAsync(page["code"].ShouldNotBeNull(page.Html))).Id.GetPayloadValue<string>("acr").ShouldBe(Multiple);
    }

    private string Digits(byte[] secret) => TotpCode.At(secret, TotpCode.StepAt(server.Time.GetUtcNow()));

    private async Task<string> CodeAsync() => Regex.Match((await server.OutboxAsync(Email)).First(m => m.Origin == "identity.code").Text, "[0-9]{6}").Value;

    private async Task<byte[]> AddAppAsync(string subject)
    {
        byte[] secret = [];
        await server.InScopeAsync(async services =>
        {
            var user = await services.GetRequiredService<IdentityContext>().Users.SingleAsync(u => u.Id == Guid.Parse(subject));
            var apps = services.GetRequiredService<TotpFactors>();
            (_, secret) = await apps.BeginAsync(user, default);
            (await apps.ConfirmAsync(user, Digits(secret), default)).ShouldBeTrue();
        });
        return secret;
    }
}
