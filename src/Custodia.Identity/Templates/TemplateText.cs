using System.Text;

namespace Custodia.Identity.Templates;

/// <summary>
/// A text with placeholders, <c>{{name}}</c>, and nothing else: no conditions, no loops, no expressions. Values are put in as they are
/// and are not read again, so a value that looks like a placeholder stays what it is.
/// </summary>
internal sealed class TemplateText
{
    private readonly List<Part> _parts = [];

    /// <summary>Reads a template; what cannot be read is in <see cref="Malformed"/>.</summary>
    public TemplateText(string source)
    {
        Source = source;
        var done = 0;
        while (source.IndexOf("{{", done, StringComparison.Ordinal) is var open and >= 0)
        {
            if (open > done) _parts.Add(new Part(source[done..open], null, done));
            var close = source.IndexOf("}}", open + 2, StringComparison.Ordinal);
            var name = close < 0 ? "" : source[(open + 2)..close].Trim(' ');
            if (name.Length is 0 or > 40 || !name.All(char.IsAsciiLetter))
            {
                Malformed.Add(open);
                _parts.Add(new Part("{{", null, open));
                done = open + 2;
                continue;
            }

            _parts.Add(new Part("", name, open));
            done = close + 2;
        }

        if (done < source.Length) _parts.Add(new Part(source[done..], null, done));
    }

    public string Source { get; }

    /// <summary>Where double braces are that enclose no name; empty for every template that is stored.</summary>
    public List<int> Malformed { get; } = [];

    /// <summary>Names with the index of their first brace, in order.</summary>
    public IEnumerable<(string Name, int Index)> Names => _parts.Where(p => p.Name is not null).Select(p => (p.Name!, p.Index));

    public bool Uses(string name) => _parts.Exists(p => p.Name == name);

    public string Render(Func<string, string> value)
    {
        var text = new StringBuilder(Source.Length + 64);
        foreach (var part in _parts) text.Append(part.Name is { } name ? value(name) : part.Text);
        return text.ToString();
    }

    private readonly record struct Part(string Text, string? Name, int Index);
}
