using Custodia.Identity.Applications;
using Custodia.Identity.Tests.Protocol;

namespace Custodia.Identity.Tests.Conformance;

/// <summary>What a person is asked to agree to, and when (ASVS 10.7; RFC 8252 sections 8.4 and 8.6; RFC 6749 section 10.2).</summary>
[Collection(ProtocolCollection.Name)]
public sealed class ConsentRules(ProtocolServer server)
{
    /// <summary>Any program on the device can take such an address, so a yes given before is nobody's in particular.</summary>
    [Theory]
    [InlineData("com.example.app:/callback", null)]
    [InlineData("com.example.app://host/callback", null)]
    [InlineData("http://127.0.0.1/callback", "http://127.0.0.1:51007/callback")]
    [InlineData("http://[::1]/callback", "http://[::1]:51007/callback")]
    [InlineData("http://localhost:51007/callback", null)]
    public async Task A_native_application_that_anything_may_pose_as_is_asked_about_each_time(string registered, string? requested)
    {
        var app = await server.RegisterAsync(ApplicationKind.Native, new ApplicationSettings { RedirectUris = [registered] });
        var browser = await server.SignedInAsync();
        (string, string?)[] there = [("redirect_uri", requested ?? registered)];
        for (var time = 0; time < 2; time++)
        {
            var question = await browser.GetAsync(app.Authorize(there));
            question.Location.ShouldBeNull();
            question.Address.AbsolutePath.ShouldEndWith("/consent");
            question.Html.ShouldContain("so we ask every time");
            (await browser.GetAsync(app.Authorize([.. there, ("prompt", "none")])))["error"].ShouldBe("consent_required");
            (await browser.SubmitAsync(question, ("decision", "allow")))["code"].ShouldNotBeNull();
        }

        (await browser.SubmitAsync(await browser.GetAsync(app.Authorize(there)), ("decision", "refuse")))["error"].ShouldBe("access_denied");
    }

    /// <summary>RFC 8252 section 7.2: an address that a host claims is as good as a web application's.</summary>
    [Fact]
    public async Task A_native_application_with_a_claimed_https_address_is_not_asked_about_again()
    {
        var app = await server.RegisterAsync(
            ApplicationKind.Native,
            new ApplicationSettings { RedirectUris = ["https://app.example/callback", "com.example.app:/callback"], ConsentRequired = true });
        var browser = await server.SignedInAsync();
        await app.ReturnAsync(browser, ("redirect_uri", "https://app.example/callback"));
        (await browser.GetAsync(app.Authorize(("redirect_uri", "https://app.example/callback"), ("prompt", "none"))))["code"].ShouldNotBeNull();
        (await browser.GetAsync(app.Authorize(("redirect_uri", "com.example.app:/callback"), ("prompt", "none"))))["error"].ShouldBe("consent_required");
    }

    /// <summary>A fresh sign-in says who the person is, not which program asks.</summary>
    [Fact]
    public async Task Signing_in_does_not_stand_for_agreeing_to_a_native_application()
    {
        var app = await server.RegisterAsync(ApplicationKind.Native, new ApplicationSettings { RedirectUris = ["com.example.app:/callback"] });
        var browser = new TestBrowser(server);
        var question = await browser.SubmitAsync(await browser.GetAsync(app.Authorize()), ("name", ProtocolServer.UserName), ("password", ProtocolServer.Password));
        question.Address.AbsolutePath.ShouldEndWith("/consent");
        (await browser.SubmitAsync(question, ("decision", "allow")))["code"].ShouldNotBeNull();
    }

    /// <summary>A yes belongs to the request it was given to: another request has to be asked for anew.</summary>
    [Fact]
    public async Task A_yes_holds_for_the_one_request_it_was_given_to()
    {
        var app = await server.RegisterAsync(ApplicationKind.Native, new ApplicationSettings { RedirectUris = ["com.example.app:/callback"] });
        var browser = await server.SignedInAsync();
        var first = await browser.GetAsync(app.Authorize());
        var second = await browser.GetAsync(app.Authorize());
        (await browser.SubmitAsync(first, ("decision", "allow")))["code"].ShouldNotBeNull();
        var other = System.Web.HttpUtility.ParseQueryString(second.Address.Query)["request"];
        (await browser.GetAsync($"{app.Issuer}/authorize/continue?request={other}")).Address.AbsolutePath.ShouldEndWith("/consent");
    }

    /// <summary>ASVS 10.7.2: who asks, for what, where it is used, and for how long.</summary>
    [Theory]
    [InlineData("openid email", 2 * 60 * 60)]
    [InlineData("openid email offline_access", (30 * 24 * 60 * 60) + (2 * 60 * 60))]
    public async Task The_question_says_who_asks_for_what_where_and_how_long(string scope, int seconds)
    {
        var app = await server.RegisterAsync(settings: new ApplicationSettings
        {
            Name = "Corner shop",
            ConsentRequired = true,
            Resources = ["https://api.shop.example/orders"],
            AccessTokenSeconds = 2 * 60 * 60,
            RefreshDays = 30,
        });
        var question = await (await server.SignedInAsync()).GetAsync(app.Authorize(("scope", scope), ("resource", "https://api.shop.example/orders"), ("prompt", "consent")));
        question.Html.ShouldContain("Corner shop");
        question.Html.ShouldContain("read your email address");
        question.Html.ShouldContain("https://api.shop.example/orders");
        question.Html.ShouldContain((server.Time.GetUtcNow() + TimeSpan.FromSeconds(seconds)).ToString("yyyy-MM-dd HH:mm 'UTC'", System.Globalization.CultureInfo.InvariantCulture));
    }
}
