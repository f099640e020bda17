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
        var admin = await server.InitialAdminAsync();
        var (id, secret) = await RegisterAsync();
        var start = new ProcessStartInfo("node", ["check.mjs"])
        {
            WorkingDirectory = Path.Combine(AppContext.BaseDirectory, "openid-client"),
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment =
            {
                ["ISSUER"] = $"{server.Url}/d/customers",
                ["CLIENT_ID"] = id,
                ["CLIENT_SECRET"] = secret,
                ["REDIRECT_URI"] = RedirectUri,
                ["POST_LOGOUT_URI"] = PostLogoutUri,
                ["SERVICE_ISSUER"] = admin.Issuer,
                ["SERVICE_ID"] = admin.ClientId,
                ["SERVICE_SECRET"] = admin.ClientSecret,
                ["OUTBOX"] = $"{server.Url}/outbox.json",
                ["EMAIL"] = "vera@example.com",
                ["NO_PROXY"] = "127.0.0.1",
            },
        };
        using var node = Process.Start(start)!;
        var output = node.StandardOutput.ReadToEndAsync();
        var error = node.StandardError.ReadToEndAsync();
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        await node.WaitForExitAsync(limit.Token);
        node.ExitCode.ShouldBe(0, await output + await error);
        (await output).ShouldContain("ok logout");
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
