using System.Net;
using Custodia.Identity.Applications;
using Custodia.Identity.Tests.Protocol;

namespace Custodia.Identity.Tests.Conformance;

/// <summary>Pages that stand between a person and an application: RFC 9700 section 4.16, OAuth 2.1 section 7.9, ASVS chapters 6 and 10.</summary>
[Collection(ProtocolCollection.Name)]
public sealed class PageRules(ProtocolServer server)
{
    /// <summary>Never in a frame, never with scripts from elsewhere, never telling other sites where the person came from.</summary>
    [Theory]
    [InlineData("sign-in")]
    [InlineData("consent")]
    [InlineData("device")]
    [InlineData("device question")]
    [InlineData("logout")]
    [InlineData("error")]
    public async Task A_page_on_which_people_decide_cannot_be_framed_and_leaks_no_address(string page)
    {
        var answer = await PageAsync(page);
        var policy = answer.Header("Content-Security-Policy")!;
        policy.ShouldContain("frame-ancestors 'none'");
        policy.ShouldContain("default-src 'none'");
        policy.ShouldContain("script-src 'self'");
        policy.ShouldNotContain("unsafe");
        answer.Header("Referrer-Policy").ShouldBeOneOf("no-referrer", "same-origin");
        answer.Header("X-Content-Type-Options").ShouldBe("nosniff");
        answer.Type!.MediaType.ShouldBe("text/html");
    }

    [Theory]
    [InlineData("consent")]
    [InlineData("device question")]
    [InlineData("logout")]
    public async Task A_question_to_the_person_is_not_stored(string page) => (await PageAsync(page)).ShouldNotBeStored();

    [Theory]
    [InlineData("sign-in")]
    [InlineData("consent")]
    [InlineData("device/decide")]
    [InlineData("logout/confirm")]
    [InlineData("sign-out")]
    public async Task A_post_from_elsewhere_without_the_forms_token_does_nothing(string endpoint)
    {
        var browser = await server.SignedInAsync();
        var answer = await server.SendAsync(
            HttpMethod.Post,
            $"{server.Issuer}/{endpoint}",
            new StringContent("decision=allow", System.Text.Encoding.ASCII, "application/x-www-form-urlencoded"),
            ("Cookie", CookieOf(browser)),
            ("Origin", "https://evil.example"));
        answer.Status.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Theory]
    [InlineData("authorize")]
    [InlineData("logout")]
    [InlineData("device")]
    [InlineData("device_authorization")]
    [InlineData("introspect")]
    [InlineData("sign-in")]
    public async Task Scripts_of_other_sites_read_nothing_where_nothing_is_meant_for_them(string endpoint)
    {
        var answer = await server.GetAsync($"{server.Issuer}/{endpoint}", ("Origin", "https://evil.example"), ("Accept", "text/html"));
        answer.Header("Access-Control-Allow-Origin").ShouldBeNull();
    }

    /// <summary>ASVS 6.2: managers can fill in, long passwords fit, what is typed stays hidden.</summary>
    [Fact]
    public async Task The_password_field_works_with_password_managers_and_hides_what_is_typed()
    {
        var html = (await PageAsync("sign-in")).Text;
        html.ShouldContain("autocomplete=\"current-password\"");
        html.ShouldContain("autocomplete=\"username webauthn\"");
        html.ShouldContain("type=\"password\"");
        html.ShouldNotContain("onpaste");
    }

    /// <summary>ASVS 6.3: the same words and status for somebody who is not there.</summary>
    [Fact]
    public async Task A_wrong_password_and_an_unknown_name_are_answered_alike()
    {
        var pages = new List<Page>();
        foreach (var name in new[] { ProtocolServer.UserName, "nobody-at-all" })
        {
            var browser = new TestBrowser(server);
            pages.Add(await browser.SignInAsync($"/d/{ProtocolServer.Customers}/sign-in", name, "a wrong password"));
        }

        pages[0].Status.ShouldBe(pages[1].Status);
        Errors(pages[0]).ShouldBe(Errors(pages[1]));
    }

    /// <summary>ASVS 6.2: no silent cutting; the last of 128 characters counts.</summary>
    [Fact]
    public async Task A_long_password_counts_to_its_last_character()
    {
        var browser = new TestBrowser(server);
        var page = await browser.SignInAsync($"/d/{ProtocolServer.Customers}/sign-in", password: ProtocolServer.Password + " ");
        page.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await new TestBrowser(server).SignInAsync($"/d/{ProtocolServer.Customers}/sign-in", password: new string('a', 100_000))).Status.ShouldNotBe(HttpStatusCode.InternalServerError);
    }

    private async Task<Answer> PageAsync(string page)
    {
        var shop = await server.RegisterAsync(ApplicationKind.Native, new ApplicationSettings { ConsentRequired = true, DeviceGrant = true });
        var browser = await server.SignedInAsync();
        var cookies = CookieOf(browser);
        switch (page)
        {
            case "sign-in": return await GetAsync($"{server.Issuer}/sign-in", null);
            case "device": return await GetAsync($"{server.Issuer}/device", cookies);
            case "logout": return await GetAsync($"{server.Issuer}/logout", cookies);
            case "error": return await GetAsync($"{server.Issuer}/authorize?client_id=nobody", null);
            case "consent":
                var asked = await GetAsync(shop.Authorize(), cookies);
                return await GetAsync(new Uri(new Uri(server.Url), asked.Headers.Location!).ToString(), cookies);
            default:
                var codes = await shop.PostAsync("device_authorization", [("scope", "openid")]);
                return await GetAsync(codes.Member("verification_uri_complete")!, cookies);
        }
    }

    private Task<Answer> GetAsync(string address, string? cookies) => server.GetAsync(address, ("Cookie", cookies), ("Accept", "text/html"));

    private static string CookieOf(TestBrowser browser) => $"custodia-{ProtocolServer.Customers}={browser.Cookie("custodia-" + ProtocolServer.Customers)}";

    private static string Errors(Page page) =>
        string.Join('|', System.Text.RegularExpressions.Regex.Matches(page.Html, "(?:error|danger)[^>]*>([^<]+)<", System.Text.RegularExpressions.RegexOptions.None, TimeSpan.FromSeconds(1)).Select(m => m.Groups[1].Value));
}
