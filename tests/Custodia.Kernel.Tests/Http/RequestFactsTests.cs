using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Custodia.Kernel.Http;
using Custodia.Testing;

namespace Custodia.Kernel.Tests.Http;

public sealed class RequestFactsTests(PlainServer server) : IClassFixture<PlainServer>
{
    [Theory]
    [InlineData("10.0.0.1", "203.0.113.7", "203.0.113.7")]
    [InlineData("10.0.0.1", "203.0.113.7:4711", "203.0.113.7")]
    [InlineData("10.0.0.1", "[2001:db8::1]:443", "2001:db8::1")]
    [InlineData("10.0.0.1", "::ffff:203.0.113.7", "203.0.113.7")]
    [InlineData("10.0.0.1", "1.2.3.4, 203.0.113.7", "203.0.113.7")]
    [InlineData("10.0.0.1", "1.2.3.4, 203.0.113.7, 10.0.0.2", "203.0.113.7")]
    [InlineData("10.0.0.1", "unknown, 10.0.0.2", "10.0.0.2")]
    [InlineData("10.0.0.1", "", "10.0.0.1")]
    [InlineData("192.0.2.9", "203.0.113.7", "192.0.2.9")]
    public void The_client_is_the_first_address_that_no_trusted_proxy_has(string peer, string forwardedFor, string client) =>
        new TrustedProxies(["10.0.0.0/8"]).ClientOf(IPAddress.Parse(peer), forwardedFor).ToString().ShouldBe(client);

    [Fact]
    public async Task A_header_of_somebody_who_is_no_trusted_proxy_is_not_believed()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/testing/facts") { Headers = { { "X-Forwarded-For", "203.0.113.7" }, { "X-Forwarded-Proto", "https" } } };
        using var answer = await server.Client().SendAsync(request);
        var facts = await answer.Content.ReadFromJsonAsync<JsonElement>();
        facts.GetProperty("ip").GetString().ShouldBe("127.0.0.1");
        facts.GetProperty("scheme").GetString().ShouldBe("http");
    }

    [Fact]
    public async Task A_trusted_proxy_is_believed()
    {
        await using var behind = await CustodiaServer.StartAsync(s =>
        {
            s.Modules = [new PlainModule()];
            s.Settings["Custodia:Http:TrustedProxies:0"] = "127.0.0.1";
        });
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/testing/facts") { Headers = { { "X-Forwarded-For", "203.0.113.7" }, { "X-Forwarded-Proto", "https" } } };
        using var answer = await behind.Client().SendAsync(request);
        var facts = await answer.Content.ReadFromJsonAsync<JsonElement>();
        facts.GetProperty("ip").GetString().ShouldBe("203.0.113.7");
        facts.GetProperty("scheme").GetString().ShouldBe("https");
    }

    [Theory]
    [InlineData("abcdef-1234", true)]
    [InlineData("short", false)]
    [InlineData("has blank in it", false)]
    [InlineData("way-too-long-way-too-long-way-too-long-way-too-long-way-too-long-way-too-long", false)]
    public async Task A_request_id_is_taken_over_when_it_is_sound(string given, bool taken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/nothing");
        request.Headers.TryAddWithoutValidation("X-Request-Id", given);
        using var answer = await server.Client().SendAsync(request);
        var id = answer.Headers.GetValues("X-Request-Id").Single();
        (id == given).ShouldBe(taken);
        RequestFactsMiddleware.IsRequestId(id).ShouldBeTrue();
    }

    [Theory]
    [InlineData("/health/live")]
    [InlineData("/api/v1/nothing")]
    [InlineData("/api/v1/testing/fail")]
    [InlineData("/api/v1/testing/read")]
    public async Task Every_answer_carries_the_security_headers(string path)
    {
        using var answer = await server.Client().GetAsync(path);
        answer.Headers.GetValues("Content-Security-Policy").Single().ShouldNotContain("unsafe-inline");
        answer.Headers.GetValues("X-Content-Type-Options").Single().ShouldBe("nosniff");
        answer.Headers.Contains("Server").ShouldBeFalse();
    }
}
