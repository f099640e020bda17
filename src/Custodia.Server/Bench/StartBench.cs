using System.Security.Cryptography;

namespace Custodia.Server.Bench;

/// <summary>From the start of the process to the first 200 of <c>/health/ready</c>, on a data directory that is there already.</summary>
internal sealed class StartBench : BenchRow
{
    private readonly int _port = BenchProcess.FreePort();
    private readonly string _secret = RandomNumberGenerator.GetHexString(40);
    private string _data = "";
    private BenchPeer? _peer;

    public override string Name => "start";

    public override string Title => "process start to ready, production settings, warm disk";

    public override string Against => "oidc-provider 9, in memory";

    public override string Unit => "s";

    public override BenchTarget Target => BenchTarget.AtMost(2) with { Below = 2 };

    public override async Task PrepareAsync(string folder, CancellationToken cancellation)
    {
        _peer = await BenchPeer.InstallAsync("oidc-provider", cancellation);
        _data = Path.Combine(folder, "data");
        await MeasureAsync(cancellation);
    }

    public override async Task<double> MeasureAsync(CancellationToken cancellation)
    {
        await using var server = await BenchProcess.OursAsync(_data, _port, cancellation);
        return server.Started.TotalSeconds;
    }

    public override async Task<double> MeasureAgainstAsync(CancellationToken cancellation)
    {
        await using var server = await BenchProcess.PeerAsync(_peer!, _secret, _port, cancellation);
        return server.Started.TotalSeconds;
    }
}
