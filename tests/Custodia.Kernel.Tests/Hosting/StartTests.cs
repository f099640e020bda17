using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Custodia.Testing;

namespace Custodia.Kernel.Tests.Hosting;

public sealed class StartTests(CustodiaServer server) : IClassFixture<CustodiaServer>
{
    [Fact]
    public async Task A_started_server_is_live_and_ready()
    {
        using var live = await server.Client().GetAsync("/health/live");
        live.StatusCode.ShouldBe(HttpStatusCode.OK);
        var ready = await server.Client().GetFromJsonAsync<JsonElement>("/health/ready");
        ready.GetProperty("status").GetString().ShouldBe("ready");
        ready.GetProperty("parts").GetProperty("database").GetBoolean().ShouldBeTrue();
    }

    [Fact]
    public async Task The_first_administrators_token_opens_the_api()
    {
        using var answer = await (await server.AdminAsync()).GetAsync("/api/v1/statistics");
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        using var without = await server.Client().GetAsync("/api/v1/statistics");
        without.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task The_api_is_described_for_everyone()
    {
        var document = await server.Client().GetFromJsonAsync<JsonElement>("/openapi/v1.json");
        document.GetProperty("info").GetProperty("title").GetString().ShouldBe("Custodia administrative API");
    }
}
