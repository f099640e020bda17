using System.Net;
using System.Net.Http.Json;
using Custodia.Testing;

namespace Custodia.Identity.Tests.Protocol;

/// <summary><c>/demo</c>: the relying party that comes with the server.</summary>
public sealed class DemoTests(CustodiaServer server) : IClassFixture<CustodiaServer>
{
    [Fact]
    public async Task A_person_signs_in_sees_their_claims_and_signs_out()
    {
        var browser = new TestBrowser(server);
        (await browser.GetAsync("/demo")).Html.ShouldContain("/demo/sign-in");
        var page = await browser.SignInAsync("/demo/sign-in", "sofia", "just-for-the-demo");
        page.Address.AbsolutePath.ShouldBe("/demo");
        page.Html.ShouldContain("preferred_username");
        page.Html.ShouldContain("sofia@customers.example");
        page.Html.ShouldContain($"{server.Url}/d/customers");
        var after = await browser.SubmitAsync(page);
        after.Address.AbsolutePath.ShouldBe("/demo");
        after.Html.ShouldNotContain("preferred_username");
        // Signed out at the provider too.
        (await browser.GetAsync("/demo/sign-in")).Address.AbsolutePath.ShouldBe("/d/customers/sign-in");
    }

    [Fact]
    public async Task Sign_up_starts_at_the_sign_up_page() =>
        (await new TestBrowser(server).GetAsync("/demo/sign-up")).Address.AbsolutePath.ShouldBe("/d/customers/sign-up");

    /// <summary>It reads the discovery document, as any client has to.</summary>
    [Fact]
    public async Task A_directory_with_a_domain_of_its_own_signs_people_in_there()
    {
        const string Branding = "/api/v1/directories/customers/branding";
        using var admin = await server.AdminAsync();
        (await admin.PatchAsJsonAsync(Branding, new { customDomain = "login.example.com" })).StatusCode.ShouldBe(HttpStatusCode.OK);
        using var answer = await server.Client().GetAsync("/demo/sign-in");
        (await admin.PatchAsJsonAsync(Branding, new { customDomain = "" })).StatusCode.ShouldBe(HttpStatusCode.OK);
        answer.Headers.Location!.ToString().ShouldStartWith("http://login.example.com/d/customers/authorize?");
    }

    /// <summary>RFC 6749 section 10.12: an answer that this browser did not ask for.</summary>
    [Fact]
    public async Task An_answer_nobody_asked_for_signs_nobody_in()
    {
        var page = await new TestBrowser(server).GetAsync($"/demo/callback?code=x&state=y&iss={WebUtility.UrlEncode(server.Url + "/d/customers")}");
        page.Html.ShouldContain("did not come to an end");
    }
}
