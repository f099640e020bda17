using System.Resources;
using Custodia.Console;
using Custodia.Tickets.Screening;
using Custodia.Tickets.Tickets;

namespace Custodia.Tickets.Pages;

/// <summary>What states, severities and categories are called on screen.</summary>
internal static class Labels
{
    /// <summary>What the portal offers; the API takes any word.</summary>
    public static IReadOnlyList<string> Categories { get; } = ["account", "billing", "service", "security", "other"];

    public static IReadOnlyList<string> ProblemTypes { get; } = ["question", "fault", "request", "complaint"];

    public static string Of(TicketState state) => Texts.Of($"State_{state}");

    public static string Of(Severity severity) => Texts.Of($"Severity_{severity}");

    public static string Action(string action) => Texts.Of($"Action_{action}");

    public static string Category(string word) => Known("Category_", word, Categories);

    public static string ProblemType(string word) => Known("ProblemType_", word, ProblemTypes);

    public static string Kind(Finding finding) => Texts.Of($"Kind_{finding.Kind}");

    /// <summary>A rule of a field, in the language of the request.</summary>
    public static string Rule(string field, string rule)
    {
        try
        {
            return Texts.Of(field.StartsWith("files", StringComparison.Ordinal) ? $"Rule_files_{rule}" : $"Rule_{field}");
        }
        catch (MissingManifestResourceException)
        {
            return Texts.Of("Rule_other");
        }
    }

    public static Tone Tone(TicketState state) => state switch
    {
        TicketState.ToBeProcessed => Console.Tone.Info,
        TicketState.Processing => Console.Tone.Info,
        TicketState.PendingFeedback or TicketState.ResultToBeConfirmed => Console.Tone.Warning,
        TicketState.Completed => Console.Tone.Good,
        _ => Console.Tone.Neutral,
    };

    public static Tone Tone(Severity severity) => severity switch
    {
        Severity.Critical => Console.Tone.Danger,
        Severity.High => Console.Tone.Warning,
        _ => Console.Tone.Neutral,
    };

    public static IReadOnlyList<Choice> Choices(IEnumerable<string> words, Func<string, string> label) => [.. words.Select(w => new Choice(w, label(w)))];

    public static IReadOnlyList<Choice> Severities => Choices<Severity>(Of);

    public static IReadOnlyList<Choice> Choices<T>(Func<T, string> label)
        where T : struct, Enum => [.. Enum.GetValues<T>().Select(v => new Choice(TicketProblems.Word(v), label(v)))];

    public static string Size(long bytes) => bytes < 1024 ? $"{bytes} B" : bytes < 1024 * 1024 ? $"{bytes / 1024} KiB" : $"{bytes / 1024.0 / 1024.0:0.0} MiB";

    private static string Known(string prefix, string word, IReadOnlyList<string> known) => known.Contains(word) ? Texts.Of(prefix + word) : word;
}
