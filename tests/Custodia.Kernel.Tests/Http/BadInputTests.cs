using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace Custodia.Kernel.Tests.Http;

public sealed class BadInputTests(PlainServer server) : IClassFixture<PlainServer>
{
    [Theory]
    [InlineData("""{"name":"a","count":1,"colour":"blue","other":1}""", "other", "is not known")]
    [InlineData("""{"name":"a","count":1,"colour":"blue","part":{"code":"x","more":1}}""", "part.more", "is not known")]
    [InlineData("""{"name":"a","count":"one","colour":"blue"}""", "count", "has the wrong type or no such value")]
    [InlineData("""{"name":"a","count":"1","colour":"blue"}""", "count", "has the wrong type or no such value")]
    [InlineData("""{"name":"a","count":1,"colour":"green"}""", "colour", "has the wrong type or no such value")]
    [InlineData("""{"name":"a","count":1,"colour":0}""", "colour", "has the wrong type or no such value")]
    [InlineData("""{"name":null,"count":1,"colour":"blue"}""", "name", "must not be null")]
    [InlineData("""{"count":1,"colour":"blue"}""", "name", "is required")]
    [InlineData("""{"name":"a","count":1,"colour":"blue","part":{}}""", "part.code", "is required")]
    [InlineData("""{"name":"a","name":"b","count":1,"colour":"blue"}""", "name", "is given twice")]
    [InlineData("""{"name":"a",""", "body", "is not valid JSON")]
    [InlineData("[]", "body", "has the wrong type or no such value")]
    [InlineData("", "body", "is required")]
    public async Task A_body_that_breaks_a_rule_is_answered_with_field_and_rule(string body, string field, string rule)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var answer = await server.Client().PostAsync("/api/v1/testing/things", content);
        var problem = await ProblemAsync(answer, HttpStatusCode.BadRequest, "invalid");
        problem.GetProperty("errors").EnumerateObject().ShouldContain(
            e => e.Name == field && e.Value[0].GetString() == rule,
            problem.ToString());
        problem.ToString().ShouldNotContain("System.");
        problem.ToString().ShouldNotContain("Custodia.Kernel");
    }

    [Fact]
    public async Task Enumerations_travel_as_words()
    {
        using var answer = await server.Client().PostAsJsonAsync("/api/v1/testing/things", new { name = "a", count = 1, colour = "darkRed" });
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("colour").GetString().ShouldBe("darkRed");
    }

    [Fact]
    public async Task A_request_without_a_body_says_so()
    {
        using var content = new ByteArrayContent([]) { Headers = { ContentType = new MediaTypeHeaderValue("application/json"), ContentLength = 0 } };
        using var answer = await server.Client().PostAsync("/api/v1/testing/things", content);
        (await ProblemAsync(answer, HttpStatusCode.BadRequest, "invalid")).GetProperty("errors").TryGetProperty("body", out _).ShouldBeTrue();
    }

    [Fact]
    public async Task A_body_over_the_limit_is_refused()
    {
        using var content = new StringContent($$"""{"name":"{{new string('a', 1024 * 1024)}}","count":1,"colour":"blue"}""", Encoding.UTF8, "application/json");
        using var answer = await server.Client().PostAsync("/api/v1/testing/things", content);
        await ProblemAsync(answer, HttpStatusCode.RequestEntityTooLarge, "too-large");
    }

    [Fact]
    public async Task Another_media_type_is_refused()
    {
        using var content = new StringContent("name=a", Encoding.UTF8, "text/plain");
        using var answer = await server.Client().PostAsync("/api/v1/testing/things", content);
        await ProblemAsync(answer, HttpStatusCode.UnsupportedMediaType, "media-type");
    }

    [Theory]
    [InlineData("/api/v1/testing/numbers/abc", "number")]
    [InlineData("/api/v1/testing/numbers/99999999999", "number")]
    [InlineData("/api/v1/testing/numbers/1?limit=many", "limit")]
    public async Task Route_and_query_values_that_cannot_be_read_are_named(string path, string field)
    {
        using var answer = await server.Client().GetAsync(path);
        (await ProblemAsync(answer, HttpStatusCode.BadRequest, "invalid")).GetProperty("errors").GetProperty(field)[0].GetString().ShouldBe("has the wrong form");
    }

    [Theory]
    [InlineData("GET", "/api/v1/testing/things/not-a-guid", HttpStatusCode.NotFound, "not-found")]
    [InlineData("GET", "/api/v1/nothing", HttpStatusCode.NotFound, "not-found")]
    [InlineData("DELETE", "/api/v1/testing/things", HttpStatusCode.MethodNotAllowed, "method-not-allowed")]
    public async Task What_does_not_exist_is_a_problem_too(string method, string path, HttpStatusCode status, string code)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        using var answer = await server.Client().SendAsync(request);
        await ProblemAsync(answer, status, code);
    }

    [Fact]
    public async Task A_bug_is_answered_without_its_details()
    {
        using var answer = await server.Client().GetAsync("/api/v1/testing/fail");
        var problem = await ProblemAsync(answer, HttpStatusCode.InternalServerError, "internal");
        problem.ToString().ShouldNotContain("secret detail");
        problem.ToString().ShouldNotContain("Exception");
    }

    [Fact]
    public async Task A_browser_gets_a_page_instead()
    {
        using var answer = await server.Browser().GetAsync("/nothing-here");
        answer.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("text/html");
        (await answer.Content.ReadAsStringAsync()).ShouldContain("<h1>");
    }

    private static async Task<JsonElement> ProblemAsync(HttpResponseMessage answer, HttpStatusCode status, string code)
    {
        var text = await answer.Content.ReadAsStringAsync();
        answer.StatusCode.ShouldBe(status, text);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        var problem = JsonSerializer.Deserialize<JsonElement>(text);
        problem.GetProperty("type").GetString().ShouldBe($"urn:custodia:problem:{code}");
        problem.GetProperty("requestId").GetString().ShouldBe(answer.Headers.GetValues("X-Request-Id").Single());
        return problem;
    }
}
