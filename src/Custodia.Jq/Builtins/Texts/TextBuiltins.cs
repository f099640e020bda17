using System.Text;
using Custodia.Jq.Running;

namespace Custodia.Jq.Builtins.Texts;

/// <summary>Strings: cut, split, searched, joined, taken apart.</summary>
internal static class TextBuiltins
{
    private const string StartsWithNeedsText = "startswith() requires string inputs";
    private const string EndsWithNeedsText = "endswith() requires string inputs";

    public static IEnumerable<Native> All { get; } =
    [
        new("explode", 0, Explode),
        new("implode", 0, Implode),
        new("startswith", 1, StartsWith),
        new("endswith", 1, EndsWith),
        new("ltrimstr", 1, LTrimStr),
        new("rtrimstr", 1, RTrimStr),
        new("trimstr", 1, TrimStr),
        new("trim", 0, Trim),
        new("ltrim", 0, LTrim),
        new("rtrim", 0, RTrim),
        new("split", 1, Split),
        new("ascii_downcase", 0, AsciiDowncase),
        new("ascii_upcase", 0, AsciiUpcase),
        new("ascii", 0, Ascii),
        new("utf8bytelength", 0, Utf8ByteLength),
        new("join", 1, Joining.Join),
        new("tostring", 0, Conversions.ToText),
        new("tojson", 0, Conversions.ToJson),
        new("fromjson", 0, Conversions.FromJson),
        new("tonumber", 0, Conversions.ToNumber),
        new("toboolean", 0, Conversions.ToBoolean),
    ];

    /// <summary>Where a text occurs in another, counted in code points; occurrences may overlap.</summary>
    public static JqValue Indices(Run run, string text, string sought)
    {
        if (sought.Length == 0) return JqValue.Of(JqArray.Empty);
        run.Charge(text.Length * 2L);
        var found = new List<JqValue>();
        var (counted, codePoints) = (0, 0);
        for (var at = text.IndexOf(sought, StringComparison.Ordinal); at >= 0; at = text.IndexOf(sought, at + 1, StringComparison.Ordinal))
        {
            for (; counted < at; counted++) codePoints += char.IsLowSurrogate(text[counted]) ? 0 : 1;
            run.MustFitItems(found.Count + 1);
            run.Charge(sought.Length + 64L);
            found.Add(JqValue.Of(codePoints));
        }

        return run.ArrayOf([.. found], found.Count);
    }

    private static JqValue Explode(Run run, in JqValue input, ReadOnlySpan<JqValue> arguments)
    {
        if (!input.TryGetString(out var text)) throw JqException.Of("explode input must be a string");
        run.MustFitItems(text.Length / 2);
        run.Charge(text.Length * 16L);
        var items = new JqValue[text.Length];
        var count = 0;
        foreach (var rune in text.EnumerateRunes()) items[count++] = JqValue.Of(rune.Value);
        return run.ArrayOf(items, count);
    }

    private static JqValue Implode(Run run, in JqValue input, ReadOnlySpan<JqValue> arguments)
    {
        if (!input.TryGetArray(out var array)) throw JqException.Of("implode input must be an array");
        run.MustFitText(array.Count);
        var text = new StringBuilder(array.Count);
        Span<char> units = stackalloc char[2];
        foreach (ref readonly var item in array.Items)
        {
            if (!item.TryGetNumber(out var number) || double.IsNaN(number)) throw JqException.Of(item, "can't be imploded, unicode codepoint needs to be numeric");
            var isScalar = number is > -1 and <= 0x10FFFF && Rune.IsValid((int)number);
            var rune = isScalar ? new Rune((int)number) : Rune.ReplacementChar;
            text.Append(units[..rune.EncodeToUtf16(units)]);
        }

        return run.Text(text.ToString());
    }

    private static JqValue StartsWith(Run run, in JqValue input, ReadOnlySpan<JqValue> arguments)
    {
        var (text, part) = Both(input, arguments[0], StartsWithNeedsText);
        return JqValue.Of(text.StartsWith(part, StringComparison.Ordinal));
    }

    private static JqValue EndsWith(Run run, in JqValue input, ReadOnlySpan<JqValue> arguments)
    {
        var (text, part) = Both(input, arguments[0], EndsWithNeedsText);
        return JqValue.Of(text.EndsWith(part, StringComparison.Ordinal));
    }

    private static JqValue LTrimStr(Run run, in JqValue input, ReadOnlySpan<JqValue> arguments)
    {
        var (text, part) = Both(input, arguments[0], StartsWithNeedsText);
        return text.StartsWith(part, StringComparison.Ordinal) ? run.Text(text[part.Length..]) : input;
    }

    private static JqValue RTrimStr(Run run, in JqValue input, ReadOnlySpan<JqValue> arguments)
    {
        var (text, part) = Both(input, arguments[0], EndsWithNeedsText);
        return RTrim(run, text, part);
    }

    private static JqValue TrimStr(Run run, in JqValue input, ReadOnlySpan<JqValue> arguments)
    {
        var (text, part) = Both(input, arguments[0], StartsWithNeedsText);
        return RTrim(run, text.StartsWith(part, StringComparison.Ordinal) ? text[part.Length..] : text, part);
    }

    // jq cuts .[:-0] when the part is empty, which leaves nothing.
    private static JqValue RTrim(Run run, string text, string part)
    {
        if (part.Length == 0) return JqValue.Of("");
        return text.EndsWith(part, StringComparison.Ordinal) ? run.Text(text[..^part.Length]) : run.Text(text);
    }

    private static JqValue Trim(Run run, in JqValue input, ReadOnlySpan<JqValue> arguments) => run.Text(Trimmed(input).Trim());

    private static JqValue LTrim(Run run, in JqValue input, ReadOnlySpan<JqValue> arguments) => run.Text(Trimmed(input).TrimStart());

    private static JqValue RTrim(Run run, in JqValue input, ReadOnlySpan<JqValue> arguments) => run.Text(Trimmed(input).TrimEnd());

    private static string Trimmed(in JqValue input) => input.TryGetString(out var text) ? text : throw JqException.Of("trim input must be a string");

    private static JqValue Split(Run run, in JqValue input, ReadOnlySpan<JqValue> arguments)
    {
        var (text, separator) = Both(input, arguments[0], "split input and separator must be strings");
        if (text.Length == 0) return JqValue.Of(JqArray.Empty);
        run.Charge(text.Length * 2L);
        var parts = new List<JqValue>();
        for (var at = 0; ;)
        {
            run.MustFitItems(parts.Count + 1);
            var end = separator.Length == 0
                ? at + (at + 1 < text.Length && char.IsSurrogatePair(text[at], text[at + 1]) ? 2 : 1)
                : text.IndexOf(separator, at, StringComparison.Ordinal);
            if (end < 0 || (separator.Length == 0 && end >= text.Length))
            {
                parts.Add(run.Text(text[at..]));
                return run.ArrayOf([.. parts], parts.Count);
            }

            parts.Add(run.Text(text[at..end]));
            at = end + separator.Length;
        }
    }

    private static JqValue AsciiDowncase(Run run, in JqValue input, ReadOnlySpan<JqValue> arguments) =>
        run.Text(string.Create(Cased(input).Length, Cased(input), static (into, text) => Ascii(text, into, 'A', 'Z')));

    private static JqValue AsciiUpcase(Run run, in JqValue input, ReadOnlySpan<JqValue> arguments) =>
        run.Text(string.Create(Cased(input).Length, Cased(input), static (into, text) => Ascii(text, into, 'a', 'z')));

    private static string Cased(in JqValue input) => input.TryGetString(out var text) ? text : throw JqException.Of("explode input must be a string");

    private static void Ascii(string text, Span<char> into, char first, char last)
    {
        for (var i = 0; i < text.Length; i++) into[i] = text[i] >= first && text[i] <= last ? (char)(text[i] ^ 0x20) : text[i];
    }

    private static JqValue Ascii(Run run, in JqValue input, ReadOnlySpan<JqValue> arguments)
    {
        if (input.TryGetNumber(out var number) && number is >= 0 and < 128) return JqValue.Of(((char)number).ToString());
        throw JqException.Of(input, "is not the number of an ASCII character");
    }

    private static JqValue Utf8ByteLength(Run run, in JqValue input, ReadOnlySpan<JqValue> arguments)
    {
        if (!input.TryGetString(out var text)) throw JqException.Of(input, "only strings have UTF-8 byte length");
        run.Charge(text.Length);
        return JqValue.Of(Encoding.UTF8.GetByteCount(text));
    }

    private static (string Text, string Part) Both(in JqValue input, in JqValue argument, string complaint) =>
        input.TryGetString(out var text) && argument.TryGetString(out var part) ? (text, part) : throw JqException.Of(complaint);
}
