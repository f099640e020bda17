using System.CommandLine;
using Custodia.Kernel.Hosting;
using Custodia.Kernel.Policy;
using Custodia.Kernel.Retention;
using Spectre.Console;

namespace Custodia.Server.Verbs;

/// <summary><c>custodia retention preview</c>: what the policy would delete now; reads only.</summary>
internal static class RetentionVerb
{
    public static Command Create()
    {
        var preview = new Command("preview", "Shows what each trigger of the policy holds and would delete now. Deletes nothing.");
        preview.SetAction(PreviewAsync);
        return new Command("retention", "What the policy deletes, and when.") { preview };
    }

    private static async Task<int> PreviewAsync(ParseResult parsed, CancellationToken cancellation)
    {
        await using var host = await OfflineHost.StartAsync(parsed, StartOrder.Policy, cancellation);
        await using var scope = host.Services.CreateAsyncScope();
        var lines = await scope.ServiceProvider.GetRequiredService<RetentionRunner>()
            .PreviewAsync(scope.ServiceProvider.GetRequiredService<LoadedPolicy>(), cancellation);
        var table = new Table().AddColumns("category", "trigger", "due", "oldest held");
        foreach (var line in lines)
            table.AddRow(line.Category, line.Trigger, line.Due.ToString("N0"), line.Oldest is { } oldest ? oldest.ToString("u") : "nothing held");
        AnsiConsole.Write(table);
        return 0;
    }
}
