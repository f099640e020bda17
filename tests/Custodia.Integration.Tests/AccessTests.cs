using System.Collections.Frozen;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Custodia.Kernel.Access;
using Custodia.Kernel.Streams;
using Custodia.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Custodia.Integration.Tests;

/// <summary>The real server; who calls is said by a header, so that two accounts can be played.</summary>
public sealed class TwoAccounts : CustodiaServer
{
    private const long Owners = 300_000_000_077;
    private const long Strangers = 300_000_000_078;

    public TwoAccounts()
    {
        Settings["Custodia:SampleContent"] = "false";
        Adjust = builder =>
        {
            builder.Services.AddSingleton<ICallerResolver>(new HeaderCallers());
            builder.Services.AddOpenAccounts(Owners, Strangers);
        };
    }

    public HttpClient As(string who)
    {
        var client = Client();
        client.DefaultRequestHeaders.Add("X-Test-Caller", who);
        client.DefaultRequestHeaders.Add("X-Auth-Token", who);
        return client;
    }

    private sealed class HeaderCallers : ICallerResolver
    {
        public ValueTask<Caller?> ResolveAsync(HttpContext http, AccessRule rule, CancellationToken cancellation) => ValueTask.FromResult(http.Request.Headers["X-Test-Caller"].ToString() switch
        {
            "owner" => Of(Owners, Permissions.All),
            "stranger" => Of(Strangers, Permissions.All),
            "reader" => Of(Owners, [.. Permissions.All.Where(p => p.Id.EndsWith(".read", StringComparison.Ordinal))]),
            _ => null,
        });

        public string SignInPath(HttpContext http, AccessRule rule) => "/d/staff/sign-in";

        private static Caller Of(long account, Permission[] may) =>
            new(CallerKind.SubAccount, account, account - 300_000_000_000, Guid.CreateVersion7(), 9, "somebody", "staff", RequestSource.Api, "test")
            {
                Roles = [Role.Owner],
                Permissions = may.Select(p => p.Id).ToFrozenSet(StringComparer.Ordinal),
            };
    }
}

public sealed class AccessTests(TwoAccounts server) : IClassFixture<TwoAccounts>
{
    private const string Root = "/api/v1/integration";

    [Fact]
    public async Task What_belongs_to_another_account_is_not_found_anywhere()
    {
        var owner = new FlowClient(server.As("owner"));
        var group = (await owner.PostAsync("/groups", new { name = "mine" })).GetProperty("id").GetGuid();
        var (project, flow, url) = await owner.DeployAsync("flow: 1\nname: mine\ntrigger: { http: { path: mine, answer: accepted } }\nsteps: []");
        using var started = await owner.Http.PostAsJsonAsync(url, new { });
        started.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        var job = await owner.JobInStateAsync(flow, "done");
        var stranger = server.As("stranger");
        foreach (var (method, path, body) in Everything(group, project, flow, job))
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), Root + path) { Content = body is null ? null : JsonContent.Create(body) };
            using var answer = await stranger.SendAsync(request);
            await answer.ShouldBeProblemAsync(404, "not-found");
        }

        foreach (var list in new[] { "groups", "projects", "flows", "instances", "jobs", $"projects?group={group}", $"jobs?flow={flow}", $"instances?project={project}" })
            (await stranger.GetFromJsonAsync<JsonElement>($"{Root}/{list}")).GetProperty("items").GetArrayLength().ShouldBe(0, list);
        foreach (var page in new[] { $"/console/flows/{flow:N}", $"/console/jobs/{job:N}" }) (await stranger.GetAsync(page)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await stranger.PostAsJsonAsync(url, new { })).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await owner.JobsAsync(flow)).ShouldHaveSingleItem().GetProperty("state").GetString().ShouldBe("done");
    }

    [Fact]
    public async Task Without_a_token_or_the_permission_nothing_is_done_and_the_attempt_is_on_record()
    {
        var owner = new FlowClient(server.As("owner"));
        var (project, flow, url) = await owner.DeployAsync("flow: 1\nname: closed\ntrigger: { http: { path: closed, answer: accepted } }\nsteps: []");
        var before = await AttemptsAsync();
        var refused = 0;
        foreach (var (method, path, body) in Everything(project, project, flow, flow).Where(e => e.Method != "GET" && !e.Path.EndsWith("/check", StringComparison.Ordinal) && !e.Path.EndsWith("/reveal", StringComparison.Ordinal)))
        {
            using var anonymous = new HttpRequestMessage(new HttpMethod(method), Root + path) { Content = body is null ? null : JsonContent.Create(body) };
            using var first = await server.Client().SendAsync(anonymous);
            await first.ShouldBeProblemAsync(401, null);
            using var reading = new HttpRequestMessage(new HttpMethod(method), Root + path) { Content = body is null ? null : JsonContent.Create(body) };
            using var second = await server.As("reader").SendAsync(reading);
            (await second.ShouldBeProblemAsync(403, "forbidden")).GetProperty("permission").GetString()!.ShouldStartWith("integration.");
            refused++;
        }

        (await server.As("reader").PostAsJsonAsync(url, new { })).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await AttemptsAsync() - before).ShouldBeGreaterThanOrEqualTo(refused);
        (await owner.JobsAsync(flow)).ShouldBeEmpty();
    }

    private static (string Method, string Path, object? Body)[] Everything(Guid group, Guid project, Guid flow, Guid job) =>
    [
        ("DELETE", $"/groups/{group}", null),
        ("POST", "/projects", new { group, name = "theirs" }),
        ("DELETE", $"/projects/{project}", null),
        ("POST", $"/projects/{project}/deployments", new { }),
        ("POST", $"/projects/{project}/deployments", new { version = 1 }),
        ("POST", "/flows", new { project, text = "flow: 1\nname: theirs\nsteps: []" }),
        ("GET", $"/flows/{flow}", null),
        ("PUT", $"/flows/{flow}", new { text = "flow: 1\nname: theirs\nsteps: []" }),
        ("GET", $"/jobs/{job}", null),
        ("POST", $"/jobs/{job}/cancel", null),
        ("POST", $"/jobs/{job}/retry", null),
        ("POST", $"/jobs/{job}/settle", null),
        ("POST", $"/jobs/{job}/reveal", new { purpose = "troubleshooting", reason = "curious" }),
    ];

    private async Task<int> AttemptsAsync()
    {
        var page = await server.Services.GetRequiredService<LogStreams>().QueryAsync(new StreamQuery("identity.admin-action-log", 300_000_000_077) { Limit = 500 }, default);
        return page.Entries.Count;
    }
}
