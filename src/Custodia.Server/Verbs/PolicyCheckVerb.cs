using System.CommandLine;
using Custodia.Kernel.Hosting;
using Custodia.Kernel.Policy;
using Custodia.Kernel.Policy.Binding;
using Microsoft.Extensions.Options;

namespace Custodia.Server.Verbs;

/// <summary><c>custodia policy check [dir]</c>: every finding, in the files and between files and code. Exit code 1 when there are any.</summary>
internal static class PolicyCheckVerb
{
    private static readonly Argument<string?> Folder = new("dir")
    {
        Description = "Folder of the policy files; default: the server's own.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    public static Command Create()
    {
        var check = new Command("check", "Reads the policy files whole, holds them against the code and lists every finding.") { Folder };
        check.SetAction(Check);
        return check;
    }

    private static int Check(ParseResult parsed)
    {
        using var host = OfflineHost.Build(parsed);
        var options = host.Services.GetRequiredService<IOptions<CustodiaOptions>>().Value;
        if (parsed.GetValue(Folder) is { } folder) options.PolicyDirectory = folder;
        var reading = PolicyLoader.Load(PolicySource.DirectoryOf(options));
        var findings = reading.Policy is { } policy ? PolicyBinding.Check(policy, BoundCode.Of(host.Services)) : reading.Findings;
        foreach (var finding in findings) System.Console.Out.WriteLine(finding);
        System.Console.Out.WriteLine(findings.Count == 0
            ? $"Policy {reading.Policy!.Version} ({reading.Policy.Sha256}): {reading.Policy.Categories.Count()} categories, {reading.Policy.Categories.Sum(c => c.Fields.Count)} fields, no findings."
            : $"{findings.Count} findings.");
        return findings.Count == 0 ? 0 : 1;
    }
}
