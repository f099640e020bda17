namespace Custodia.Identity.Templates;

/// <summary>Reads a fragment of HTML and reports everything in it that <see cref="HtmlRules"/> do not allow.</summary>
internal sealed class HtmlCheck
{
    private const int MostFindings = 20;

    private readonly string _html;
    private readonly List<TemplateFinding> _findings = [];
    private readonly Stack<(string Name, int Index)> _open = new();
    private readonly HashSet<string> _refused = new(StringComparer.Ordinal);
    private int _at;

    private HtmlCheck(string html) => _html = html;

    public static IReadOnlyList<TemplateFinding> Check(string html)
    {
        var check = new HtmlCheck(html);
        check.ReadAll();
        return check._findings;
    }

    private void ReadAll()
    {
        while (_findings.Count < MostFindings && _html.IndexOf('<', _at) is var next and >= 0)
        {
            _at = next;
            if (next + 1 < _html.Length && _html[next + 1] == '/') ReadEnd();
            else if (next + 1 < _html.Length && char.IsAsciiLetter(_html[next + 1])) ReadStart();
            else
            {
                // A comment, a declaration, or a < that should be &lt;.
                Find("html-markup", _html.Substring(next, Math.Min(4, _html.Length - next)), next);
                _at = next + 1;
            }
        }

        if (_findings.Count >= MostFindings) return;
        foreach (var (name, index) in _open) Find("html-not-closed", name, index);
    }

    private void ReadEnd()
    {
        var start = _at;
        _at += 2;
        var name = Word();
        Blanks();
        if (!Take('>'))
        {
            Find("html-markup", "</" + name, start);
            return;
        }

        if (!HtmlRules.Elements.Contains(name)) Refuse(name, start);
        else if (_open.Count > 0 && _open.Peek().Name == name) _open.Pop();
        else Find("html-nesting", "</" + name + ">", start);
    }

    private void ReadStart()
    {
        var start = _at++;
        var name = Word();
        if (!HtmlRules.Elements.Contains(name)) Refuse(name, start);
        HashSet<string> seen = new(StringComparer.Ordinal);
        while (true)
        {
            var blank = Blanks();
            if (Take('>')) break;
            if (HtmlRules.Void.Contains(name) && Take('/') && Take('>')) break;
            if (!blank || !ReadAttribute(name, seen))
            {
                Find("html-markup", name, start);
                SkipTag();
                return;
            }
        }

        if (HtmlRules.Elements.Contains(name) && !HtmlRules.Void.Contains(name)) _open.Push((name, start));
    }

    /// <returns>False when there is no attribute with a value in double quotes.</returns>
    private bool ReadAttribute(string element, HashSet<string> seen)
    {
        var start = _at;
        var name = Word();
        if (name.Length == 0 || !Take('=') || !Take('"')) return false;
        var end = _html.IndexOf('"', _at);
        if (end < 0) return false;
        var value = _html[_at..end];
        _at = end + 1;
        if (value.AsSpan().ContainsAny('<', '>')) return false;
        if (!HtmlRules.Elements.Contains(element)) return true;
        if (!HtmlRules.Has(element, name)) Find("html-attribute", $"{element} {name}", start);
        else if (!seen.Add(name)) Find("html-attribute-twice", $"{element} {name}", start);
        else if (!HtmlRules.Allows(name, value)) Find("html-value-" + name, $"{element} {name}", start);
        return true;
    }

    /// <summary>Letters, digits and dashes in small letters: what else stands in a name is never one that is allowed.</summary>
    private string Word()
    {
        var start = _at;
        while (_at < _html.Length && (char.IsAsciiLetterOrDigit(_html[_at]) || _html[_at] is '-' or ':' or '_')) _at++;
        return _html[start..Math.Min(_at, start + 40)].ToLowerInvariant();
    }

    private bool Blanks()
    {
        var start = _at;
        while (_at < _html.Length && _html[_at] is ' ' or '\n' or '\t') _at++;
        return _at > start;
    }

    private bool Take(char wanted)
    {
        if (_at >= _html.Length || _html[_at] != wanted) return false;
        _at++;
        return true;
    }

    private void SkipTag()
    {
        var end = _html.IndexOf('>', _at);
        _at = end < 0 ? _html.Length : end + 1;
    }

    /// <summary>Names an element once, however often it comes.</summary>
    private void Refuse(string element, int index)
    {
        if (_refused.Add(element)) Find("html-element", element, index);
    }

    private void Find(string rule, string value, int index) => _findings.Add(new TemplateFinding("html", rule, value, TemplateFinding.PositionOf(_html, index)));
}
