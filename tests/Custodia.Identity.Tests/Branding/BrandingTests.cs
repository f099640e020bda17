using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Custodia.Identity.Tests.People;

namespace Custodia.Identity.Tests.Branding;

public sealed class BrandingTests(PeopleServer server) : IClassFixture<PeopleServer>
{
    private const string Address = "/api/v1/directories/customers/branding";
    private const string Pixel = "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

    [Fact]
    public async Task The_sign_in_page_wears_the_directorys_look()
    {
        var admin = await server.AdminAsync();
        var answer = await admin.PatchAsJsonAsync(Address, new
        {
            colour = "#aa3366",
            logo = Pixel,
            lead = "Welcome to the shop",
            leadZh = "欢迎光临",
            supportAddress = "mailto:help@example.com",
            termsAddress = "https://example.com/terms",
        });
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, await answer.Content.ReadAsStringAsync());
        var page = (await server.Visitor().OpenAsync("/d/customers/sign-in")).Html;
        page.ShouldContain("/brand/aa3366.css");
        page.ShouldContain(Pixel.Replace("+", "&#x2B;"));
        page.ShouldContain("Welcome to the shop");
        page.ShouldContain("mailto:help@example.com");
        page.ShouldContain("https://example.com/terms");

        (await admin.PatchAsJsonAsync(Address, new { lead = "", logo = "" })).StatusCode.ShouldBe(HttpStatusCode.OK);
        page = (await server.Visitor().OpenAsync("/d/customers/sign-in")).Html;
        page.ShouldNotContain("Welcome to the shop");
        page.ShouldContain("/brand/aa3366.css");
    }

    [Fact]
    public async Task The_preview_shows_what_is_typed_and_stores_nothing()
    {
        var staff = await server.SignInAsync("staff", "administrator");
        await staff.OpenAsync("/console/directories/customers/branding");
        await staff.PostAsync("/console/directories/customers/branding/preview", ("colour", "#123abc"), ("lead", "Not yet said"));
        staff.Status.ShouldBe(HttpStatusCode.OK);
        staff.Html.ShouldContain("/brand/preview/123abc.css");
        staff.Html.ShouldContain("Not yet said");
        (await server.Visitor().OpenAsync("/d/customers/sign-in")).Html.ShouldNotContain("Not yet said");
        using var style = await server.Client().GetAsync("/assets/brand/preview/123abc.css");
        (await style.Content.ReadAsStringAsync()).ShouldContain(".brand-preview{");

        await staff.PostAsync("/console/directories/customers/branding", ("colour", "#12"), ("lead", "Kept in the form"));
        staff.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        staff.Html.ShouldContain("Kept in the form");
    }

    [Theory]
    [InlineData("colour", "red")]
    [InlineData("logo", "https://example.com/logo.png")]
    [InlineData("logo", "data:text/html;base64,AAAA")]
    [InlineData("lead", "two\nlines")]
    [InlineData("supportAddress", "javascript:alert(1)")]
    [InlineData("termsAddress", "http://example.com")]
    [InlineData("privacyAddress", "mailto:a@example.com")]
    [InlineData("customDomain", "example.com/path")]
    [InlineData("customDomain", "127.0.0.1")]
    [InlineData("customDomain", "login.example.123")]
    [InlineData("customDomain", "99999999999:443")]
    public async Task What_a_look_cannot_be_is_named(string field, string value)
    {
        var answer = await (await server.AdminAsync()).PatchAsJsonAsync(Address, new Dictionary<string, string>(StringComparer.Ordinal) { [field] = value });
        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await answer.Content.ReadAsStringAsync()).ShouldContain($"\"{field}\"");
    }

    [Fact]
    public async Task People_sign_in_at_the_directorys_own_domain_and_the_issuer_stays()
    {
        var admin = await server.AdminAsync();
        (await admin.PostAsJsonAsync("/api/v1/directories", new { name = "domained", title = "Domained" })).StatusCode.ShouldBe(HttpStatusCode.Created);
        (await admin.PatchAsJsonAsync("/api/v1/directories/domained/branding", new { customDomain = "Login.Example.com" })).StatusCode.ShouldBe(HttpStatusCode.OK);
        var document = await server.Client().GetFromJsonAsync<JsonElement>("/d/domained/.well-known/openid-configuration");
        document.GetProperty("issuer").GetString().ShouldBe($"{server.Url}/d/domained");
        document.GetProperty("authorization_endpoint").GetString().ShouldBe("http://login.example.com/d/domained/authorize");
        document.GetProperty("end_session_endpoint").GetString().ShouldBe("http://login.example.com/d/domained/logout");
        document.GetProperty("token_endpoint").GetString().ShouldBe($"{server.Url}/d/domained/token");

        using var request = new HttpRequestMessage(HttpMethod.Get, "/d/domained/sign-in");
        request.Headers.Host = "login.example.com";
        (await server.Client().SendAsync(request)).StatusCode.ShouldBe(HttpStatusCode.OK);

        var other = await admin.PatchAsJsonAsync(Address, new { customDomain = "login.example.com" });
        other.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await other.Content.ReadAsStringAsync()).ShouldContain("taken");
    }
}
