using System.CommandLine;

namespace Custodia.Server.Verbs;

/// <summary>
/// Settings behind a verb. <c>--Custodia:X=v</c>, <c>--Custodia:X v</c>, <c>--environment v</c> and <c>--Logging:…</c> are gathered
/// before the verb's own options are read, so that no verb has to declare them.
/// </summary>
internal static class Settings
{
    public static readonly Option<string[]> Option = new("--setting")
    {
        Description = "A setting as NAME=VALUE; the same as --NAME=VALUE for names below Custodia:.",
        Recursive = true,
        AllowMultipleArgumentsPerToken = false,
    };

    private static readonly string[] Prefixes = ["--Custodia:", "--Logging:", "--environment"];

    /// <summary>The settings of a parsed command line, as ASP.NET Core takes them.</summary>
    public static string[] Of(ParseResult parsed) => [.. (parsed.GetValue(Option) ?? []).Select(setting => "--" + setting)];

    /// <summary>Rewrites settings to the option <c>--setting</c>.</summary>
    public static IReadOnlyList<string> Collect(string[] args)
    {
        var collected = new List<string>(args.Length + 2);
        for (var i = 0; i < args.Length; i++)
        {
            if (!Prefixes.Any(p => args[i].StartsWith(p, StringComparison.OrdinalIgnoreCase)))
            {
                collected.Add(args[i]);
                continue;
            }

            collected.Add("--setting");
            var setting = args[i][2..];
            collected.Add(setting.Contains('=', StringComparison.Ordinal) || i + 1 == args.Length ? setting : $"{setting}={args[++i]}");
        }

        return collected;
    }
}
