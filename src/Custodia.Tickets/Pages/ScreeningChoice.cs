using Custodia.Tickets.Screening;

namespace Custodia.Tickets.Pages;

/// <summary>What a person chose to do about what was found in their text.</summary>
internal static class ScreeningChoice
{
    public const string FieldName = "screening";
    public const string Redact = "redact";
    public const string Move = "move";
    public const string Confirm = "confirm";

    /// <summary>Applies the choice: takes the findings out, or moves them to the confidential field.</summary>
    /// <returns>The texts as they may be stored, what goes to the confidential field, and whether likely findings were confirmed.</returns>
    public static (IReadOnlyList<string> Texts, string? Moved, bool Confirmed) Apply(string choice, IReadOnlyList<string> texts)
    {
        if (choice is not (Redact or Move)) return (texts, null, choice == Confirm);
        var moved = new List<string>();
        var kept = new List<string>();
        foreach (var text in texts)
        {
            var findings = Screen.Examine(text);
            if (choice == Move) moved.AddRange(findings.Select(f => text.Substring(f.Start, f.Length)));
            kept.Add(Screen.Replace(text, findings, Texts.Of(choice == Move ? "MovedMark" : "RedactedMark")));
        }

        return (kept, moved.Count == 0 ? null : string.Join('\n', moved), true);
    }

    /// <summary>Cuts a text into plain and marked parts, for the page.</summary>
    public static IEnumerable<(string Text, Finding? Finding)> Parts(string text, IEnumerable<Finding> findings)
    {
        var at = 0;
        foreach (var finding in findings.Where(f => f.End <= text.Length).OrderBy(f => f.Start))
        {
            if (finding.Start > at) yield return (text[at..finding.Start], null);
            yield return (text.Substring(finding.Start, finding.Length), finding);
            at = finding.End;
        }

        if (at < text.Length) yield return (text[at..], null);
    }
}
