namespace Custodia.Integration.Expressions;

/// <summary>Where a jq program inside <c>${ }</c> ends.</summary>
internal static class ExpressionEnd
{
    private enum Open
    {
        Brace,
        Parenthesis,

        /// <summary>Of an interpolation in a string: <c>\(</c>.</summary>
        Interpolation,
    }

    /// <summary>
    /// The closing brace, with inner braces, comments, and strings with what they interpolate skipped; null when there is none.
    /// Whether the program is right besides is the compiler's to say.
    /// </summary>
    /// <param name="from">The first character of the program.</param>
    public static int? Find(string text, int from)
    {
        var open = new Stack<Open>();
        for (var at = from; at < text.Length; at++)
        {
            switch (text[at])
            {
                case '"':
                    at = SkipString(text, at + 1, open);
                    break;
                case '#':
                    at = SkipComment(text, at);
                    break;
                case '{':
                    open.Push(Open.Brace);
                    break;
                case '(':
                    open.Push(Open.Parenthesis);
                    break;
                case ')' when open.TryPeek(out var inner) && inner != Open.Brace:
                    if (open.Pop() == Open.Interpolation) at = SkipString(text, at + 1, open);
                    break;
                case '}':
                    while (open.TryPeek(out var unclosed) && unclosed == Open.Parenthesis) open.Pop();
                    if (open.Count == 0) return at;
                    if (open.Peek() == Open.Brace) open.Pop();
                    break;
            }
        }

        return null;
    }

    /// <summary>To the closing quote, or to the parenthesis that opens an interpolation.</summary>
    private static int SkipString(string text, int at, Stack<Open> open)
    {
        for (; at < text.Length && text[at] != '"'; at++)
        {
            if (text[at] != '\\') continue;
            at++;
            if (at >= text.Length || text[at] != '(') continue;
            open.Push(Open.Interpolation);
            return at;
        }

        return at;
    }

    /// <summary>To the end of the line; an odd number of backslashes before it carries the comment on.</summary>
    private static int SkipComment(string text, int at)
    {
        var backslashes = 0;
        for (; at < text.Length; at++)
        {
            if (text[at] == '\n' && backslashes % 2 == 0) return at;
            if (text[at] == '\\') backslashes++;
            else if (text[at] != '\r') backslashes = 0;
        }

        return at;
    }
}
