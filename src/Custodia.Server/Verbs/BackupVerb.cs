using System.CommandLine;
using Custodia.Kernel.Backup;
using Custodia.Kernel.Hosting;
using Spectre.Console;

namespace Custodia.Server.Verbs;

/// <summary><c>custodia backup --to FOLDER</c>: while the server runs; keys are never in it.</summary>
internal static class BackupVerb
{
    public static Command Create()
    {
        var to = new Option<string>("--to") { Description = "A new or empty folder.", Required = true };
        var verb = new Command("backup", "Backs up the data while the server runs. Keys are not part of it: keep their store apart.") { to };
        verb.SetAction((parsed, cancellation) => RunAsync(parsed, parsed.GetRequiredValue(to), cancellation));
        return verb;
    }

    private static async Task<int> RunAsync(ParseResult parsed, string folder, CancellationToken cancellation)
    {
        await using var host = OfflineHost.Build(parsed);
        SqliteOnly.Demand(host.Services, "backup");
        await host.Services.GetRequiredService<StartSequence>().RunAsync(StartOrder.Policy, cancellation);
        return await Progressing.RunAsync(async progress =>
        {
            var manifest = await host.Services.GetRequiredService<BackupWriter>().WriteAsync(folder, progress, cancellation);
            AnsiConsole.WriteLine($"{manifest.Files.Count} files, {manifest.Files.Sum(f => f.Length):N0} bytes, {manifest.SealedValues:N0} plain personal values sealed.");
        });
    }
}
