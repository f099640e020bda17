using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Custodia.Identity.Applications;
using Custodia.Identity.Tests.Protocol;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Custodia.Identity.Tests.Conformance;

/// <summary>What is secret is nowhere to be read afterwards: RFC 6749 sections 5.1 and 10.3, RFC 9700 section 4.2.4, ASVS 11.4 and 16.2.5.</summary>
public sealed class SecrecyRules
{
    [Fact]
    public async Task Codes_tokens_secrets_and_passwords_are_neither_logged_nor_stored_as_they_are()
    {
        var lines = new Lines();
        await using var server = new ProtocolServer { Adjust = builder => builder.Services.AddSingleton<ILoggerProvider>(lines) };
        server.Settings["Logging:LogLevel:Default"] = "Information";
        await server.InitializeAsync();
        var secrets = await UseEverythingAsync(server);
        await server.StopAsync();

        lines.All.ShouldNotBeEmpty();
        var log = string.Join('\n', lines.All);
        foreach (var (what, secret) in secrets) log.ShouldNotContain(secret, Case.Sensitive, what);
        foreach (var file in System.IO.Directory.EnumerateFiles(server.DataDirectory, "*", SearchOption.AllDirectories))
        {
            var content = await File.ReadAllBytesAsync(file);
            foreach (var (what, secret) in secrets) content.AsSpan().IndexOf(Encoding.UTF8.GetBytes(secret)).ShouldBe(-1, $"{what} in {Path.GetFileName(file)}");
        }
    }

    /// <summary>Every flow once, with a wrong try where that takes another way.</summary>
    private static async Task<Dictionary<string, string>> UseEverythingAsync(ProtocolServer server)
    {
        var secrets = new Dictionary<string, string>(StringComparer.Ordinal) { ["password"] = ProtocolServer.Password };
        var shop = await server.RegisterAsync(settings: new ApplicationSettings { ConsentRequired = true, DeviceGrant = true });
        secrets["client secret"] = shop.Secret;
        var browser = await server.SignedInAsync();
        secrets["session"] = browser.Cookie($"custodia-{ProtocolServer.Customers}")!;

        var pushed = await shop.PushAsync();
        secrets["request_uri"] = pushed.Member("request_uri")!.Split(':')[^1];
        var page = await browser.SubmitAsync(await browser.GetAsync(shop.AuthorizePushed(pushed)), ("decision", "allow"));
        secrets["code"] = page["code"]!;
        secrets["verifier"] = shop.Verifier;
        (await shop.RedeemAsync(page["code"]!, ("code_verifier", new string('v', 43)))).Status.ShouldBe(HttpStatusCode.BadRequest);
        var tokens = await shop.RedeemAsync(page["code"]!);
        var next = await shop.RefreshAsync(tokens.RefreshToken);
        foreach (var answer in new[] { tokens, next })
        {
            secrets[$"access token {secrets.Count}"] = answer.AccessToken.Split('.')[2];
            secrets[$"refresh token {secrets.Count}"] = answer.RefreshToken;
            secrets[$"ID token {secrets.Count}"] = answer.IdToken.Split('.')[2];
        }

        await shop.IntrospectAsync(next.RefreshToken);
        await server.GetAsync($"{shop.Issuer}/userinfo?access_token={next.AccessToken}");
        await shop.UserinfoAsync(next.AccessToken);
        await shop.RevokeAsync(next.RefreshToken);

        var codes = await shop.PostAsync("device_authorization", [("scope", "openid")]);
        secrets["device code"] = codes.Member("device_code")!;
        secrets["user code"] = codes.Member("user_code")!;
        secrets["user code as it is read"] = codes.Member("user_code")!.Replace("-", "", StringComparison.Ordinal);
        await browser.SubmitAsync(await browser.GetAsync(codes.Member("verification_uri_complete")!), ("decision", "allow"));
        await browser.GetAsync($"{shop.Issuer}/logout?id_token_hint={next.IdToken}");
        (await new TestBrowser(server).SignInAsync($"/d/{ProtocolServer.Customers}/sign-in", password: "a wrong password of mine")).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        secrets["wrong password"] = "a wrong password of mine";
        return secrets;
    }

    private sealed class Lines : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<string> All { get; } = [];

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull
        {
            All.Enqueue(state.ToString() ?? "");
            return null;
        }

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            All.Enqueue(formatter(state, exception) + exception);

        public void Dispose()
        {
        }
    }
}
