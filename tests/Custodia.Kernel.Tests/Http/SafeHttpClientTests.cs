using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using Custodia.Kernel.Hosting;
using Custodia.Kernel.Http.Outbound;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Custodia.Kernel.Tests.Http;

public sealed class SafeHttpClientTests : IAsyncLifetime
{
    private const int Limit = 64 * 1024;
    // Long, for a busy machine: only what waits for its end gives it up sooner.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly SafeHttpClient _strict = Client();
    private readonly SafeHttpClient _local = Client("127.0.0.0/8");
    private WebApplication _peer = null!;
    private WebApplication _other = null!;

    public async Task InitializeAsync()
    {
        _other = await ServeAsync(app => app.Map("/seen", Seen));
        var elsewhere = _other.Urls.First();
        _peer = await ServeAsync(app =>
        {
            app.Map("/seen", Seen);
            app.MapGet("/large", () => new string('x', Limit + 1));
            app.MapGet("/chunked", async (HttpResponse response) =>
            {
                for (var i = 0; i < 40; i++) await response.WriteAsync(new string('x', 4096));
            });
            app.MapGet("/bomb", async (HttpResponse response) =>
            {
                response.Headers.ContentEncoding = "gzip";
                await using var gzip = new GZipStream(response.Body, CompressionLevel.Fastest);
                var zeros = new byte[1024 * 1024];
                for (var i = 0; i < 16; i++) await gzip.WriteAsync(zeros);
            });
            app.MapGet("/slow", async (CancellationToken token) => await Task.Delay(Timeout.Infinite, token));
            app.MapGet("/cut", (HttpContext http) => http.Abort());
            app.MapGet("/to-nobody", () => Results.Redirect($"http://127.0.0.1:{Custodia.Testing.CustodiaProcess.FreePort()}/"));
            app.MapGet("/loop", () => Results.Redirect("/loop"));
            app.MapGet("/inside", () => Results.Redirect("http://10.0.0.1/"));
            app.MapGet("/metadata", () => Results.Redirect("http://169.254.169.254/latest/meta-data"));
            app.MapGet("/file", () => Results.Redirect("file:///etc/passwd"));
            app.MapGet("/here", () => Results.Redirect("/seen"));
            app.MapGet("/there", () => Results.Redirect($"{elsewhere}/seen"));
            app.MapPost("/there-found", () => Results.Redirect($"{elsewhere}/seen"));
            app.MapPost("/there-kept", () => Results.Redirect($"{elsewhere}/seen", permanent: false, preserveMethod: true));
        });
    }

    public async Task DisposeAsync()
    {
        await _peer.DisposeAsync();
        await _other.DisposeAsync();
        _strict.Dispose();
        _local.Dispose();
    }

    [Fact]
    public async Task A_request_for_one_address_alone_follows_no_redirect_and_reads_no_body()
    {
        foreach (var (path, status) in new[] { ("/here", 302), ("/there", 302), ("/metadata", 302), ("/large", 200), ("/bomb", 200) })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, _peer.Urls.First() + path);
            var answered = (await _local.SendOnceAsync(request, Patience, default)).ShouldBeOfType<OutboundOutcome.Answered>();
            answered.Status.ShouldBe(status);
            answered.Body.ShouldBeEmpty();
        }
    }

    [Theory]
    [InlineData("/slow", true, "timeout")]
    [InlineData("/cut", true, "broken-off")]
    [InlineData("/seen", false, "address-refused")]
    public async Task A_request_for_one_address_alone_says_why_there_is_no_answer(string path, bool local, string reason)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, _peer.Urls.First() + path);
        var outcome = await (local ? _local : _strict).SendOnceAsync(request, reason == "timeout" ? TimeSpan.FromSeconds(1) : Patience, default);
        outcome.ShouldBe(new OutboundOutcome.Refused(reason));
    }

    [Theory]
    [InlineData("https://example.com/hook", true, true)]
    [InlineData("http://127.0.0.1:1/", false, true)]
    [InlineData("http://localhost:1/", false, true)]
    [InlineData("https://10.0.0.1/", false, false)]
    [InlineData("https://[::ffff:10.0.0.1]/", false, false)]
    [InlineData("https://169.254.169.254/", false, false)]
    [InlineData("ftp://example.com/", false, false)]
    public void What_an_address_says_by_itself_is_known_without_a_call(string address, bool strict, bool local)
    {
        _strict.MayReach(new Uri(address)).ShouldBe(strict);
        _local.MayReach(new Uri(address)).ShouldBe(local);
    }

    [Theory]
    [InlineData("http://127.0.0.1:{0}/seen")]
    [InlineData("http://localhost:{0}/seen")]
    [InlineData("http://[::ffff:127.0.0.1]:{0}/seen")]
    [InlineData("http://2130706433:{0}/seen")]
    [InlineData("http://0x7f.1:{0}/seen")]
    [InlineData("http://0.0.0.0:{0}/seen")]
    public async Task This_machine_is_not_reached_however_it_is_written(string address)
    {
        var url = string.Format(address, new Uri(_peer.Urls.First()).Port);
        (await GetAsync(_strict, url)).ShouldBe(new OutboundOutcome.Refused("address-refused"));
    }

    [Fact]
    public async Task A_listed_network_is_reached()
    {
        var answer = (await GetAsync(_local, "/seen")).ShouldBeOfType<OutboundOutcome.Answered>();
        answer.Status.ShouldBe(200);
        answer.Headers.ShouldContain(h => h.Key == "Content-Type");
    }

    [Theory]
    [InlineData("/inside", "address-refused")]
    [InlineData("/metadata", "address-refused")]
    [InlineData("/file", "scheme-refused")]
    [InlineData("/loop", "too-many-redirects")]
    [InlineData("/large", "too-large")]
    [InlineData("/chunked", "too-large")]
    [InlineData("/bomb", "too-large")]
    public async Task Ways_inside_and_floods_are_refused(string path, string reason) =>
        (await GetAsync(_local, path)).ShouldBe(new OutboundOutcome.Refused(reason));

    [Theory]
    [InlineData("ftp://example.com/")]
    [InlineData("file:///etc/passwd")]
    public async Task Other_schemes_are_refused(string url) => (await GetAsync(_local, url)).ShouldBe(new OutboundOutcome.Refused("scheme-refused"));

    [Fact]
    public async Task A_peer_that_does_not_answer_in_time_is_left()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{_peer.Urls.First()}/slow");
        (await _local.SendAsync(request, TimeSpan.FromSeconds(1), Limit, CancellationToken.None)).ShouldBe(new OutboundOutcome.Refused("timeout"));
    }

    [Fact]
    public async Task A_peer_that_is_not_there_is_unreachable() =>
        (await GetAsync(_local, $"http://127.0.0.1:{Custodia.Testing.CustodiaProcess.FreePort()}/")).ShouldBe(new OutboundOutcome.Refused("unreachable"));

    [Fact]
    public async Task A_peer_that_resets_what_it_has_just_accepted_is_an_outcome_and_no_exception()
    {
        using var peer = new TcpListener(IPAddress.Loopback, 0);
        using var stop = new CancellationTokenSource();
        peer.Start();
        var resetting = ResetAsync(peer, stop.Token);
        for (var i = 0; i < 500; i++)
            (await GetAsync(_local, $"http://127.0.0.1:{((IPEndPoint)peer.LocalEndpoint).Port}/")).ShouldBeOfType<OutboundOutcome.Refused>().Reason.ShouldBeOneOf("unreachable", "broken-off");
        await stop.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(resetting);

        static async Task ResetAsync(TcpListener peer, CancellationToken stop)
        {
            while (true)
            {
                using var accepted = await peer.AcceptSocketAsync(stop);
                accepted.LingerState = new LingerOption(true, 0);
            }
        }
    }

    [Theory]
    [InlineData("/cut")]
    [InlineData("/to-nobody")]
    public async Task A_peer_that_goes_away_after_it_was_asked_has_broken_off(string path) =>
        (await GetAsync(_local, _peer.Urls.First() + path)).ShouldBe(new OutboundOutcome.Refused("broken-off"));

    [Fact]
    public async Task Credentials_stay_with_their_host()
    {
        var same = await SeenAsync(HttpMethod.Get, "/here");
        same.ShouldContain("Authorization: Bearer secret");
        same.ShouldContain("X-Api-Key: secret");
        var other = await SeenAsync(HttpMethod.Get, "/there");
        other.ShouldNotContain("secret");
        other.ShouldContain("User-Agent: test/1");
    }

    [Fact]
    public async Task A_found_post_goes_on_as_a_get_without_its_body()
    {
        var seen = await SeenAsync(HttpMethod.Post, "/there-found");
        seen.ShouldStartWith("GET ");
        seen.ShouldNotContain("the body");
    }

    [Fact]
    public async Task A_kept_post_goes_on_with_its_body()
    {
        var seen = await SeenAsync(HttpMethod.Post, "/there-kept");
        seen.ShouldStartWith("POST ");
        seen.ShouldEndWith("the body");
    }

    private async Task<string> SeenAsync(HttpMethod method, string path)
    {
        using var request = new HttpRequestMessage(method, $"{_peer.Urls.First()}{path}");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", "secret");
        request.Headers.Add("X-Api-Key", "secret");
        request.Headers.UserAgent.ParseAdd("test/1");
        if (method == HttpMethod.Post) request.Content = new StringContent("the body");
        var answer = (await _local.SendAsync(request, Patience, Limit, CancellationToken.None)).ShouldBeOfType<OutboundOutcome.Answered>();
        return Encoding.UTF8.GetString(answer.Body);
    }

    private Task<OutboundOutcome> GetAsync(SafeHttpClient client, string url)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, url.StartsWith('/') ? $"{_peer.Urls.First()}{url}" : url);
        return client.SendAsync(request, Patience, Limit, CancellationToken.None);
    }

    private static async Task<string> Seen(HttpRequest request)
    {
        using var reader = new StreamReader(request.Body);
        var headers = string.Join('\n', request.Headers.Select(h => $"{h.Key}: {h.Value}"));
        return $"{request.Method} {request.Path}\n{headers}\n\n{await reader.ReadToEndAsync()}";
    }

    private static async Task<WebApplication> ServeAsync(Action<WebApplication> map)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        map(app);
        await app.StartAsync();
        return app;
    }

    private static SafeHttpClient Client(params string[] allowed)
    {
        var options = new CustodiaOptions();
        foreach (var range in allowed) options.Http.AllowedPrivateNetworks.Add(range);
        return new SafeHttpClient(Options.Create(options));
    }
}
