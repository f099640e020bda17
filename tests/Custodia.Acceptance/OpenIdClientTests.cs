using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using Custodia.Testing;

namespace Custodia.Acceptance;

/// <summary>An independent client (npm openid-client 6) against the provider, with every validation it has.</summary>
public sealed class OpenIdClientTests(CustodiaServer server) : IClassFixture<CustodiaServer>
{
    private const string RedirectUri = "https://shop.example/callback";
    private const string PostLogoutUri = "https://shop.example/bye";

    [EngineFact(Engines.Node)]
    public async Task The_npm_client_goes_through_sign_up_code_flow_refresh_userinfo_revocation_and_logout()
    {
        var (id, secret) = await RegisterAsync();
        var output = await RunAsync("check.mjs", ("CLIENT_ID", id), ("CLIENT_SECRET", secret), ("OUTBOX", $"{server.Url}/outbox.json"), ("EMAIL", "vera@example.com"));
        output.ShouldContain("ok logout");
    }

    /// <summary>RFC 7523, 7591, 8628, 8693, 9126, 9449 with openid-client.</summary>
    [EngineFact(Engines.Node)]
    public async Task The_npm_client_pushes_requests_binds_tokens_uses_keys_exchanges_tokens_registers_and_signs_in_a_device()
    {
        var output = await RunAsync("flows.mjs");
        output.ShouldContain("ok token exchange");
        output.ShouldContain("ok device code");
        output.ShouldContain("ok logout");
    }

    /// <summary>The same with oauth4webapi, whose every check is its own call.</summary>
    [EngineFact(Engines.Node)]
    public async Task A_client_that_checks_every_answer_by_itself_agrees() =>
        (await RunAsync("bare.mjs")).ShouldContain("ok dynamic registration and its management");

    private async Task<string> RunAsync(string script, params (string Name, string Value)[] environment)
    {
        var admin = await server.InitialAdminAsync();
        var start = new ProcessStartInfo("node", [script])
        {
            WorkingDirectory = Path.Combine(AppContext.BaseDirectory, "openid-client"),
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment =
            {
                ["ISSUER"] = $"{server.Url}/d/customers",
                ["REDIRECT_URI"] = RedirectUri,
                ["POST_LOGOUT_URI"] = PostLogoutUri,
                ["SERVICE_ISSUER"] = admin.Issuer,
                ["SERVICE_ID"] = admin.ClientId,
                ["SERVICE_SECRET"] = admin.ClientSecret,
                ["USER_NAME"] = "ada@customers.example",
                ["PASSWORD"] = "just-for-the-demo",
                ["NO_PROXY"] = "127.0.0.1",
            },
        };
        foreach (var (name, value) in environment) start.Environment[name] = value;
        using var node = Process.Start(start)!;
        var output = node.StandardOutput.ReadToEndAsync();
        var error = node.StandardError.ReadToEndAsync();
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        await node.WaitForExitAsync(limit.Token);
        node.ExitCode.ShouldBe(0, await output + await error);
        return await output;
    }

    private async Task<(string Id, string Secret)> RegisterAsync()
    {
        var client = await server.AdminAsync();
        using var made = await client.PostAsJsonAsync("/api/v1/applications", new
        {
            directory = "customers",
            kind = "web",
            name = "Independent client",
            redirectUris = new[] { RedirectUri },
            postLogoutUris = new[] { PostLogoutUri },
            consentRequired = true,
        });
        made.EnsureSuccessStatusCode();
        var body = await made.Content.ReadFromJsonAsync<JsonElement>();
        return (body.GetProperty("application").GetProperty("clientId").GetString()!, body.GetProperty("clientSecret").GetString()!);
    }
}
