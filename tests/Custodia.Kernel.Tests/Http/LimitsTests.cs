using System.Net;
using System.Net.Http.Headers;
using Custodia.Kernel.Http;
using Custodia.Testing;

namespace Custodia.Kernel.Tests.Http;

public sealed class LimitsTests
{
    [Fact]
    public async Task An_address_that_asks_too_often_has_to_wait()
    {
        await using var server = await StartAsync();
        using var client = server.Client();
        for (var i = 0; i < 5; i++) (await client.GetAsync("/api/v1/testing/facts")).StatusCode.ShouldBe(HttpStatusCode.OK);
        using var refused = await client.GetAsync("/api/v1/testing/facts");
        refused.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        refused.Headers.RetryAfter!.Delta!.Value.ShouldBeGreaterThan(TimeSpan.Zero);
        (await refused.Content.ReadAsStringAsync()).ShouldContain("urn:custodia:problem:too-many-requests");
        (await client.GetAsync("/health/live")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_signed_in_caller_has_a_limit_of_their_own()
    {
        await using var server = await StartAsync();
        using var anonymous = server.Client();
        for (var i = 0; i < 6; i++) await anonymous.GetAsync("/api/v1/testing/facts");
        using var auditor = server.Client("auditor");
        for (var i = 0; i < 8; i++) (await auditor.GetAsync("/api/v1/testing/read")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await auditor.GetAsync("/api/v1/testing/read")).StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
    }

    [Fact]
    public async Task Guessing_tokens_counts_for_the_address()
    {
        await using var server = await StartAsync();
        using var client = server.Client();
        for (var i = 0; i < 5; i++)
        {
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", $"guess-{i}");
            (await client.GetAsync("/api/v1/testing/read")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        }

        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "guess-last");
        (await client.GetAsync("/api/v1/testing/read")).StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
    }

    [Fact]
    public void Addresses_of_one_ipv6_network_count_as_one()
    {
        Requester.Of(IPAddress.Parse("2001:db8:1:2::1")).ShouldBe(Requester.Of(IPAddress.Parse("2001:db8:1:2:ffff::9")));
        Requester.Of(IPAddress.Parse("2001:db8:1:2::1")).ShouldNotBe(Requester.Of(IPAddress.Parse("2001:db8:1:3::1")));
        Requester.Of(IPAddress.Parse("192.0.2.1")).ShouldNotBe(Requester.Of(IPAddress.Parse("192.0.2.2")));
    }

    [Fact]
    public async Task Where_the_public_address_is_https_nothing_is_served_in_the_clear()
    {
        await using var server = await CustodiaServer.StartAsync(s =>
        {
            s.Modules = [new PlainModule()];
            s.Settings["Custodia:PublicUrl"] = "https://id.example.com";
            s.Settings["Custodia:Http:TrustedProxies:0"] = "127.0.0.1";
        });
        using var client = server.Client();
        using var page = await client.GetAsync("/console/testing?a=b");
        page.StatusCode.ShouldBe(HttpStatusCode.PermanentRedirect);
        page.Headers.Location!.ToString().ShouldBe("https://id.example.com/console/testing?a=b");
        (await client.GetAsync("/api/v1/testing/facts")).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await client.GetAsync("/health/live")).StatusCode.ShouldBe(HttpStatusCode.OK);
        client.DefaultRequestHeaders.Add("X-Forwarded-Proto", "https");
        client.DefaultRequestHeaders.Host = "id.example.com";
        using var secure = await client.GetAsync("/api/v1/testing/facts");
        secure.StatusCode.ShouldBe(HttpStatusCode.OK);
        secure.Headers.GetValues("Strict-Transport-Security").Single().ShouldStartWith("max-age=31536000");
    }

    private static Task<CustodiaServer> StartAsync() => CustodiaServer.StartAsync(s =>
    {
        s.Modules = [new PlainModule()];
        s.Settings["Custodia:Http:RequestsPerMinute"] = "5";
        s.Settings["Custodia:Http:RequestsPerMinutePerCaller"] = "8";
    });
}
