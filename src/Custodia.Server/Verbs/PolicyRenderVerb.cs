using System.CommandLine;
using Custodia.Kernel.Hosting;
using Custodia.Kernel.Policy;
using Microsoft.Extensions.Options;

namespace Custodia.Server.Verbs;

/// <summary><c>custodia policy render</c>: the record of processing activities (GDPR Art. 30) or the policy itself, into a file or to standard output.</summary>
internal static class PolicyRenderVerb
{
    private static readonly Option<string> Format = new("--format") { Description = "html, csv, jsonld or json.", DefaultValueFactory = _ => "html" };

    private static readonly Option<string> Language = new("--lang") { Description = "en or zh; JSON forms carry both.", DefaultValueFactory = _ => "en" };

    private static readonly Option<FileInfo?> Out = new("--out") { Description = "File to write; default: standard output." };

    public static Command Create()
    {
        Format.AcceptOnlyFromAmong([.. PolicyExport.Formats.Keys]);
        Language.AcceptOnlyFromAmong("en", "zh");
        var render = new Command("render", "Writes the record of processing activities (html, csv, jsonld) or the policy (json).") { Format, Language, Out };
        render.SetAction(RenderAsync);
        return render;
    }

    private static async Task<int> RenderAsync(ParseResult parsed, CancellationToken cancellation)
    {
        using var host = OfflineHost.Build(parsed);
        var policy = PolicySource.Load(host.Services.GetRequiredService<IOptions<CustodiaOptions>>().Value).Policy;
        var document = PolicyExport.Render(policy, parsed.GetValue(Format)!, parsed.GetValue(Language)!);
        if (parsed.GetValue(Out) is { } file)
        {
            await File.WriteAllBytesAsync(file.FullName, document, cancellation);
            return 0;
        }

        await using var output = System.Console.OpenStandardOutput();
        await output.WriteAsync(document, cancellation);
        return 0;
    }
}
