using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace Custodia.Integration.Tests;

public sealed class TriggerTests(IntegrationServer server) : IClassFixture<IntegrationServer>
{
    private static string Echo(string path, string access = "token", string answer = "sync") => $$"""
        flow: 1
        name: echo
        trigger:
          http: { method: POST, path: {{path}}, access: {{access}}, answer: {{answer}} }
        steps:
          - choice:
              - when: ${ .payload.name == null }
                steps:
                  - respond: { status: 400, body: { error: no name } }
          - set: { greeting: "Hello, ${ .payload.name }" }
          - respond: { status: 201, body: { text: "${ .variables.greeting }", list: "${ .payload.list }" } }
        """;

    [Fact]
    public async Task Whoever_registers_gets_the_sample_flows_mail_once()
    {
        // The sample people registered before the flow was deployed; their events waited in the outbox.
        for (var i = 0; i < 600 && (await server.OutboxAsync("ada@customers.example")).Count == 0; i++) await Task.Delay(50);
        var mail = (await server.OutboxAsync("ada@customers.example")).ShouldHaveSingleItem();
        mail.Subject.ShouldBe("Welcome, Ada Marlow");
        mail.Origin.ShouldBe("integration.flow");
    }

    [Fact]
    public async Task A_flow_answers_the_call_that_started_it()
    {
        var client = await FlowClient.OfAsync(server);
        var url = (await client.DeployAsync(Echo("echo/sync"))).Url;
        using var answer = await client.Http.PostAsJsonAsync(url, new { name = "Ada", list = new[] { 1, 2 } });
        answer.StatusCode.ShouldBe(HttpStatusCode.Created, await answer.Content.ReadAsStringAsync());
        (await answer.Content.ReadAsStringAsync()).ShouldBe("""{"text":"Hello, Ada","list":[1,2]}""");
        using var other = await client.Http.PostAsJsonAsync(url, new { });
        other.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task A_repeated_call_with_the_same_key_is_the_first_call()
    {
        var client = await FlowClient.OfAsync(server);
        var (_, flow, url) = await client.DeployAsync(Echo("echo/keyed", answer: "accepted"));
        var jobs = new List<string>();
        for (var i = 0; i < 3; i++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = JsonContent.Create(new { name = "Ada" }) };
            request.Headers.Add("Idempotency-Key", "order-4711");
            using var answer = await client.Http.SendAsync(request);
            answer.StatusCode.ShouldBe(HttpStatusCode.Accepted);
            jobs.Add((await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("job").GetString()!);
        }

        jobs.Distinct().ShouldHaveSingleItem();
        (await client.JobsAsync(flow)).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_call_that_does_not_fit_gets_a_problem_and_no_job()
    {
        var client = await FlowClient.OfAsync(server);
        var (_, flow, url) = await client.DeployAsync(Echo("echo/strict"));
        (await StatusAsync(server.Client(), HttpMethod.Post, url, JsonContent.Create(new { }))).ShouldBe(HttpStatusCode.Unauthorized);
        (await StatusAsync(client.Http, HttpMethod.Post, url, new StringContent("{", Encoding.UTF8, "application/json"))).ShouldBe(HttpStatusCode.BadRequest);
        (await StatusAsync(client.Http, HttpMethod.Post, url, new StringContent("a=b", Encoding.UTF8, "application/x-www-form-urlencoded"))).ShouldBe(HttpStatusCode.UnsupportedMediaType);
        (await StatusAsync(client.Http, HttpMethod.Put, url, JsonContent.Create(new { }))).ShouldBe(HttpStatusCode.NotFound);
        (await StatusAsync(client.Http, HttpMethod.Post, url + "/none", JsonContent.Create(new { }))).ShouldBe(HttpStatusCode.NotFound);
        (await client.JobsAsync(flow)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_flow_opens_itself_to_anyone_by_saying_so()
    {
        var url = (await (await FlowClient.OfAsync(server)).DeployAsync(Echo("echo/open", access: "anyone"))).Url;
        using var answer = await server.Client().PostAsJsonAsync(url, new { name = "you" });
        answer.StatusCode.ShouldBe(HttpStatusCode.Created);
    }

    [Fact]
    public async Task A_flow_with_errors_is_kept_but_not_deployed()
    {
        var client = await FlowClient.OfAsync(server);
        var group = await client.PostAsync("/groups", new { name = "drafts" });
        var project = (await client.PostAsync("/projects", new { group = group.GetProperty("id").GetGuid(), name = "drafts" })).GetProperty("id").GetGuid();
        using var saved = await client.Http.PostAsJsonAsync("/api/v1/integration/flows", new { project, text = "flow: 1\nname: bad\nsteps:\n  - jump: 1" });
        saved.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        var problem = await saved.Content.ReadFromJsonAsync<JsonElement>();
        problem.GetProperty("findings")[0].GetProperty("line").GetInt32().ShouldBe(4);
        using var deployed = await client.Http.PostAsJsonAsync($"/api/v1/integration/projects/{project}/deployments", new { });
        deployed.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        var id = problem.GetProperty("id").GetGuid();
        using var changed = await client.Http.PutAsJsonAsync($"/api/v1/integration/flows/{id}", new { text = "flow: 1\nname: good\nsteps: []", revision = 1 });
        changed.StatusCode.ShouldBe(HttpStatusCode.OK, await changed.Content.ReadAsStringAsync());
        using var stale = await client.Http.PutAsJsonAsync($"/api/v1/integration/flows/{id}", new { text = "flow: 1\nname: good\nsteps: []", revision = 1 });
        stale.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        using var again = await client.Http.PostAsJsonAsync($"/api/v1/integration/projects/{project}/deployments", new { });
        again.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Without_a_permission_nothing_is_told_and_what_is_not_there_is_not_found()
    {
        (await server.Client().GetAsync("/api/v1/integration/jobs")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        var http = await server.AdminAsync();
        foreach (var path in new[] { "jobs", "flows" }) (await http.GetAsync($"/api/v1/integration/{path}/{Guid.CreateVersion7()}")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    private static async Task<HttpStatusCode> StatusAsync(HttpClient http, HttpMethod method, string url, HttpContent content)
    {
        using var request = new HttpRequestMessage(method, url) { Content = content };
        using var answer = await http.SendAsync(request);
        return answer.StatusCode;
    }
}
