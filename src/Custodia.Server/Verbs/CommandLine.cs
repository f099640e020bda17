using System.CommandLine;
using Custodia.Kernel.Hosting;

namespace Custodia.Server.Verbs;

/// <summary>
/// The command line: <c>custodia [verb] …</c>; without a verb the server is started. Settings are ASP.NET Core's own and may stand
/// behind every verb (<c>--Custodia:DataDirectory=/srv/custodia</c>).
/// </summary>
internal static class CommandLine
{
    private const int UsageError = 2;

    /// <summary>Every verb, one file each.</summary>
    private static IEnumerable<Command> Verbs() =>
    [
        ServeVerb.Create(),
        PolicyVerb.Create(),
        FlowVerb.Create(),
        JqVerb.Create(),
        RetentionVerb.Create(),
        AuditVerb.Create(),
        EvidenceVerb.Create(),
        BackupVerb.Create(),
        RestoreVerb.Create(),
        KeysVerb.Create(),
        BenchVerb.Create(),
        SchemaVerb.Create(),
    ];

    public static async Task<int> RunAsync(string[] args)
    {
        try
        {
            if (ServeVerb.IsMeant(args)) return await ServeVerb.RunAsync(args);
            var root = new RootCommand("Custodia: identity, integration and tickets under one privacy policy.");
            root.Options.Add(Settings.Option);
            foreach (var verb in Verbs()) root.Subcommands.Add(verb);
            var parsed = root.Parse(Settings.Collect(args));
            var code = await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
            return parsed.Errors.Count > 0 ? UsageError : code;
        }
        catch (StartRefusedException e)
        {
            await System.Console.Error.WriteLineAsync(e.Message);
            return e.ExitCode;
        }
    }
}
