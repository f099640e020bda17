using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Custodia.Identity.Contracts;
using Custodia.Kernel.Hosting;
using Custodia.Server.Verbs;
using Spectre.Console;

namespace Custodia.Server.Bench;

/// <summary>
/// The figures of the dashboard for a large directory against those of a small one, each asked of a server of its own over HTTP: the
/// slowest answer of a hundred.
/// </summary>
internal sealed class StatisticsBench(double scale) : BenchRow
{
    private const int Requests = 500;
    private const int Few = 10_000;
    private const int SignInsEach = 10;

    private readonly long _many = Math.Max(2 * Few, (long)(1_000_000 * scale));
    private Side? _large;
    private Side? _small;

    public override string Name => "statistics";

    public override string Title => $"dashboard, p99 of {Requests}, {_many:#,0} users, {_many * SignInsEach:#,0} sign-ins";

    public override string Against => $"the same at {Few:#,0} users";

    public override string Unit => "ms";

    public override BenchTarget Target => new(2, IsLimit: true, Below: 100);

    public override async Task PrepareAsync(string folder, CancellationToken cancellation)
    {
        _small = await SideAsync(Path.Combine(folder, "small"), Few, cancellation);
        _large = await SideAsync(Path.Combine(folder, "large"), _many, cancellation);
    }

    public override Task<double> MeasureAsync(CancellationToken cancellation) => AskAsync(_large!, _many, cancellation);

    public override Task<double> MeasureAgainstAsync(CancellationToken cancellation) => AskAsync(_small!, Few, cancellation);

    public override async ValueTask DisposeAsync()
    {
        if (_large is not null) await _large.Server.DisposeAsync();
        if (_small is not null) await _small.Server.DisposeAsync();
    }

    private static async Task<Side> SideAsync(string data, long users, CancellationToken cancellation)
    {
        var port = BenchProcess.FreePort();
        await (await BenchProcess.OursAsync(data, port, cancellation)).DisposeAsync();
        await using (var host = await OfflineHost.StartAsync([$"--Custodia:DataDirectory={data}", $"--urls=http://127.0.0.1:{port}"], StartOrder.FirstStart, cancellation))
        {
            await using var scope = host.Services.CreateAsyncScope();
            await scope.ServiceProvider.GetRequiredService<PeopleSeeding>().SeedAsync(new SeedPlan("bench", users, users * SignInsEach), new Tenths("statistics", users), cancellation);
        }

        var server = await BenchProcess.OursAsync(data, port, cancellation);
        return new Side(server, data);
    }

    private static async Task<double> AskAsync(Side side, long users, CancellationToken cancellation)
    {
        // Anew each time: seeding the other side takes longer than a token lasts.
        var bearer = await BenchToken.OfAdminAsync(side.Server, side.Data, cancellation);
        var taken = new double[Requests];
        for (var i = 0; i < Requests; i++)
        {
            var start = Stopwatch.GetTimestamp();
            var text = await side.Server.SendAsync(HttpMethod.Get, $"{side.Server.Url}/api/v1/statistics?directory=bench", null, cancellation, bearer);
            taken[i] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            if (i == 0) Check(text, users);
        }

        Array.Sort(taken);
        return taken[(Requests * 99 / 100) - 1];
    }

    private static void Check(string text, long users)
    {
        using var answer = JsonDocument.Parse(text);
        var root = answer.RootElement;
        var signIns = root.GetProperty("days").EnumerateArray().Sum(d => d.GetProperty("signIns").GetInt64());
        if (root.GetProperty("users").GetInt64() != users || root.GetProperty("distribution").GetArrayLength() < 10 || signIns < users * SignInsEach * 0.9)
            throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"The figures are not those of {users} people."));
    }

    private sealed record Side(BenchProcess Server, string Data);

    /// <summary>A million people take a while: a line each tenth.</summary>
    private sealed class Tenths(string name, long all) : IProgress<long>
    {
        private long _told;

        public void Report(long value)
        {
            if (value * 10 / all <= _told) return;
            _told = value * 10 / all;
            AnsiConsole.MarkupLineInterpolated($"{name}: {value:#,0} of {all:#,0} people are there");
        }
    }
}
