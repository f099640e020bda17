using System.CommandLine;
using Custodia.Server.Bench;
using Spectre.Console;

namespace Custodia.Server.Verbs;

/// <summary><c>custodia bench [ROW …]</c>: measures the product against something else in the same run; never part of the tests.</summary>
internal static class BenchVerb
{
    private const int Missed = 1;

    private static readonly Argument<string[]> RowNames = new("row")
    {
        Description = $"Which rows: {string.Join(", ", Rows().Select(row => row.Name))}; default: all.",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private static readonly Option<string> Results = new("--results")
    {
        Description = "Folder for the results.",
        DefaultValueFactory = _ => Path.Combine("bench", "results"),
    };

    private static readonly Option<string?> Scratch = new("--scratch") { Description = "Folder for the data that is measured on; default: the system's temporary folder." };

    private static readonly Option<double> Scale = new("--scale")
    {
        Description = "Share of the records or bytes in rows that count them, e.g. 0.01 for a quick look.",
        DefaultValueFactory = _ => 1,
    };

    /// <summary>Every row, one class each.</summary>
    private static IReadOnlyList<BenchRow> Rows(double scale = 1) =>
        [new TokensBench(), new CodeFlowBench(), new RefreshBench(), new PasswordBench(), new SealBench(), new StreamsBench(scale), new RetentionBench(scale), new EraseBench(scale), new StatisticsBench(scale), new StartBench(), new MemoryBench(), new JqBench(scale)];

    public static Command Create()
    {
        RowNames.AcceptOnlyFromAmong([.. Rows().Select(row => row.Name)]);
        var bench = new Command("bench", "Measures the product against something else, in turns.") { RowNames, Results, Scratch, Scale };
        bench.Subcommands.Add(SeedVerb.Create());
        bench.Subcommands.Add(PurgeVerb.Create());
        bench.SetAction(RunAsync);
        return bench;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var names = parsed.GetValue(RowNames) ?? [];
        var results = new List<BenchResult>();
        var isMissing = false;
        foreach (var row in Rows(parsed.GetValue(Scale)).Where(row => names.Length == 0 || names.Contains(row.Name, StringComparer.Ordinal)))
        {
            try
            {
                results.Add(await MeasureAsync(row, parsed.GetValue(Scratch), cancellation));
            }
            catch (InvalidOperationException exception)
            {
                await System.Console.Error.WriteLineAsync($"{row.Name} cannot be measured: {exception.Message}");
                isMissing = true;
            }
        }

        BenchReport.Print(results);
        var file = await BenchReport.SaveAsync(results, parsed.GetValue(Results)!, TimeProvider.System.GetUtcNow(), cancellation);
        AnsiConsole.MarkupLineInterpolated($"Written to {file}.");
        return !isMissing && results.TrueForAll(result => result.IsReached) ? 0 : Missed;
    }

    private static async Task<BenchResult> MeasureAsync(BenchRow row, string? scratch, CancellationToken cancellation)
    {
        var folder = Directory.CreateDirectory(Path.Combine(scratch ?? Path.GetTempPath(), $"custodia-bench-{Guid.CreateVersion7():N}"));
        try
        {
            await using (row)
            {
                return await AnsiConsole.Status().StartAsync(row.Name, status => BenchRunner.RunAsync(row, folder.FullName, what => status.Status($"{row.Name}: {what}"), cancellation));
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
