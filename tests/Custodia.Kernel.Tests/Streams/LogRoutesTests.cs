using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Custodia.Kernel.Access;
using Custodia.Kernel.Streams;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Custodia.Kernel.Tests.Streams;

/// <summary>The routes over real HTTP; who calls is said by headers here, because Identity is another module's room.</summary>
public sealed class LogRoutesTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("custodia-streams-").FullName;
    private readonly SocketsHttpHandler _handler = new();
    private StreamFixture _logs = null!;
    private WebApplication _app = null!;
    private HttpMessageInvoker _http = null!;
    private string _address = "";

    public async Task InitializeAsync()
    {
        _logs = new StreamFixture(_folder);
        await _logs.AppendAsync(0, 120);
        await _logs.AppendAsync(120, 3, account: 2);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton(_logs.Set);
        builder.Services.AddSingleton(_logs.Policy);
        builder.Services.AddProblemDetails();
        _app = builder.Build();
        _app.Use((http, next) =>
        {
            var kind = Enum.Parse<CallerKind>(http.Request.Headers["Kind"].ToString());
            http.SetCaller(new Caller(kind, 1, 1, null, 1, "somebody", "staff", RequestSource.Api, "token") { Roles = [.. http.Request.Headers["Role"]!] });
            return next(http);
        });
        _app.MapLogs();
        await _app.StartAsync();
        _address = _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        _http = new HttpMessageInvoker(_handler);
    }

    public async Task DisposeAsync()
    {
        _http.Dispose();
        await _app.DisposeAsync();
        await _logs.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
        Directory.Delete(_folder + "-keys", recursive: true);
    }

    [Fact]
    public async Task A_role_on_the_whitelist_reads_its_accounts_log_page_by_page()
    {
        var first = await Json("/api/v1/logs/test.audit?limit=100&field.area=users", role: "auditor");
        first.GetProperty("items").GetArrayLength().ShouldBe(60);
        first.GetProperty("nextCursor").ValueKind.ShouldBe(JsonValueKind.Null);
        var page = await Json("/api/v1/logs/test.audit?limit=100", role: "auditor");
        var item = page.GetProperty("items")[0];
        item.GetProperty("fields").GetProperty("note").GetString().ShouldBe("note number 119");
        item.GetProperty("shredded").GetBoolean().ShouldBeFalse();
        var next = await Json($"/api/v1/logs/test.audit?limit=100&cursor={page.GetProperty("nextCursor").GetString()}", role: "auditor");
        next.GetProperty("items").GetArrayLength().ShouldBe(20);
    }

    [Fact]
    public async Task An_application_reads_by_its_permission()
    {
        (await Json("/api/v1/logs/test.audit?requestId=request-000007", kind: "Application")).GetProperty("items").GetArrayLength().ShouldBe(1);
        (await Json("/api/v1/logs", kind: "Application")).GetProperty("items").GetArrayLength().ShouldBe(2);
    }

    [Fact]
    public async Task A_role_off_the_whitelist_is_refused_and_told_which_are_on_it()
    {
        using var answer = await Send("/api/v1/logs/test.audit", role: "developer");
        answer.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>();
        problem.GetProperty("whitelist")[0].GetString().ShouldBe("auditor");
        (await Json("/api/v1/logs", role: "developer")).GetProperty("items").GetArrayLength().ShouldBe(0);
    }

    [Theory]
    [InlineData("limit=0", "limit")]
    [InlineData("limit=x", "limit")]
    [InlineData("from=yesterday", "from")]
    [InlineData("person=alice", "person")]
    [InlineData("cursor=zzz", "cursor")]
    [InlineData("colour=red", "colour")]
    [InlineData("actor=a&actor=b", "actor")]
    [InlineData("field.nothing=1", "field.nothing")]
    [InlineData("from=2026-11-22T00:00:00Z&to=2026-11-21T00:00:00Z", "to")]
    public async Task A_wrong_parameter_is_named(string query, string field)
    {
        foreach (var path in new[] { "", "/export" })
        {
            using var answer = await Send($"/api/v1/logs/test.audit{path}?{query}", role: "auditor");
            answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest, path);
            var problem = await answer.Content.ReadFromJsonAsync<JsonElement>();
            problem.GetProperty("errors").TryGetProperty(field, out _).ShouldBeTrue(problem.ToString());
        }
    }

    [Fact]
    public async Task An_unknown_log_is_not_found_and_an_unknown_format_is_named()
    {
        using var missing = await Send("/api/v1/logs/test.nothing", role: "auditor");
        missing.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        using var format = await Send("/api/v1/logs/test.audit/export?format=xlsx", role: "auditor");
        format.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task An_export_is_a_file_of_everything_that_matches()
    {
        using var csv = await Send("/api/v1/logs/test.audit/export?format=csv&result=failure", role: "auditor");
        csv.Content.Headers.ContentType!.MediaType.ShouldBe("text/csv");
        csv.Content.Headers.ContentDisposition!.FileName.ShouldBe("test.audit.csv");
        (await csv.Content.ReadAsStringAsync()).Split("\r\n").Length.ShouldBe(1 + 12 + 1);
        using var json = await Send("/api/v1/logs/test.audit/export", role: "auditor");
        (await json.Content.ReadAsStringAsync()).Split('\n').Length.ShouldBe(120 + 1);
    }

    private async Task<JsonElement> Json(string path, string role = "", string kind = "SubAccount")
    {
        using var answer = await Send(path, role, kind);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, await answer.Content.ReadAsStringAsync());
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }

    private Task<HttpResponseMessage> Send(string path, string role = "", string kind = "SubAccount")
    {
        var request = new HttpRequestMessage(HttpMethod.Get, _address + path);
        request.Headers.Add("Kind", kind);
        request.Headers.Add("Role", role);
        return _http.SendAsync(request, CancellationToken.None);
    }
}
