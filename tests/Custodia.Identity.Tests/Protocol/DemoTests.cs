using System.Net;
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

    /// <summary>RFC 6749 section 10.12: an answer that this browser did not ask for.</summary>
    [Fact]
    public async Task An_answer_nobody_asked_for_signs_nobody_in()
    {
        var page = await new TestBrowser(server).GetAsync($"/demo/callback?code=x&state=y&iss={WebUtility.UrlEncode(server.Url + "/d/customers")}");
        page.Html.ShouldContain("did not come to an end");
    }
}
