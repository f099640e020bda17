using System.Text;

namespace Custodia.Identity.Scim;

/// <summary>A filter as RFC 7644, section 3.4.2.2, writes it.</summary>
internal abstract record ScimFilter
{
    public sealed record And(ScimFilter Left, ScimFilter Right) : ScimFilter;

    public sealed record Or(ScimFilter Left, ScimFilter Right) : ScimFilter;

    public sealed record Not(ScimFilter Inner) : ScimFilter;

    /// <param name="Path">Attribute path in lower case, without the schema's name: <c>username</c>, <c>emails.value</c>.</param>
    /// <param name="Operator"><c>eq</c>, <c>ne</c>, <c>co</c>, <c>sw</c>, <c>ew</c>, <c>gt</c>, <c>ge</c>, <c>lt</c>, <c>le</c> or <c>pr</c>.</param>
    /// <param name="Value">Text, true or false, a number as text; null for <c>null</c> and for <c>pr</c>.</param>
    public sealed record Compare(string Path, string Operator, string? Value) : ScimFilter
    {
        /// <summary>Never the value: it may be somebody's address.</summary>
        public override string ToString() => $"{Path} {Operator}";
    }

    /// <summary><c>emails[type eq "work"]</c>.</summary>
    public sealed record ValuePath(string Path, ScimFilter Inner) : ScimFilter;

    public static ScimFilter Parse(string text)
    {
        if (text.Length > 4096) throw ScimFault.InvalidFilter("The filter is too long.");
        var parser = new ScimFilterParser(text);
        return parser.ParseAll();
    }

    /// <summary>An attribute path without its schema, in lower case.</summary>
    public static string PathOf(string text)
    {
        foreach (var schema in new[] { ScimSchemas.User, ScimSchemas.Group })
        {
            if (text.StartsWith(schema + ":", StringComparison.OrdinalIgnoreCase)) return text[(schema.Length + 1)..].ToLowerInvariant();
        }

        return text.ToLowerInvariant();
    }
}

/// <summary>Reads filters: <c>or</c> binds least, then <c>and</c>, then <c>not</c>; at most 32 levels deep.</summary>
internal sealed class ScimFilterParser(string text)
{
    private const int MaxDepth = 32;
    private static readonly string[] Operators = ["eq", "ne", "co", "sw", "ew", "gt", "ge", "lt", "le", "pr"];

    private int _at;
    private int _depth;

    public ScimFilter ParseAll()
    {
        var filter = Or();
        Blanks();
        return _at == text.Length ? filter : throw Wrong();
    }

    private ScimFilter Or()
    {
        if (++_depth > MaxDepth) throw ScimFault.InvalidFilter("The filter is too deep.");
        var left = And();
        while (Word("or")) left = new ScimFilter.Or(left, And());
        _depth--;
        return left;
    }

    private ScimFilter And()
    {
        var left = Term();
        while (Word("and")) left = new ScimFilter.And(left, Term());
        return left;
    }

    private ScimFilter Term()
    {
        if (Word("not"))
        {
            Expect('(');
            return new ScimFilter.Not(Closed(')'));
        }

        if (Take('(')) return Closed(')');
        var path = ScimFilter.PathOf(Path());
        if (Take('['))
        {
            var inner = Closed(']');
            // emails[type eq "work"].value is a path of PATCH; as a filter it would compare nothing.
            return new ScimFilter.ValuePath(path, inner);
        }

        var name = Letters().ToLowerInvariant();
        if (!Operators.Contains(name, StringComparer.Ordinal)) throw ScimFault.InvalidFilter($"An operator is expected at position {_at}.");
        var value = name == "pr" ? null : Value();
        if (value?.Contains('\0', StringComparison.Ordinal) == true) throw ScimFault.InvalidFilter($"'{path}' is compared with a character that cannot be stored.");
        return new ScimFilter.Compare(path, name, value);
    }

    private ScimFilter Closed(char end)
    {
        var inner = Or();
        Expect(end);
        return inner;
    }

    private string Path()
    {
        Blanks();
        var start = _at;
        while (_at < text.Length && (char.IsAsciiLetterOrDigit(text[_at]) || text[_at] is '.' or ':' or '_' or '-' or '$')) _at++;
        return _at > start ? text[start.._at] : throw Wrong();
    }

    private string Letters()
    {
        Blanks();
        var start = _at;
        while (_at < text.Length && char.IsAsciiLetter(text[_at])) _at++;
        return text[start.._at];
    }

    private string? Value()
    {
        Blanks();
        if (_at < text.Length && text[_at] == '"') return Quoted();
        var start = _at;
        while (_at < text.Length && text[_at] is not (' ' or ')' or ']')) _at++;
        var word = text[start.._at];
        return word switch
        {
            "true" or "false" => word,
            "null" => null,
            _ when decimal.TryParse(word, System.Globalization.NumberStyles.Float, System.Globalization.CultureInfo.InvariantCulture, out _) => word,
            _ => throw ScimFault.InvalidFilter($"A value is expected at position {start}."),
        };
    }

    // A JSON string: its escapes are JSON's.
    private string Quoted()
    {
        var start = _at++;
        while (_at < text.Length && text[_at] != '"') _at += text[_at] == '\\' ? 2 : 1;
        if (_at >= text.Length) throw Wrong();
        _at++;
        try
        {
            return System.Text.Json.JsonSerializer.Deserialize<string>(Encoding.UTF8.GetBytes(text[start.._at]))!;
        }
        catch (System.Text.Json.JsonException)
        {
            throw Wrong();
        }
    }

    private bool Word(string word)
    {
        Blanks();
        var end = _at + word.Length;
        if (end > text.Length || !text.AsSpan(_at, word.Length).Equals(word, StringComparison.OrdinalIgnoreCase)) return false;
        if (end < text.Length && text[end] is not (' ' or '(')) return false;
        _at = end;
        return true;
    }

    private bool Take(char c)
    {
        Blanks();
        if (_at >= text.Length || text[_at] != c) return false;
        _at++;
        return true;
    }

    private void Expect(char c)
    {
        if (!Take(c)) throw Wrong();
    }

    private void Blanks()
    {
        while (_at < text.Length && text[_at] == ' ') _at++;
    }

    private ScimFault Wrong() => ScimFault.InvalidFilter($"The filter cannot be read at position {Math.Min(_at, text.Length)}.");
}
