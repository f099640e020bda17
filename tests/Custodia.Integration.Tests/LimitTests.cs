using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Custodia.Integration.Engine;
using Custodia.Integration.Flows;

namespace Custodia.Integration.Tests;

public sealed class LimitTests(IntegrationServer server) : IClassFixture<IntegrationServer>
{
    private static readonly string Big = new('x', 300_000);

    [Theory]
    [InlineData("set: { a: \"${ .payload.big }\", b: \"${ .payload.big }\", c: \"${ .payload.big }\", d: \"${ .payload.big }\" }")]
    [InlineData("set: { a: \"${ .payload.big }${ .payload.big }${ .payload.big }${ .payload.big }\" }")]
    [InlineData("respond: { body: [ \"${ .payload.big }\", \"${ .payload.big }\", \"${ .payload.big }\", \"${ .payload.big }\" ] }")]
    public async Task A_message_that_outgrows_its_limit_fails_the_job_and_not_the_server(string step)
    {
        var client = await FlowClient.OfAsync(server);
        var path = $"big-{Guid.CreateVersion7():N}";
        var (_, flow, url) = await client.DeployAsync($"flow: 1\nname: big\ntrigger: {{ http: {{ path: {path} }} }}\nsteps:\n  - choice:\n      - when: ${{ .payload.big != null }}\n        steps:\n          - {step}\n  - respond: {{ body: small }}\n");
        using var answer = await client.Http.PostAsJsonAsync(url, new { big = Big });
        answer.StatusCode.ShouldBe(HttpStatusCode.BadGateway);
        (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString().ShouldBe("message-too-large");
        var job = (await client.JobAsync(await client.JobInStateAsync(flow, "failed"))).GetProperty("job");
        job.GetProperty("error").GetString().ShouldBe("message-too-large");
        job.GetProperty("errorPointer").GetString().ShouldBe("/steps/0/choice/0/steps/0");
        using var next = await client.Http.PostAsJsonAsync(url, new { });
        (await next.Content.ReadAsStringAsync()).ShouldBe("\"small\"");
    }

    [Fact]
    public async Task An_answer_that_makes_the_message_too_large_fails_its_call()
    {
        await using var receiver = await Receiver.StartAsync();
        receiver.Answer = (_, http) => Microsoft.AspNetCore.Http.HttpResponseJsonExtensions.WriteAsJsonAsync(http.Response, new string('y', 900_000));
        var client = await FlowClient.OfAsync(server);
        var (_, flow, url) = await client.DeployAsync($"flow: 1\nname: answer\ntrigger: {{ http: {{ path: large-answer, answer: accepted }} }}\nsteps:\n  - call: http.request\n    with: {{ url: \"{receiver.Url}\" }}\n    into: answer\n");
        using var started = await client.Http.PostAsJsonAsync(url, new { big = Big });
        started.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        var job = await client.JobAsync(await client.JobInStateAsync(flow, "failed"));
        job.GetProperty("steps")[0].GetProperty("error").GetString().ShouldBe("message-too-large");
    }

    [Fact]
    public async Task A_call_with_more_than_a_message_may_hold_starts_nothing()
    {
        var client = await FlowClient.OfAsync(server);
        var (_, flow, url) = await client.DeployAsync("flow: 1\nname: full\ntrigger: { http: { path: full, answer: accepted } }\nsteps: []\n");
        using var content = new StringContent("\"" + new string('x', MessageSize.Most - 20) + "\"", Encoding.UTF8, "application/json");
        using var answer = await client.Http.PostAsync(url, content);
        await answer.ShouldBeProblemAsync(413, "message-too-large");
        (await client.JobsAsync(flow)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_text_that_is_too_long_is_refused_with_its_limit_and_nothing_is_stored()
    {
        var client = await FlowClient.OfAsync(server);
        var (project, flow, _) = await client.DeployAsync("flow: 1\nname: long\nsteps: []");
        var text = "flow: 1\nname: long2\nsteps: []\n#" + new string('x', FlowReader.MaxLength);
        foreach (var (method, path) in new[] { (HttpMethod.Post, "flows"), (HttpMethod.Put, $"flows/{flow}") })
        {
            using var request = new HttpRequestMessage(method, $"/api/v1/integration/{path}") { Content = method == HttpMethod.Post ? JsonContent.Create(new { project, text }) : JsonContent.Create(new { text }) };
            using var answer = await client.Http.SendAsync(request);
            var problem = await answer.ShouldBeProblemAsync(413, "text-too-long");
            problem.GetProperty("field").GetString().ShouldBe("text");
            problem.GetProperty("limit").GetInt32().ShouldBe(FlowReader.MaxLength);
        }

        var stored = await client.Http.GetFromJsonAsync<JsonElement>($"/api/v1/integration/flows/{flow}");
        stored.GetProperty("revision").GetInt32().ShouldBe(1);
        using var huge = await client.Http.PutAsJsonAsync($"/api/v1/integration/flows/{flow}", new { text = new string('x', 2_000_000) });
        huge.StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
    }

    [Theory]
    [InlineData("groups", """{ "name": "a", "colour": "red" }""")]
    [InlineData("groups", """{ "name": 7 }""")]
    [InlineData("groups", """{ "name": "" }""")]
    [InlineData("groups", """{ }""")]
    [InlineData("groups", "[]")]
    [InlineData("groups", "{")]
    [InlineData("projects", """{ "group": "not-a-guid", "name": "a" }""")]
    [InlineData("flows", """{ "project": null, "text": "x" }""")]
    [InlineData("flows/check", """{ "text": [] }""")]
    public async Task A_body_that_does_not_fit_is_a_problem(string path, string body)
    {
        var client = await FlowClient.OfAsync(server);
        using var answer = await client.Http.PostAsync($"/api/v1/integration/{path}", new StringContent(body, Encoding.UTF8, "application/json"));
        await answer.ShouldBeProblemAsync(400, null);
    }
}

internal static class Problems
{
    /// <summary>The problem, which has this status and, unless null, this code.</summary>
    public static async Task<JsonElement> ShouldBeProblemAsync(this HttpResponseMessage answer, int status, string? code)
    {
        var text = await answer.Content.ReadAsStringAsync();
        ((int)answer.StatusCode).ShouldBe(status, text);
        answer.Content.Headers.ContentType?.MediaType.ShouldBe("application/problem+json");
        var problem = JsonSerializer.Deserialize<JsonElement>(text);
        if (code is not null) problem.GetProperty("type").GetString()!.ShouldEndWith(code);
        return problem;
    }
}
