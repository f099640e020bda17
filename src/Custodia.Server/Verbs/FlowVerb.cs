using System.CommandLine;
using System.Text.Json;
using Custodia.Integration.Contracts;

namespace Custodia.Server.Verbs;

/// <summary><c>custodia flow run FILE --payload JSON</c>: which way a flow goes, without asking any connector.</summary>
internal static class FlowVerb
{
    private const int HasErrors = 1;
    private const int UsageError = 2;

    private static readonly Argument<FileInfo> File = new("file") { Description = "The flow: YAML or JSON." };

    private static readonly Option<string?> Payload = new("--payload") { Description = "What the trigger would bring, as JSON." };

    public static Command Create()
    {
        var run = new Command("run", "Checks a flow and runs it in memory; calls show their inputs and are not made.") { File, Payload };
        run.SetAction(RunAsync);
        return new Command("flow", "Flows.") { run };
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var file = parsed.GetRequiredValue(File);
        if (!file.Exists)
        {
            await System.Console.Error.WriteLineAsync($"There is no file {file.FullName}.");
            return UsageError;
        }

        await using var host = OfflineHost.Build(parsed);
        try
        {
            var text = await System.IO.File.ReadAllTextAsync(file.FullName, cancellation);
            var trace = host.Services.GetRequiredService<FlowRehearsal>().Run(text, parsed.GetValue(Payload));
            foreach (var line in trace.Lines) System.Console.WriteLine(line);
            return trace.Ran ? 0 : HasErrors;
        }
        catch (JsonException)
        {
            await System.Console.Error.WriteLineAsync("The payload is not JSON.");
            return UsageError;
        }
    }
}
