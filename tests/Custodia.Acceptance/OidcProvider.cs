using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;

namespace Custodia.Acceptance;

/// <summary>npm's oidc-provider as a process of its own, for one client.</summary>
internal sealed class OidcProvider : IAsyncDisposable
{
    public const string ClientId = "custodia";
    public const string Secret = "a secret of the provider: 100% & more";

    private readonly Process _process;
    private readonly HttpClient _http;

    private OidcProvider(Process process, string issuer, HttpClient http)
    {
        _process = process;
        _http = http;
        Issuer = issuer;
    }

    public string Issuer { get; }

    /// <param name="http">For talking to the provider.</param>
    public static async Task<OidcProvider> StartAsync(string redirectUri, HttpClient http)
    {
        var process = Process.Start(new ProcessStartInfo("node", ["provider.mjs"])
        {
            WorkingDirectory = Path.Combine(AppContext.BaseDirectory, "oidc-provider"),
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["REDIRECT_URI"] = redirectUri, ["CLIENT_SECRET"] = Secret, ["NODE_NO_WARNINGS"] = "1" },
        })!;
        process.ErrorDataReceived += static (_, _) => { };
        process.BeginErrorReadLine();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        try
        {
            // It may warn of this and that before it says its address.
            while (await process.StandardOutput.ReadLineAsync(limit.Token) is { } line)
            {
                if (line.StartsWith("http://", StringComparison.Ordinal)) return new OidcProvider(process, line, http);
            }

            throw new InvalidOperationException("The provider ended before it listened.");
        }
        catch
        {
            process.Kill();
            process.Dispose();
            throw;
        }
    }

    /// <summary>Whom it signs in from now on.</summary>
    public Task PersonAsync(object person) => PostAsync("/person", person);

    /// <summary>Replaces parameters of the requests that browsers bring.</summary>
    public Task BendAsync(object parameters) => PostAsync("/bend", parameters);

    public Task<JsonElement> SeenAsync() => _http.GetFromJsonAsync<JsonElement>(Issuer + "/seen");

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private async Task PostAsync(string path, object body)
    {
        using var answer = await _http.PostAsJsonAsync(Issuer + path, body);
        answer.EnsureSuccessStatusCode();
    }
}
