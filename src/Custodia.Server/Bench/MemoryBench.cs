using System.Security.Cryptography;
using System.Text.Json;

namespace Custodia.Server.Bench;

/// <summary>Memory that a freshly started server holds after a load of access tokens (client credentials, ES256 JWT).</summary>
internal sealed class MemoryBench : BenchRow
{
    private const int Tokens = 5000;
    private const int AtOnce = 8;

    private readonly int _port = BenchProcess.FreePort();
    private readonly string _secret = RandomNumberGenerator.GetHexString(40);
    private string _data = "";
    private BenchPeer? _peer;

    public override string Name => "memory";

    public override string Title => $"resident after start and {Tokens:#,0} client_credentials tokens";

    public override string Against => "oidc-provider 9, in memory, the same requests";

    public override string Unit => "MiB";

    public override BenchTarget Target => BenchTarget.AtMost(1);

    public override async Task PrepareAsync(string folder, CancellationToken cancellation)
    {
        _peer = await BenchPeer.InstallAsync("oidc-provider", cancellation);
        _data = Path.Combine(folder, "data");
        await using var first = await BenchProcess.OursAsync(_data, _port, cancellation);
    }

    public override async Task<double> MeasureAsync(CancellationToken cancellation)
    {
        await using var server = await BenchProcess.OursAsync(_data, _port, cancellation);
        using var admin = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(_data, "initial-admin.json"), cancellation));
        using var metadata = JsonDocument.Parse(await server.SendAsync(HttpMethod.Get, $"{Text(admin, "issuer")}/.well-known/openid-configuration", null, cancellation));
        await LoadAsync(server, Text(metadata, "token_endpoint"), Text(admin, "clientId"), Text(admin, "clientSecret"), cancellation);
        return server.ResidentMiB();
    }

    public override async Task<double> MeasureAgainstAsync(CancellationToken cancellation)
    {
        await using var server = await BenchProcess.PeerAsync(_peer!, _secret, _port, cancellation);
        await LoadAsync(server, $"{server.Url}/token", "bench", _secret, cancellation);
        return server.ResidentMiB();
    }

    private static Task LoadAsync(BenchProcess server, string endpoint, string client, string secret, CancellationToken cancellation)
    {
        KeyValuePair<string, string>[] form = [new("grant_type", "client_credentials"), new("client_id", client), new("client_secret", secret)];
        var options = new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellation };
        return Parallel.ForAsync(0, Tokens, options, async (_, stop) => await server.SendAsync(HttpMethod.Post, endpoint, form, stop));
    }

    private static string Text(JsonDocument document, string name) => document.RootElement.GetProperty(name).GetString()!;
}
