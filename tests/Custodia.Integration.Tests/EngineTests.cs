using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Custodia.Testing;
using Microsoft.AspNetCore.Http;

namespace Custodia.Integration.Tests;

public sealed class EngineTests(IntegrationServer server) : IClassFixture<IntegrationServer>
{
    [Fact]
    public async Task A_call_that_fails_for_a_while_is_tried_again_with_the_same_key()
    {
        await using var receiver = await Receiver.StartAsync();
        receiver.Answer = (call, http) =>
        {
            http.Response.StatusCode = call < 3 ? 503 : 200;
            return Task.CompletedTask;
        };
        var (client, flow) = await StartAsync("retry", $"{{ url: {receiver.Url}, method: POST, keyed: true }}", "\n    retry: { times: 3, backoff: 60s }");
        for (var call = 1; call <= 2; call++)
        {
            // It waits long enough to be seen waiting, however slow the machine.
            await receiver.CalledAsync(call);
            await client.JobInStateAsync(flow, "waiting");
            server.Time.Advance(TimeSpan.FromMinutes(3));
        }

        var job = await client.JobAsync(await client.JobInStateAsync(flow, "done"));
        var step = job.GetProperty("steps").EnumerateArray().ShouldHaveSingleItem();
        step.GetProperty("tries").GetInt32().ShouldBe(3);
        receiver.Keys.Count.ShouldBe(3);
        receiver.Effects.ShouldBe(1);
    }

    [Fact]
    public async Task When_tries_are_used_up_the_job_fails_and_a_person_can_drive_it_again()
    {
        await using var receiver = await Receiver.StartAsync();
        receiver.Answer = (call, http) =>
        {
            http.Response.StatusCode = call == 1 ? 500 : 200;
            return Task.CompletedTask;
        };
        var (client, flow) = await StartAsync("redrive", $"{{ url: {receiver.Url} }}");
        var id = await client.JobInStateAsync(flow, "failed");
        (await client.JobAsync(id)).GetProperty("job").GetProperty("error").GetString().ShouldBe("http-500");
        await client.PostAsync($"/jobs/{id}/retry", new { });
        await client.JobInStateAsync(flow, "done");
    }

    [Fact]
    public async Task A_call_that_must_not_be_repeated_and_got_no_answer_waits_for_a_person()
    {
        await using var receiver = await Receiver.StartAsync();
        receiver.Answer = (_, http) =>
        {
            http.Abort();
            return Task.CompletedTask;
        };
        var (client, flow) = await StartAsync("doubt", $"{{ url: {receiver.Url}, method: POST }}", "\n    retry: { times: 5, backoff: 100ms }");
        var id = await client.JobInStateAsync(flow, "in-doubt");
        receiver.Keys.Count.ShouldBe(1);
        await client.PostAsync($"/jobs/{id}/cancel", new { });
        await client.JobInStateAsync(flow, "cancelled");
        using var again = await client.Http.PostAsJsonAsync($"/api/v1/integration/jobs/{id}/cancel", new { });
        again.StatusCode.ShouldBe(HttpStatusCode.Conflict);
    }

    [Fact]
    public async Task A_call_to_a_server_that_is_not_there_has_had_no_effect_and_is_tried_again()
    {
        var nobody = $"http://127.0.0.1:{CustodiaProcess.FreePort()}/";
        var (client, flow) = await StartAsync("nobody", $"{{ url: \"{nobody}\", method: POST }}", "\n    retry: { times: 1, backoff: 60s }");
        await client.JobInStateAsync(flow, "waiting");
        server.Time.Advance(TimeSpan.FromMinutes(2));
        var job = await client.JobAsync(await client.JobInStateAsync(flow, "failed"));
        job.GetProperty("job").GetProperty("error").GetString().ShouldBe("unreachable");
        job.GetProperty("steps")[0].GetProperty("tries").GetInt32().ShouldBe(2);
    }

    [Fact]
    public async Task What_a_call_answers_is_what_the_next_step_reads()
    {
        await using var receiver = await Receiver.StartAsync();
        receiver.Answer = (_, http) => http.Response.WriteAsJsonAsync(new { items = new[] { new { name = "first" } } });
        var client = await FlowClient.OfAsync(server);
        var url = (await client.DeployAsync($$"""
            flow: 1
            name: reads
            trigger: { http: { path: reads } }
            steps:
              - call: http.request
                with: { url: "{{receiver.Url}}" }
                into: answer
              - respond: { body: "${ .variables.answer.body.items[0].name }" }
            """)).Url;
        using var answer = await client.Http.PostAsJsonAsync(url, new { });
        (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetString().ShouldBe("first");
    }

    [Fact]
    public async Task A_cancelled_job_writes_nothing_more()
    {
        await using var receiver = await Receiver.StartAsync();
        var go = new TaskCompletionSource();
        receiver.Answer = (_, http) => go.Task;
        var (client, flow) = await StartAsync("cancel", $"{{ url: {receiver.Url} }}");
        await receiver.CalledAsync(1);
        var id = await client.JobInStateAsync(flow, "running");
        await client.PostAsync($"/jobs/{id}/cancel", new { });
        go.SetResult();
        await Task.Delay(300);
        await client.JobInStateAsync(flow, "cancelled");
        (await client.JobAsync(id)).GetProperty("steps")[0].GetProperty("state").GetString().ShouldBe("started");
    }

    private async Task<(FlowClient Client, Guid Flow)> StartAsync(string path, string inputs, string more = "")
    {
        var client = await FlowClient.OfAsync(server);
        var text = $"flow: 1\nname: {path}\ntrigger: {{ http: {{ path: {path}, answer: accepted }} }}\nsteps:\n  - call: http.request\n    with: {inputs}{more}\n";
        var (_, flow, url) = await client.DeployAsync(text);
        using var answer = await client.Http.PostAsJsonAsync(url, new { });
        answer.StatusCode.ShouldBe(HttpStatusCode.Accepted, await answer.Content.ReadAsStringAsync());
        return (client, flow);
    }
}
