using System.Net;
using Custodia.Console.Tests.Support;

namespace Custodia.Console.Tests;

[Collection(LookCollection.Name)]
public sealed class ProblemPageTests(LookHost host)
{
    private const string Browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

    [Theory]
    [InlineData("/nothing", HttpStatusCode.NotFound, "This page does not exist")]
    [InlineData("/forbidden", HttpStatusCode.Forbidden, "You may not see this page")]
    [InlineData("/conflict", HttpStatusCode.Conflict, "That is not possible as things stand")]
    [InlineData("/broken", HttpStatusCode.InternalServerError, "Something went wrong here")]
    public async Task A_browser_gets_a_page(string path, HttpStatusCode status, string heading)
    {
        using var response = await host.GetAsync(path, ("Accept", Browser));

        response.StatusCode.ShouldBe(status);
        response.Content.Headers.ContentType!.MediaType.ShouldBe("text/html");
        var html = await response.Content.ReadAsStringAsync();
        html.ShouldContain(heading);
        html.ShouldNotContain("secret reason");
        html.ShouldNotContain("Words for programs");
        Html.AgainstPolicy(html).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_page_speaks_the_browsers_language()
    {
        using var response = await host.GetAsync("/forbidden", ("Accept", Browser), ("Accept-Language", "zh"));
        (await response.Content.ReadAsStringAsync()).ShouldContain("您无权查看此页面");
    }

    [Theory]
    [InlineData("/nothing", "*/*")]
    [InlineData("/forbidden", "application/json")]
    [InlineData("/broken", "application/problem+json")]
    [InlineData("/api/v1/broken", Browser)]
    public async Task A_program_gets_a_problem_document(string path, string accept)
    {
        using var response = await host.GetAsync(path, ("Accept", accept));

        response.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        (await response.Content.ReadAsStringAsync()).ShouldNotContain("secret reason");
    }
}
