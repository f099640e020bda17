using System.CommandLine;
using System.Diagnostics;
using Custodia.Identity.Contracts;
using Custodia.Kernel.Hosting;
using Custodia.Kernel.Policy;
using Custodia.Kernel.Retention;
using Custodia.Server.Bench;
using Spectre.Console;

namespace Custodia.Server.Verbs;

/// <summary>
/// <c>custodia bench purge</c>: the policy deletes expired records while people sign in. Says how long it took, how long a sign-in waited
/// at most beside it and without it, and fails when a sign-in failed.
/// </summary>
internal static class PurgeVerb
{
    private const string Password = "a-long-phrase-for-the-bench";
    private const int People = 1000;
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Before = TimeSpan.FromSeconds(15);

    private static readonly Option<long> Records = new("--records") { Description = "How many expired records.", DefaultValueFactory = _ => 1_000_000 };

    private static readonly Option<string?> Scratch = new("--scratch") { Description = "Folder for the data; default: the system's temporary folder." };

    private static readonly string[] Categories = ["identity.session", "identity.one-time-code", "identity.sign-up", "identity.grant"];

    public static Command Create()
    {
        var purge = new Command("purge", "Deletes expired sessions, codes, sign-ups and grants by the policy while people sign in.") { Records, Scratch };
        purge.SetAction(RunAsync);
        return purge;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var folder = Directory.CreateDirectory(Path.Combine(parsed.GetValue(Scratch) ?? Path.GetTempPath(), $"custodia-bench-{Guid.CreateVersion7():N}"));
        try
        {
            var port = BenchProcess.FreePort();
            string[] settings =
            [
                $"--Custodia:DataDirectory={folder.FullName}", $"--urls=http://127.0.0.1:{port}", "--Custodia:Http:RequestsPerMinute=10000000",
                "--Custodia:Identity:AttemptsPerAddress=1000000", "--Custodia:Identity:AttemptsPerName=1000000",
                // The cost of a hash would hide what is measured: how long the store is busy.
                "--Custodia:Identity:PasswordIterations=1000",
            ];
            await SeedAsync(settings, parsed.GetValue(Records), cancellation);
            return await MeasureAsync(settings, port, cancellation);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task SeedAsync(string[] settings, long records, CancellationToken cancellation)
    {
        await using var host = await OfflineHost.StartAsync(settings, StartOrder.FirstStart, cancellation);
        await SeedVerb.RunAsync(host.Services, new SeedPlan("bench", People, 0, Password), cancellation);
        await AnsiConsole.Progress().StartAsync(async shown =>
        {
            var bar = shown.AddTask("expired records", maxValue: records);
            await using var scope = host.Services.CreateAsyncScope();
            // Grants come with a refresh token each, which is counted with them.
            var plan = new ExpiredPlan("bench", records * 4 / 10, records * 3 / 10, records / 10, records / 10);
            await scope.ServiceProvider.GetRequiredService<PeopleSeeding>().AddExpiredAsync(plan, new SeedVerb.Bar(bar), cancellation);
        });
    }

    private static async Task<int> MeasureAsync(string[] settings, int port, CancellationToken cancellation)
    {
        // Without the role of the scheduler nothing is deleted until we say so.
        await using var app = CustodiaApp.Build([.. settings, "--Custodia:Roles=web,worker", "--Logging:LogLevel:Default=Warning"]);
        await CustodiaApp.PrepareAsync(app, cancellation);
        await app.StartAsync(cancellation);
        var load = new SignInLoad($"http://127.0.0.1:{port}", "bench", People, Password);
        AnsiConsole.MarkupLine("Signing in without a purge …");
        await load.RunAsync(Task.Delay(WarmUp, cancellation), cancellation);
        var alone = await load.RunAsync(Task.Delay(Before, cancellation), cancellation);
        AnsiConsole.MarkupLine("Signing in beside the purge …");
        var start = Stopwatch.GetTimestamp();
        var purge = Task.Run(() => PurgeAsync(app.Services, cancellation), cancellation);
        var beside = await load.RunAsync(purge, cancellation);
        var deleted = await purge;
        var elapsed = Stopwatch.GetElapsedTime(start);
        await app.StopAsync(cancellation);
        AnsiConsole.MarkupLineInterpolated($"{deleted:#,0} records deleted in {elapsed.TotalSeconds:0.0} s ({deleted / elapsed.TotalSeconds:#,0} a second).");
        AnsiConsole.MarkupLineInterpolated($"Sign-ins without a purge: {alone}.");
        AnsiConsole.MarkupLineInterpolated($"Sign-ins beside it:       {beside}.");
        return alone.Failed + beside.Failed == 0 && beside.Done > 0 && deleted > 0 ? 0 : 1;
    }

    private static async Task<long> PurgeAsync(IServiceProvider services, CancellationToken cancellation)
    {
        await using var scope = services.CreateAsyncScope();
        var lines = await scope.ServiceProvider.GetRequiredService<RetentionRunner>()
            .EnforceAsync(scope.ServiceProvider.GetRequiredService<LoadedPolicy>(), cancellation);
        return lines.Where(l => Categories.Contains(l.Category, StringComparer.Ordinal)).Sum(l => l.Due);
    }
}
