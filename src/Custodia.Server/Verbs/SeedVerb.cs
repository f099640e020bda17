using System.CommandLine;
using System.Diagnostics;
using Custodia.Identity.Contracts;
using Custodia.Kernel.Hosting;
using Spectre.Console;

namespace Custodia.Server.Verbs;

/// <summary><c>custodia bench seed</c>: fills a data directory with made-up people, sealed and counted like real ones.</summary>
internal static class SeedVerb
{
    private static readonly Option<long> Users = new("--users") { Description = "How many people.", DefaultValueFactory = _ => 1_000_000 };

    private static readonly Option<long> SignIns = new("--sign-ins") { Description = "How often they have signed in, in the last 30 days.", DefaultValueFactory = _ => 10_000_000 };

    private static readonly Option<string> Name = new("--directory") { Description = "Name of the directory that is created for them.", DefaultValueFactory = _ => "bench" };

    private static readonly Option<string?> Password = new("--password") { Description = "Password of everybody; left out: they sign in by mailed codes." };

    public static Command Create()
    {
        var seed = new Command("seed", "Fills a new directory with made-up people. Stop the server first.") { Users, SignIns, Name, Password };
        seed.SetAction(RunAsync);
        return seed;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var plan = new SeedPlan(parsed.GetValue(Name)!, parsed.GetValue(Users), parsed.GetValue(SignIns), parsed.GetValue(Password));
        if (plan.Users < 1 || plan.SignIns < 0)
        {
            await System.Console.Error.WriteLineAsync("--users is 1 or more, --sign-ins 0 or more.");
            return 2;
        }

        var start = Stopwatch.GetTimestamp();
        try
        {
            await using var host = await OfflineHost.StartAsync(parsed, StartOrder.FirstStart, cancellation);
            await RunAsync(host.Services, plan, cancellation);
        }
        catch (InvalidOperationException exception)
        {
            await System.Console.Error.WriteLineAsync(exception.Message);
            return 1;
        }

        AnsiConsole.MarkupLineInterpolated($"{plan.Users:#,0} people with {plan.SignIns:#,0} sign-ins in {Stopwatch.GetElapsedTime(start).TotalSeconds:0} s.");
        return 0;
    }

    /// <summary>Seeds with a bar of progress.</summary>
    public static Task RunAsync(IServiceProvider services, SeedPlan plan, CancellationToken cancellation) =>
        AnsiConsole.Progress().StartAsync(async shown =>
        {
            var bar = shown.AddTask("people", maxValue: plan.Users);
            await using var scope = services.CreateAsyncScope();
            await scope.ServiceProvider.GetRequiredService<PeopleSeeding>().SeedAsync(plan, new Bar(bar), cancellation);
        });

    /// <summary>Moves a bar on the thread that reports.</summary>
    internal sealed class Bar(ProgressTask task) : IProgress<long>
    {
        public void Report(long value) => task.Value = value;
    }
}
