using System.CommandLine;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using Custodia.Kernel.Hosting;
using Custodia.Kernel.Streams;
using Spectre.Console;

namespace Custodia.Server.Verbs;

/// <summary>
/// <c>custodia audit verify</c>: recomputes every log and holds it against its signed checkpoints. Needs no server and no keys but
/// the public one. Exit code 1 when something is unexplained.
/// </summary>
internal static class AuditVerb
{
    private const int UsageError = 2;

    private static readonly Option<string?> Data = new("--data") { Description = "The data directory; default: the configured one." };
    private static readonly Option<string?> PublicKey = new("--public-key") { Description = "The public key that you trust (PEM); default: the one in the data directory." };
    private static readonly Option<string?> Copy = new("--copy") { Description = "The second place of checkpoints, to compare with." };
    private static readonly Option<bool> AsJson = new("--json") { Description = "Print the result as JSON." };

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true, Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower) } };

    public static Command Create()
    {
        var verify = new Command("verify", "Says of every day of every log: valid, shredded, expired or unexplained.") { Data, PublicKey, Copy, AsJson };
        verify.SetAction((parsed, cancellation) => Task.FromResult(Verify(parsed, cancellation)));
        return new Command("audit", "Proves that the logs are as they were written.") { verify };
    }

    private static int Verify(ParseResult parsed, CancellationToken cancellation)
    {
        var root = Path.GetFullPath(parsed.GetValue(Data) ?? Configured(parsed));
        var keyFile = parsed.GetValue(PublicKey) ?? Path.Combine(root, "checkpoints", "public-key.pem");
        if (!Directory.Exists(root)) return Refuse($"There is no data directory at {root}.");
        if (!File.Exists(keyFile)) return Refuse($"There is no public key at {keyFile}.");
        using var key = ECDsa.Create();
        try
        {
            key.ImportFromPem(File.ReadAllText(keyFile));
        }
        catch (Exception wrong) when (wrong is ArgumentException or CryptographicException)
        {
            return Refuse($"{keyFile} is not a public key (PEM).");
        }

        var report = Run(new AuditVerification(root, key, parsed.GetValue(Copy)), parsed.GetValue(AsJson), cancellation);
        if (parsed.GetValue(AsJson)) System.Console.Out.WriteLine(JsonSerializer.Serialize(new { Clean = report.IsClean, report.Findings, report.Segments }, Json));
        else Print(report);
        return report.IsClean ? 0 : 1;
    }

    private static AuditReport Run(AuditVerification verification, bool quiet, CancellationToken cancellation)
    {
        if (quiet || System.Console.IsErrorRedirected) return verification.Run(static _ => { }, cancellation);
        var screen = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(System.Console.Error) });
        return screen.Progress().Start(progress =>
        {
            var task = progress.AddTask("Verifying", maxValue: 1);
            return verification.Run(share => task.Value = share, cancellation);
        });
    }

    private static void Print(AuditReport report)
    {
        foreach (var segment in report.Segments)
        {
            System.Console.Out.WriteLine($"{segment.State.ToString().ToLowerInvariant(),-12} {segment.Stream} {segment.Segment}: {Describe(segment)}");
            foreach (var finding in segment.Findings) System.Console.Out.WriteLine($"             {finding}");
        }

        foreach (var finding in report.Findings) System.Console.Out.WriteLine($"unexplained  {finding}");
        var counts = report.Segments.GroupBy(s => s.State).OrderBy(g => g.Key).Select(g => $"{g.Count()} {g.Key.ToString().ToLowerInvariant()}");
        System.Console.Out.WriteLine(report.Segments.Count == 0 ? "There are no logs." : $"{report.Segments.Count} segments: {string.Join(", ", counts)}.");
    }

    private static string Describe(SegmentVerdict segment)
    {
        var parts = new List<string> { $"{segment.Records} records" };
        if (segment.NotYetSigned > 0) parts.Add($"{segment.NotYetSigned} not yet signed");
        if (segment.Erased > 0) parts.Add($"{segment.Erased} removed as signed");
        if (segment.Shredded > 0) parts.Add($"{segment.Shredded} shredded as signed");
        return segment.State == SegmentState.Expired ? "dropped as signed" : string.Join(", ", parts);
    }

    private static string Configured(ParseResult parsed) => new ConfigurationBuilder()
        .AddEnvironmentVariables()
        .AddCommandLine(Settings.Of(parsed))
        .Build()[$"{CustodiaOptions.Section}:{nameof(CustodiaOptions.DataDirectory)}"] ?? new CustodiaOptions().DataDirectory;

    private static int Refuse(string message)
    {
        System.Console.Error.WriteLine(message);
        return UsageError;
    }
}
