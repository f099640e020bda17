using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Custodia.Integration.Tests;

public sealed class ExpressTests(IntegrationServer server) : IClassFixture<IntegrationServer>
{
    [Fact]
    public async Task An_express_flow_answers_and_leaves_no_job()
    {
        var client = await FlowClient.OfAsync(server);
        var (_, flow, url) = await client.DeployAsync("flow: 1\nname: quick\nmode: express\ntrigger: { http: { path: quick } }\nsteps:\n  - set: { a: \"${ .payload.n }\" }\n  - respond: { status: 201, body: { n: \"${ .variables.a }\" } }\n");
        using var answer = await client.Http.PostAsJsonAsync(url, new { n = 5 });
        answer.StatusCode.ShouldBe(HttpStatusCode.Created);
        answer.Headers.GetValues("Custodia-Promise").ShouldBe(["at-most-once"]);
        (await answer.Content.ReadAsStringAsync()).ShouldBe("""{"n":5}""");
        (await client.JobsAsync(flow)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_durable_flow_says_what_it_promises_too()
    {
        var client = await FlowClient.OfAsync(server);
        var url = (await client.DeployAsync("flow: 1\nname: slow\ntrigger: { http: { path: slow, answer: accepted } }\nsteps: []\n")).Url;
        using var answer = await client.Http.PostAsJsonAsync(url, new { });
        answer.Headers.GetValues("Custodia-Promise").ShouldBe(["at-least-once"]);
    }

    [Fact]
    public async Task A_call_of_an_express_flow_is_made_once_even_when_it_fails()
    {
        await using var receiver = await Receiver.StartAsync();
        receiver.Answer = (_, http) =>
        {
            http.Response.StatusCode = 503;
            return Task.CompletedTask;
        };
        var client = await FlowClient.OfAsync(server);
        var url = (await client.DeployAsync($"flow: 1\nname: once\nmode: express\ntrigger: {{ http: {{ path: once }} }}\nsteps:\n  - call: http.request\n    with: {{ url: \"{receiver.Url}\" }}\n  - respond: {{ body: done }}\n")).Url;
        using var answer = await client.Http.PostAsJsonAsync(url, new { });
        (await answer.ShouldBeProblemAsync(502, "flow-failed")).GetProperty("code").GetString().ShouldBe("http-503");
        receiver.Keys.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_key_is_refused_where_nothing_is_kept()
    {
        var client = await FlowClient.OfAsync(server);
        var url = (await client.DeployAsync("flow: 1\nname: keyless\nmode: express\ntrigger: { http: { path: keyless } }\nsteps:\n  - respond: { body: a }\n")).Url;
        using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = JsonContent.Create(new { }) };
        request.Headers.Add("Idempotency-Key", "a");
        using var answer = await client.Http.SendAsync(request);
        (await answer.ShouldBeProblemAsync(400, "invalid")).GetProperty("errors").TryGetProperty("Idempotency-Key", out JsonElement _).ShouldBeTrue();
    }
}
