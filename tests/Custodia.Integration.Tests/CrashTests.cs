using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Custodia.Testing;
using Microsoft.AspNetCore.Http;

namespace Custodia.Integration.Tests;

public sealed class CrashTests
{
    private static readonly Dictionary<string, string?> Environment = new() { ["Custodia__Http__AllowedPrivateNetworks__0"] = "127.0.0.0/8", ["Logging__LogLevel__Default"] = "Warning" };

    [Fact]
    public async Task A_killed_worker_resumes_at_the_step_and_keyed_effects_happen_once()
    {
        await using var receiver = await Receiver.StartAsync();
        using var folder = new TemporaryFolder();
        var hanging = new TaskCompletionSource();
        receiver.Answer = (call, http) => call == 2 ? hanging.Task : http.Response.WriteAsJsonAsync(new { call });
        Guid keyed;
        await using (var first = await CustodiaProcess.StartAsync(folder.Path, Environment))
        {
            var client = await ClientAsync(first, folder.Path);
            keyed = await StartAsync(client, "keyed", receiver.Url, ", keyed: true");
            await receiver.CalledAsync(2);
            await first.KillAsync();
        }

        hanging.SetResult();
        await using var second = await CustodiaProcess.StartAsync(folder.Path, Environment);
        var again = await ClientAsync(second, folder.Path);
        var job = await again.JobAsync(await again.JobInStateAsync(keyed, "done"));
        // Two calls, the second of them twice: the first was over, so it was not made again.
        receiver.Keys.Count.ShouldBe(3);
        receiver.Effects.ShouldBe(2);
        job.GetProperty("steps").EnumerateArray().Select(s => s.GetProperty("tries").GetInt32()).ShouldBe([1, 2]);
    }

    [Fact]
    public async Task A_killed_worker_leaves_an_unsafe_call_to_a_person_and_a_retry_makes_it_again()
    {
        await using var receiver = await Receiver.StartAsync();
        using var folder = new TemporaryFolder();
        var hanging = new TaskCompletionSource();
        receiver.Answer = (call, http) => call == 2 ? hanging.Task : http.Response.WriteAsJsonAsync(new { call });
        Guid flow;
        await using (var first = await CustodiaProcess.StartAsync(folder.Path, Environment))
        {
            flow = await StartAsync(await ClientAsync(first, folder.Path), "unsafe", receiver.Url, "");
            await receiver.CalledAsync(2);
            await first.KillAsync();
        }

        hanging.SetResult();
        await using var second = await CustodiaProcess.StartAsync(folder.Path, Environment);
        var again = await ClientAsync(second, folder.Path);
        var id = await again.JobInStateAsync(flow, "in-doubt");
        receiver.Keys.Count.ShouldBe(2);
        await again.PostAsync($"/jobs/{id}/retry", new { });
        await again.JobInStateAsync(flow, "done");
        receiver.Keys.Count.ShouldBe(3);
    }

    private static async Task<Guid> StartAsync(FlowClient client, string name, string url, string more)
    {
        var call = $"  - call: http.request\n    with: {{ url: {url}, method: POST{more} }}\n";
        var (_, flow, address) = await client.DeployAsync($"flow: 1\nname: {name}\ntrigger: {{ http: {{ path: {name}, answer: accepted }} }}\nsteps:\n{call}{call}");
        using var answer = await client.Http.PostAsJsonAsync(address, new { });
        answer.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        return flow;
    }

    private static async Task<FlowClient> ClientAsync(CustodiaProcess process, string folder)
    {
        var http = process.Client();
        var file = JsonSerializer.Deserialize<InitialAdmin>(await File.ReadAllTextAsync(Path.Combine(folder, "initial-admin.json")), JsonSerializerOptions.Web)!;
        // The port may be another after a restart; the issuer is the one of the first start.
        var token = await TokenAsync(http, file);
        http.DefaultRequestHeaders.Authorization = new("Bearer", token);
        return new FlowClient(http);
    }

    private static async Task<string> TokenAsync(HttpClient http, InitialAdmin admin)
    {
        var path = new Uri(admin.Issuer).AbsolutePath;
        var discovery = await http.GetFromJsonAsync<JsonElement>($"{path}/.well-known/openid-configuration");
        using var form = new FormUrlEncodedContent([new("grant_type", "client_credentials"), new("client_id", admin.ClientId), new("client_secret", admin.ClientSecret)]);
        using var answer = await http.PostAsync(new Uri(discovery.GetProperty("token_endpoint").GetString()!).PathAndQuery, form);
        answer.EnsureSuccessStatusCode();
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("access_token").GetString()!;
    }
}
