using System.Text;

namespace Custodia.Tickets.Screening;

/// <summary>Examines free text before it is stored. Pure: keeps and logs nothing.</summary>
internal static class Screen
{
    /// <summary>Everything found, in order of place, without overlaps; the surer finding wins.</summary>
    public static IReadOnlyList<Finding> Examine(string? text)
    {
        if (string.IsNullOrEmpty(text) || text.Length < 4) return [];
        var normal = NormalisedText.Of(text);
        List<Finding>? found = null;
        PrivateKeys.Find(normal.Text, ref found);
        Tokens.Find(normal.Text, ref found);
        Passwords.Find(normal.Text, ref found);
        Numbers.Find(normal.Text, ref found);
        if (found is null) return [];
        return WithoutOverlaps(found.ConvertAll(f =>
        {
            var (start, length) = normal.Original(f.Start, f.Length);
            return f with { Start = start, Length = length };
        }));
    }

    /// <summary>The text with every finding replaced.</summary>
    public static string Replace(string text, IReadOnlyList<Finding> findings, string replacement)
    {
        if (findings.Count == 0) return text;
        var result = new StringBuilder(text.Length);
        var at = 0;
        foreach (var finding in findings)
        {
            result.Append(text, at, finding.Start - at).Append(replacement);
            at = finding.End;
        }

        return result.Append(text, at, text.Length - at).ToString();
    }

    private static List<Finding> WithoutOverlaps(List<Finding> found)
    {
        var kept = new List<Finding>(found.Count);
        foreach (var finding in found.OrderByDescending(f => f.Certainty).ThenByDescending(f => f.Length))
        {
            if (!kept.Exists(k => finding.Start < k.End && k.Start < finding.End)) kept.Add(finding);
        }

        kept.Sort((a, b) => a.Start.CompareTo(b.Start));
        return kept;
    }

    internal static void Add(ref List<Finding>? found, SecretKind kind, Certainty certainty, int start, int length) =>
        (found ??= []).Add(new Finding(kind, certainty, start, length));
}
