using System.Collections.Frozen;
using System.Text;
using Custodia.Jq.Builtins.Texts;
using Custodia.Jq.Running;

namespace Custodia.Jq.Builtins.Formats;

/// <summary><c>@csv</c> and the like: a value as text for a place with rules of its own.</summary>
internal static class FormatBuiltins
{
    private static readonly FrozenDictionary<string, Func<Run, JqValue, string>> ByName = new Dictionary<string, Func<Run, JqValue, string>>(StringComparer.Ordinal)
    {
        ["text"] = (run, value) => Conversions.ToText(run, value),
        ["json"] = (run, value) => Conversions.ToJson(run, value),
        ["csv"] = (run, value) => Rows.Csv(run, value),
        ["tsv"] = (run, value) => Rows.Tsv(run, value),
        ["html"] = Html,
        ["uri"] = (run, value) => UriText.Encode(run, Conversions.ToText(run, value)),
        ["urid"] = (run, value) => UriText.Decode(run, Conversions.ToText(run, value)),
        ["sh"] = Shell,
        ["base64"] = (run, value) => Base64Text.Encode(run, Conversions.ToText(run, value)),
        ["base64d"] = (run, value) => Base64Text.Decode(run, Conversions.ToText(run, value)),
        ["base32"] = (run, value) => Base32Text.Encode(run, Conversions.ToText(run, value)),
        ["base32d"] = (run, value) => Base32Text.Decode(run, Conversions.ToText(run, value)),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    public static IEnumerable<Native> All { get; } = [new("format", 1, Format)];

    /// <summary>Whether there is a format of that name, without the <c>@</c>.</summary>
    public static bool IsKnown(string name) => ByName.ContainsKey(name);

    /// <summary>A value in a format.</summary>
    /// <exception cref="JqException">There is no such format, or the value does not fit it.</exception>
    public static string Format(Run run, string name, in JqValue value) =>
        ByName.TryGetValue(name, out var format) ? format(run, value) : throw JqException.Of($"{name} is not a valid format");

    private static JqValue Format(Run run, in JqValue input, ReadOnlySpan<JqValue> arguments)
    {
        if (!arguments[0].TryGetString(out var name)) throw JqException.Of(arguments[0], "is not a valid format");
        return run.Text(Format(run, name, input));
    }

    private static string Html(Run run, JqValue value) => Replace(run, Conversions.ToText(run, value), "<>&'\"\0", static unit => unit switch
    {
        '<' => "&lt;",
        '>' => "&gt;",
        '&' => "&amp;",
        '\'' => "&apos;",
        '"' => "&quot;",
        _ => "\\0",
    });

    private static string Shell(Run run, JqValue value)
    {
        if (!value.TryGetArray(out var array)) return ShellWord(run, value);
        var line = new BoundedText(run);
        for (var i = 0; i < array.Count; i++)
        {
            if (i > 0) line.Append(' ');
            line.Append(ShellWord(run, array[i]));
        }

        return line.Done();
    }

    private static string ShellWord(Run run, in JqValue value)
    {
        if (value.IsArray || value.IsObject) throw JqException.Of(value, "can not be escaped for shell");
        if (!value.TryGetString(out var text)) return Conversions.ToJson(run, value);
        return $"'{Replace(run, text, "'\0", static unit => unit == '\'' ? "'\\''" : "\\0")}'";
    }

    /// <summary>The text with some of its UTF-16 units written otherwise.</summary>
    internal static string Replace(Run run, string text, string special, Func<char, string> written)
    {
        run.Charge(text.Length);
        var at = text.AsSpan().IndexOfAny(special);
        if (at < 0) return text;
        run.MustFitText(text.Length * 2L);
        var replaced = new StringBuilder(text.Length + 16);
        var rest = text.AsSpan();
        for (; at >= 0; at = rest.IndexOfAny(special))
        {
            replaced.Append(rest[..at]).Append(written(rest[at]));
            rest = rest[(at + 1)..];
        }

        return replaced.Append(rest).ToString();
    }
}
