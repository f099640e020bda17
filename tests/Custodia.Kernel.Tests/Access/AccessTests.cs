using System.Net;
using Custodia.Kernel.Tests.Http;

namespace Custodia.Kernel.Tests.Access;

public sealed class AccessTests(PlainServer server) : IClassFixture<PlainServer>
{
    [Fact]
    public async Task Without_a_token_the_api_asks_for_one()
    {
        using var answer = await server.Client().GetAsync("/api/v1/testing/read");
        answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        answer.Headers.WwwAuthenticate.ToString().ShouldBe("Bearer realm=\"custodia\"");
    }

    [Fact]
    public async Task A_token_that_is_not_valid_is_told_so()
    {
        using var answer = await server.Client("nonsense").GetAsync("/api/v1/testing/read");
        answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        answer.Headers.WwwAuthenticate.ToString().ShouldContain("error=\"invalid_token\"");
    }

    [Fact]
    public async Task A_caller_with_the_permission_gets_in_by_either_header()
    {
        (await server.Client("auditor").GetStringAsync("/api/v1/testing/read")).ShouldBe("\"auditor\"");
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/testing/read") { Headers = { { "X-Auth-Token", "auditor" } } };
        using var answer = await server.Client().SendAsync(request);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_caller_without_the_permission_is_refused_by_its_name()
    {
        using var answer = await server.Client("auditor").PostAsync("/api/v1/testing/write", null);
        answer.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        answer.Headers.WwwAuthenticate.ToString().ShouldContain("error=\"insufficient_scope\"");
        (await answer.Content.ReadAsStringAsync()).ShouldContain("testing.things.write");
    }

    [Fact]
    public async Task A_browser_is_sent_to_the_sign_in_page_and_back()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/console/testing") { Headers = { { "Accept", "text/html" } } };
        using var answer = await server.Client().SendAsync(request);
        answer.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        answer.Headers.Location!.ToString().ShouldBe("/d/staff/sign-in?return=%2Fconsole%2Ftesting");
    }

    [Fact]
    public async Task A_part_of_a_page_sends_the_whole_page_to_sign_in()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/console/testing") { Headers = { { "HX-Request", "true" } } };
        using var answer = await server.Client().SendAsync(request);
        answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        answer.Headers.GetValues("HX-Redirect").Single().ShouldStartWith("/d/staff/sign-in");
    }

    [Theory]
    [InlineData("same-origin", HttpStatusCode.OK)]
    [InlineData("none", HttpStatusCode.OK)]
    [InlineData(null, HttpStatusCode.OK)]
    [InlineData("cross-site", HttpStatusCode.Forbidden)]
    [InlineData("same-site", HttpStatusCode.Forbidden)]
    public async Task A_session_changes_nothing_on_the_word_of_another_site(string? site, HttpStatusCode status)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/console/testing") { Headers = { { "Cookie", "session=auditor" } } };
        if (site is not null) request.Headers.Add("Sec-Fetch-Site", site);
        using var answer = await server.Client().SendAsync(request);
        answer.StatusCode.ShouldBe(status);
    }

    [Theory]
    [InlineData("user:customers", HttpStatusCode.OK)]
    [InlineData("user:others", HttpStatusCode.Forbidden)]
    [InlineData("administrator", HttpStatusCode.Forbidden)]
    public async Task A_persons_pages_are_for_people_of_that_directory(string token, HttpStatusCode status)
    {
        using var answer = await server.Client(token).GetAsync("/account/customers/testing");
        answer.StatusCode.ShouldBe(status);
    }
}
