using System.Net.Http.Json;
using System.Text.Json;
using Custodia.Testing;

namespace Custodia.Integration.Tests;

/// <summary>A server whose flows may call receivers on this machine.</summary>
public sealed class IntegrationServer : CustodiaServer
{
    protected override void Prepare() => Settings["Custodia:Http:AllowedPrivateNetworks:0"] = "127.0.0.0/8";
}

/// <summary>The API as an application of the account uses it.</summary>
internal sealed class FlowClient(HttpClient http)
{
    private const string Root = "/api/v1/integration";

    public HttpClient Http { get; } = http;

    public static async Task<FlowClient> OfAsync(CustodiaServer server) => new(await server.AdminAsync());

    /// <summary>Puts one flow into a project of its own and deploys it.</summary>
    public async Task<Deployed> DeployAsync(string text)
    {
        var name = Guid.CreateVersion7().ToString("N")[..12];
        var group = await PostAsync("/groups", new { name });
        var project = await PostAsync("/projects", new { group = group.GetProperty("id").GetGuid(), name });
        var projectId = project.GetProperty("id").GetGuid();
        var flow = await PostAsync("/flows", new { project = projectId, text });
        var deployed = await PostAsync($"/projects/{projectId}/deployments", new { });
        return new Deployed(projectId, flow.GetProperty("id").GetGuid(), deployed.GetProperty("addresses").EnumerateArray().Select(a => a.GetString()!).SingleOrDefault() ?? "");
    }

    public async Task<JsonElement> PostAsync(string path, object body)
    {
        using var answer = await Http.PostAsJsonAsync(Root + path, body);
        var text = await answer.Content.ReadAsStringAsync();
        answer.IsSuccessStatusCode.ShouldBeTrue($"{path}: {(int)answer.StatusCode} {text}");
        return text.Length == 0 ? default : JsonSerializer.Deserialize<JsonElement>(text);
    }

    public async Task<IReadOnlyList<(int Line, int Column, string Rule, string Severity)>> CheckAsync(string text)
    {
        var answer = await PostAsync("/flows/check", new { text });
        return [.. answer.GetProperty("findings").EnumerateArray().Select(f => (
            f.GetProperty("line").GetInt32(), f.GetProperty("column").GetInt32(), f.GetProperty("rule").GetString()!, f.GetProperty("severity").GetString()!))];
    }

    public async Task<JsonElement> JobAsync(Guid id) => await Http.GetFromJsonAsync<JsonElement>($"{Root}/jobs/{id}");

    public async Task<IReadOnlyList<JsonElement>> JobsAsync(Guid flow) =>
        [.. (await Http.GetFromJsonAsync<JsonElement>($"{Root}/jobs?flow={flow}")).GetProperty("items").EnumerateArray()];

    /// <summary>The flow's only job, once it has the state.</summary>
    public async Task<Guid> JobInStateAsync(Guid flow, string state)
    {
        string seen = "";
        for (var i = 0; i < 600; i++)
        {
            var jobs = await JobsAsync(flow);
            if (jobs is [var job] && (seen = job.GetProperty("state").GetString()!) == state) return job.GetProperty("id").GetGuid();
            await Task.Delay(50);
        }

        throw new TimeoutException($"The job is '{seen}' and not '{state}'.");
    }

    internal sealed record Deployed(Guid Project, Guid Flow, string Url);
}
