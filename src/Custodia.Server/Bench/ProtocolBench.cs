using Spectre.Console;

namespace Custodia.Server.Bench;

/// <summary>A row of the protocol: requests a second that one core answers, ours on disk with everything on, oidc-provider in memory.</summary>
internal abstract class ProtocolBench : BenchRow
{
    // Until the runtime has compiled again what is called often; the same for both sides.
    private const int WarmUps = 20;

    private readonly List<double> _cost = [];
    private readonly List<double> _theirCost = [];
    private BenchOurs? _ours;
    private BenchTheirs? _theirs;

    public override string Against => "oidc-provider 9, in memory, the same requests";

    public override string Unit => "/s";

    public override async Task PrepareAsync(string folder, CancellationToken cancellation)
    {
        HttpLoad.LeaveServers(leave: true);
        _ours = await BenchOurs.StartAsync(Path.Combine(folder, "data"), cancellation);
        _theirs = await BenchTheirs.StartAsync(cancellation);
        await PrepareAsync(Ours, cancellation);
        await PrepareAsync(Theirs, cancellation);
        for (var i = 0; i < WarmUps; i++)
        {
            await MeasureAsync(cancellation);
            await MeasureAgainstAsync(cancellation);
        }

        _cost.Clear();
        _theirCost.Clear();
    }

    public override Task<double> MeasureAsync(CancellationToken cancellation) => MeasureAsync(Ours, _ours!.ProcessorTime, _cost, cancellation);

    public override Task<double> MeasureAgainstAsync(CancellationToken cancellation) => MeasureAsync(Theirs, _theirs!.ProcessorTime, _theirCost, cancellation);

    public override async ValueTask DisposeAsync()
    {
        HttpLoad.LeaveServers(leave: false);
        // Beside the figures: on a shared machine the processor time says more than the clock.
        if (_cost.Count > 0)
            AnsiConsole.MarkupLineInterpolated($"{Name}: processor time of the server in µs a flow: ours {BenchFigure.Of(_cost)}, theirs {BenchFigure.Of(_theirCost)}");
        if (_ours is not null) await _ours.DisposeAsync();
        if (_theirs is not null) await _theirs.DisposeAsync();
        await base.DisposeAsync();
    }

    private async Task<double> MeasureAsync(BenchClient client, Func<TimeSpan> processor, List<double> cost, CancellationToken cancellation)
    {
        var flows = 0;
        var before = processor();
        var rate = await HttpLoad.MeasureAsync(
            async (worker, stop) =>
            {
                await FlowAsync(client, worker, stop);
                Interlocked.Increment(ref flows);
            },
            cancellation);
        cost.Add((processor() - before).TotalMicroseconds / flows);
        return rate;
    }

    protected abstract Task FlowAsync(BenchClient client, int worker, CancellationToken cancellation);

    protected abstract BenchClient Of(BenchOurs ours);

    protected abstract BenchClient Of(BenchTheirs theirs);

    protected virtual Task PrepareAsync(BenchClient client, CancellationToken cancellation) => Task.CompletedTask;

    private BenchClient Ours => Of(_ours!);

    private BenchClient Theirs => Of(_theirs!);
}

internal sealed class TokensBench : ProtocolBench
{
    public override string Name => "tokens";

    public override string Title => "client_credentials, ES256 JWT, one core";

    public override BenchTarget Target => BenchTarget.AtLeast(5);

    protected override BenchClient Of(BenchOurs ours) => ours.Service;

    protected override BenchClient Of(BenchTheirs theirs) => theirs.Service;

    protected override Task FlowAsync(BenchClient client, int worker, CancellationToken cancellation) => client.ClientCredentialsAsync(cancellation);
}

internal sealed class CodeFlowBench : ProtocolBench
{
    public override string Name => "code-flow";

    public override string Title => "authorization with a session, token, userinfo, PKCE, one core";

    public override BenchTarget Target => BenchTarget.AtLeast(8);

    protected override BenchClient Of(BenchOurs ours) => ours.Shop;

    protected override BenchClient Of(BenchTheirs theirs) => theirs.Shop;

    protected override Task FlowAsync(BenchClient client, int worker, CancellationToken cancellation) => client.CodeFlowAsync(cancellation);
}

/// <summary>Ours rotates on disk and watches for reuse; theirs keeps the one token in memory.</summary>
internal sealed class RefreshBench : ProtocolBench
{
    private readonly Dictionary<(BenchClient Client, int Worker), string> _tokens = [];

    public override string Name => "refresh";

    public override string Title => "refresh with rotation and reuse detection, one core";

    public override string Against => "oidc-provider 9, in memory, without rotation";

    public override BenchTarget Target => BenchTarget.AtLeast(4);

    protected override BenchClient Of(BenchOurs ours) => ours.Shop;

    protected override BenchClient Of(BenchTheirs theirs) => theirs.Keeper;

    protected override async Task PrepareAsync(BenchClient client, CancellationToken cancellation)
    {
        for (var worker = 0; worker < HttpLoad.AtOnce; worker++)
        {
            using var tokens = await client.RedeemAsync(await client.CodeAsync("openid offline_access", cancellation), cancellation);
            _tokens[(client, worker)] = BenchClient.Text(tokens, "refresh_token");
        }
    }

    // The keys are there; each worker changes the value of its own.
    protected override async Task FlowAsync(BenchClient client, int worker, CancellationToken cancellation)
    {
        using var tokens = await client.RefreshAsync(_tokens[(client, worker)], cancellation);
        _tokens[(client, worker)] = BenchClient.Text(tokens, "refresh_token");
    }
}
