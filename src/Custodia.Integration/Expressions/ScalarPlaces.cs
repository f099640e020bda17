using Custodia.Integration.Flows;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;
using Mark = Custodia.Integration.Flows.Mark;

namespace Custodia.Integration.Expressions;

/// <summary>
/// Where the characters of a scalar stand in the flow's text: YAML indents, folds and escapes them. Value and text are walked along
/// together; blanks that YAML made of others take the nearest place.
/// </summary>
internal sealed class ScalarPlaces
{
    private readonly string _source;
    private readonly YamlScalarNode _scalar;
    private readonly int[] _places;

    /// <param name="source">The whole text of the flow.</param>
    public ScalarPlaces(string source, YamlScalarNode scalar)
    {
        _source = source;
        _scalar = scalar;
        _places = Align(scalar.Value ?? "");
    }

    /// <param name="offset">A character of the scalar's value, or the end behind the last.</param>
    public Mark this[int offset]
    {
        get
        {
            var place = _places[Math.Clamp(offset, 0, _places.Length - 1)];
            var start = YamlMap.MarkOf(_scalar);
            var before = _source.AsSpan(Begin, place - Begin);
            var lines = before.Count('\n');
            return lines == 0 ? start with { Column = start.Column + before.Length } : new Mark(start.Line + lines, before.Length - before.LastIndexOf('\n'));
        }
    }

    private int Begin => Math.Clamp((int)_scalar.Start.Index, 0, _source.Length);

    private bool IsDoubleQuoted => _scalar.Style == ScalarStyle.DoubleQuoted;

    private bool IsSingleQuoted => _scalar.Style == ScalarStyle.SingleQuoted;

    private int[] Align(string value)
    {
        var places = new int[value.Length + 1];
        var at = FirstPlace();
        for (var i = 0; i < value.Length; i++)
        {
            at = SkipBlanks(at, value[i]);
            places[i] = Math.Min(at, _source.Length);
            if (at >= _source.Length) continue;
            if (IsDoubleQuoted && _source[at] == '\\')
            {
                var (taken, made) = Escape(at);
                for (var more = 1; more < made && i + 1 < value.Length; more++) places[++i] = at;
                at += taken;
            }
            else if (_source[at] == value[i] || (char.IsWhiteSpace(value[i]) && char.IsWhiteSpace(_source[at])))
            {
                at += IsSingleQuoted && value[i] == '\'' ? 2 : 1;
            }
        }

        places[^1] = Math.Min(at, _source.Length);
        return places;
    }

    private int FirstPlace()
    {
        if (IsDoubleQuoted || IsSingleQuoted) return Begin + 1;
        if (_scalar.Style is not (ScalarStyle.Literal or ScalarStyle.Folded)) return Begin;
        var line = _source.IndexOf('\n', Begin);
        return line < 0 ? _source.Length : line + 1;
    }

    /// <summary>Over indentation and line ends that left nothing in the value, up to what gives <paramref name="wanted"/>.</summary>
    private int SkipBlanks(int at, char wanted)
    {
        while (at < _source.Length)
        {
            if (IsDoubleQuoted && _source[at] == '\\' && Escape(at) is (var taken, 0)) at += taken;
            else if (!char.IsWhiteSpace(wanted) && char.IsWhiteSpace(_source[at]) && _source[at] != wanted) at++;
            else break;
        }

        return at;
    }

    /// <summary>How many characters an escape takes, and how many it gives.</summary>
    private (int Taken, int Made) Escape(int at)
    {
        if (at + 1 >= _source.Length) return (1, 1);
        return _source[at + 1] switch
        {
            'x' => (4, 1),
            'u' => (6, 1),
            'U' => (10, _source.AsSpan(at + 2).StartsWith("0000") ? 1 : 2),
            '\r' when at + 2 < _source.Length && _source[at + 2] == '\n' => (3, 0),
            '\n' or '\r' => (2, 0),
            _ => (2, 1),
        };
    }
}
