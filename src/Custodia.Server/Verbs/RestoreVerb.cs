using System.CommandLine;
using Custodia.Kernel.Backup;
using Custodia.Kernel.Hosting;
using Spectre.Console;

namespace Custodia.Server.Verbs;

/// <summary><c>custodia restore --from FOLDER</c>: into an empty data directory, with the key store in place.</summary>
internal static class RestoreVerb
{
    public static Command Create()
    {
        var from = new Option<string>("--from") { Description = "A folder that 'custodia backup' made.", Required = true };
        var verb = new Command("restore", "Restores a backup into an empty data directory. Erasures made since are done again before anything is served.") { from };
        verb.SetAction((parsed, cancellation) => RunAsync(parsed, parsed.GetRequiredValue(from), cancellation));
        return verb;
    }

    private static async Task<int> RunAsync(ParseResult parsed, string folder, CancellationToken cancellation)
    {
        await using var host = OfflineHost.Build(parsed);
        SqliteOnly.Demand(host.Services, "restore");
        await host.Services.GetRequiredService<StartSequence>().RunAsync(StartOrder.DataLayout, cancellation);
        var code = await Progressing.RunAsync(async progress =>
        {
            var manifest = await host.Services.GetRequiredService<BackupReader>().RestoreAsync(folder, progress, cancellation);
            AnsiConsole.WriteLine($"Restored the backup of {manifest.TakenAt:u}: {manifest.Files.Count} files.");
        });
        if (code != 0) return code;

        // The steps up to the replay: what was erased after the backup is erased again now.
        await host.Services.GetRequiredService<StartSequence>().RunAsync(StartOrder.Replay, cancellation);
        return 0;
    }
}
