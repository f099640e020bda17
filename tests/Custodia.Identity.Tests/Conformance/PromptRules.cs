using Custodia.Identity.Applications;
using Custodia.Identity.Tests.Protocol;

namespace Custodia.Identity.Tests.Conformance;

/// <summary>When a person is asked and when not, from outside: <c>prompt</c> and <c>max_age</c> (OpenID Connect Core section 3.1.2.1).</summary>
[Collection(ProtocolCollection.Name)]
public sealed class PromptRules(ProtocolServer server)
{
    /// <summary>OpenID Connect Core section 3.1.2.1: seconds without an upper end; more than any sign-in is old are no limit.</summary>
    [Theory]
    [InlineData("2147483647")]
    [InlineData("2147483648")]
    [InlineData("9999999999")]
    [InlineData("99999999999999999999")]
    public async Task A_max_age_of_any_length_is_understood(string seconds)
    {
        var shop = await server.RegisterAsync();
        (await (await server.SignedInAsync()).GetAsync(shop.Authorize(("max_age", seconds))))["code"].ShouldNotBeNull();
    }

    [Theory]
    [InlineData("+5")]
    [InlineData(" 5")]
    [InlineData("5 ")]
    [InlineData("0x10")]
    [InlineData("1e3")]
    [InlineData("-0")]
    [InlineData("٣")]
    public async Task A_max_age_that_is_no_number_of_seconds_is_invalid_request(string seconds)
    {
        var shop = await server.RegisterAsync();
        (await new TestBrowser(server).GetAsync(shop.Authorize(("max_age", seconds))))["error"].ShouldBe("invalid_request");
    }

    /// <summary>OpenID Connect Core section 3.1.2.1: values are case sensitive and separated by blanks.</summary>
    [Theory]
    [InlineData("NONE")]
    [InlineData("none,login")]
    [InlineData("login;consent")]
    [InlineData("login unknown")]
    public async Task A_prompt_in_another_spelling_is_invalid_request(string prompt)
    {
        var shop = await server.RegisterAsync();
        (await (await server.SignedInAsync()).GetAsync(shop.Authorize(("prompt", prompt))))["error"].ShouldBe("invalid_request");
    }

    /// <summary>OpenID Connect Core section 3.1.2.6.</summary>
    [Theory]
    [InlineData(false, false, "login_required")]
    [InlineData(true, false, null)]
    [InlineData(true, true, "consent_required")]
    public async Task With_prompt_none_nobody_is_asked_anything(bool signedIn, bool needsConsent, string? error)
    {
        var shop = await server.RegisterAsync(settings: new ApplicationSettings { ConsentRequired = needsConsent });
        var browser = signedIn ? await server.SignedInAsync() : new TestBrowser(server);
        var page = await browser.GetAsync(shop.Authorize(("prompt", "none")));
        page["error"].ShouldBe(error);
        (page["code"] is null).ShouldBe(error is not null);
    }

    [Fact]
    public async Task With_prompt_none_an_old_sign_in_is_login_required()
    {
        var shop = await server.RegisterAsync();
        var browser = await server.SignedInAsync();
        server.Time.Advance(TimeSpan.FromMinutes(2));
        (await browser.GetAsync(shop.Authorize(("prompt", "none"), ("max_age", "60"))))["error"].ShouldBe("login_required");
        (await browser.GetAsync(shop.Authorize(("prompt", "none"), ("max_age", "3600"))))["code"].ShouldNotBeNull();
    }

    /// <summary>Section 3.1.2.1: max_age=0 is prompt=login.</summary>
    [Fact]
    public async Task With_max_age_zero_the_person_signs_in_again_and_auth_time_says_so()
    {
        var shop = await server.RegisterAsync();
        var browser = await server.SignedInAsync();
        var before = (await shop.TokensAsync(browser)).Id.GetPayloadValue<long>("auth_time");
        server.Time.Advance(TimeSpan.FromSeconds(5));
        var page = await browser.GetAsync(shop.Authorize(("max_age", "0")));
        page.Address.AbsolutePath.ShouldEndWith("/sign-in");
        var back = await browser.SubmitAsync(page, ("name", ProtocolServer.UserName), ("password", ProtocolServer.Password));
        var after = (await shop.RedeemAsync(back["code"]!)).Id.GetPayloadValue<long>("auth_time");
        after.ShouldBeGreaterThanOrEqualTo(before + 5);
    }

    [Theory]
    [InlineData("none login")]
    [InlineData("none consent")]
    [InlineData("none select_account")]
    [InlineData("login none")]
    public async Task Prompt_none_stands_alone(string prompt)
    {
        var shop = await server.RegisterAsync();
        (await (await server.SignedInAsync()).GetAsync(shop.Authorize(("prompt", prompt))))["error"].ShouldBe("invalid_request");
    }
}
