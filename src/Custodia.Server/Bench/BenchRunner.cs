namespace Custodia.Server.Bench;

/// <summary>Measures ours and theirs in turns: A B A B …, after one round that does not count.</summary>
internal static class BenchRunner
{
    public const int Rounds = 5;

    public static async Task<BenchResult> RunAsync(BenchRow row, string folder, Action<string> say, CancellationToken cancellation)
    {
        say("preparing");
        await row.PrepareAsync(folder, cancellation);
        var (ours, theirs) = (new List<double>(row.Rounds), new List<double>(row.Rounds));
        for (var round = 0; round <= row.Rounds; round++)
        {
            say(round == 0 ? "warming up" : $"round {round} of {row.Rounds}");
            var measured = (Ours: await MeasureAsync(row.MeasureAsync, cancellation), Theirs: await MeasureAsync(row.MeasureAgainstAsync, cancellation));
            if (round == 0) continue;
            ours.Add(measured.Ours);
            theirs.Add(measured.Theirs);
        }

        var (a, b) = (BenchFigure.Of(ours), BenchFigure.Of(theirs));
        return new BenchResult(row, a, b, a.Median / b.Median);
    }

    private static async Task<double> MeasureAsync(Func<CancellationToken, Task<double>> measure, CancellationToken cancellation)
    {
        // Neither side pays for the other's garbage.
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return await measure(cancellation);
    }
}
