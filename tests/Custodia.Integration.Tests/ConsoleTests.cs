using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Custodia.Integration.Tests;

public sealed partial class ConsoleTests(IntegrationServer server) : IClassFixture<IntegrationServer>
{
    private const string Good = "flow: 1\nname: shown\ntrigger: { http: { path: shown, answer: accepted } }\nsteps:\n  - id: first\n    set: { a: 1 }\n  - choice:\n      - when: ${ .payload.x == 1 }\n        steps: [ { log: { category: inner } } ]\n";

    [Fact]
    public async Task The_list_the_flow_the_job_and_the_runtimes_are_shown()
    {
        var client = await FlowClient.OfAsync(server);
        var (_, flow, url) = await client.DeployAsync(Good);
        using var started = await client.Http.PostAsJsonAsync(url, new { x = 1 });
        var job = (await started.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("job").GetString();
        await client.JobInStateAsync(flow, "done");
        (await PageAsync(client, "/console/flows")).ShouldContain($"/console/flows/{flow:N}");
        var page = await PageAsync(client, $"/console/flows/{flow:N}");
        page.ShouldContain("first");
        page.ShouldContain(".payload.x == 1");
        page.ShouldContain($"/console/jobs/{job}");
        (await PageAsync(client, $"/console/jobs/{job}")).ShouldContain("/steps/0");
        (await PageAsync(client, "/console/runtimes")).ShouldContain("sandbox");
        (await PageAsync(client, "/console/flows/new")).ShouldContain("identity.user.registered");
    }

    [Fact]
    public async Task A_wrong_text_comes_back_with_its_findings_and_a_right_one_is_deployed()
    {
        var client = await FlowClient.OfAsync(server);
        var flow = (await client.DeployAsync(Good.Replace("path: shown", "path: edited", StringComparison.Ordinal))).Flow;
        var path = $"/console/flows/{flow:N}";
        var (status, body) = await PostAsync(client, path, path, new() { ["text"] = "flow: 1\r\nname: shown\r\nsteps:\r\n  - jump: 1", ["revision"] = "1" });
        status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        body.ShouldContain("4:5");
        body.ShouldContain("- jump: 1");
        (await PostAsync(client, path, $"{path}/deploy", [])).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await PostAsync(client, path, path, new() { ["text"] = Good, ["revision"] = "2" })).Status.ShouldBe(HttpStatusCode.SeeOther);
    }

    [Fact]
    public async Task The_schema_names_every_operation()
    {
        var schema = await server.Client().GetStringAsync("/api/v1/schemas/flow");
        foreach (var operation in new[] { "http.request", "mail.send", "tickets.create" }) schema.ShouldContain($"\"{operation}\"");
    }

    private static async Task<string> PageAsync(FlowClient client, string path)
    {
        using var answer = await client.Http.GetAsync(path);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, path);
        return WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync());
    }

    private static async Task<(HttpStatusCode Status, string Body)> PostAsync(FlowClient client, string page, string path, Dictionary<string, string> values)
    {
        using var shown = await client.Http.GetAsync(page);
        values["__RequestVerificationToken"] = Token().Match(await shown.Content.ReadAsStringAsync()).Groups[1].Value;
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new FormUrlEncodedContent(values) };
        request.Headers.Add("Cookie", shown.Headers.GetValues("Set-Cookie").Select(c => c.Split(';')[0]));
        using var answer = await client.Http.SendAsync(request);
        return (answer.StatusCode, WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync()));
    }

    [GeneratedRegex("name=\"__RequestVerificationToken\"[^>]*value=\"([^\"]+)\"")]
    private static partial Regex Token();
}
