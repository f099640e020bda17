using System.CommandLine;
using Custodia.Kernel.Hosting;
using Custodia.Kernel.Policy;
using Custodia.Kernel.Policy.InForce;
using Custodia.Kernel.Retention;
using Microsoft.Extensions.Options;

namespace Custodia.Server.Verbs;

/// <summary><c>custodia policy diff A B</c>: what changes, and what of the data that is held it would delete. Exit code 1 when something is deleted sooner.</summary>
internal static class PolicyDiffVerb
{
    private static readonly Argument<string> Before = new("before") { Description = "Folder of the policy files before the change." };

    private static readonly Argument<string> After = new("after") { Description = "Folder of the policy files after the change." };

    private static readonly Option<string?> Data = new("--data") { Description = "Data directory: counts what the change would delete now." };

    public static Command Create()
    {
        var diff = new Command("diff", "Says what changes from one policy to another and what it would delete.") { Before, After, Data };
        diff.SetAction(DiffAsync);
        return diff;
    }

    private static async Task<int> DiffAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var before = PolicySource.Load(parsed.GetValue(Before)!).Policy;
        var after = PolicySource.Load(parsed.GetValue(After)!).Policy;
        var changes = PolicyDiff.Of(before, after);
        System.Console.Out.WriteLine($"{before.Version} ({before.Sha256[..12]}) -> {after.Version} ({after.Sha256[..12]}): {changes.Count} changes");
        foreach (var change in changes) System.Console.Out.WriteLine(change.DeletesSooner ? $"  {change}  [deletes sooner]" : $"  {change}");
        var sooner = changes.Where(c => c.DeletesSooner).ToArray();
        if (sooner.Length == 0)
        {
            System.Console.Out.WriteLine("Nothing is deleted sooner: it takes effect when it is loaded.");
            return 0;
        }

        if (parsed.GetValue(Data) is { } data) await CountAsync(parsed, data, after, sooner, cancellation);
        System.Console.Out.WriteLine("It takes effect for retention when a named person confirms it: custodia policy confirm --by NAME");
        return 1;
    }

    /// <summary>What each new or shorter trigger would delete now, counted in the data directory; reads only.</summary>
    private static async Task CountAsync(ParseResult parsed, string data, LoadedPolicy after, PolicyChange[] sooner, CancellationToken cancellation)
    {
        if (!Directory.Exists(data)) throw new ConfigurationException("--data", "there is no such data directory.");
        await using var host = OfflineHost.Build(parsed);
        host.Services.GetRequiredService<IOptions<CustodiaOptions>>().Value.DataDirectory = data;
        await host.Services.GetRequiredService<StartSequence>().RunAsync(StartOrder.RootKey, cancellation);
        await using var scope = host.Services.CreateAsyncScope();
        var lines = await scope.ServiceProvider.GetRequiredService<RetentionRunner>().PreviewAsync(after, cancellation);
        foreach (var line in lines.Where(l => sooner.Any(c => c.Category == l.Category && c.Key == $"deleteOn.{l.Trigger}")))
            System.Console.Out.WriteLine($"  {line.Category}, {line.Trigger}: {line.Due} records would be deleted now; the oldest held is of {line.Oldest?.ToString("yyyy-MM-dd") ?? "(nothing held)"}");
    }
}
