namespace Custodia.Jq.Builtins.Regex;

/// <summary>jq's letters behind a pattern.</summary>
[Flags]
internal enum PatternFlags
{
    None = 0,

    /// <summary>g: every match.</summary>
    Global = 1,

    /// <summary>i.</summary>
    IgnoreCase = 2,

    /// <summary>x: spaces and comments in the pattern do not count.</summary>
    Extended = 4,

    /// <summary>p: the dot matches line feeds too.</summary>
    DotMatchesAll = 8,

    /// <summary>n: empty matches do not count.</summary>
    NotEmpty = 16,

    /// <summary>l: the longest match of the text, not the first.</summary>
    Longest = 32,
}

internal static class PatternFlagsText
{
    /// <exception cref="JqException">It is no text of known letters.</exception>
    public static PatternFlags Read(in JqValue letters)
    {
        if (letters.IsNull) return PatternFlags.None;
        if (!letters.TryGetString(out var text)) throw JqException.Of(letters, "is not a string");
        var flags = PatternFlags.None;
        foreach (var letter in text)
        {
            flags |= letter switch
            {
                'g' => PatternFlags.Global,
                'i' => PatternFlags.IgnoreCase,
                'x' => PatternFlags.Extended,

                // Anchors match at the ends of the text and not of its lines without it, too.
                's' => PatternFlags.None,
                'n' => PatternFlags.NotEmpty,
                'p' => PatternFlags.DotMatchesAll,
                'l' => PatternFlags.Longest,
                _ => throw JqException.Of($"{text} is not a valid modifier string"),
            };
        }

        return flags;
    }
}
