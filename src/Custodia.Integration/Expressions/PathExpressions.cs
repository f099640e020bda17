using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Custodia.Integration.Expressions;

/// <summary>
/// Paths (<c>.payload.user.email</c>, <c>.variables.items[0]</c>, <c>.payload["a b"]</c>), literals, and one comparison
/// (<c>==</c> or <c>!=</c>) between two of them. A subset of jq, with jq's meaning.
/// </summary>
internal sealed class PathExpressions : IExpressions
{
    public ExpressionResult Compile(string text)
    {
        var reader = new Reader(text);
        if (reader.Operand() is not { } left) return reader.Invalid();
        var operation = reader.Operator();
        Operand? right = null;
        if (operation is not null)
        {
            right = reader.Operand();
            if (right is null) return reader.Invalid();
        }

        return reader.AtEnd ? new ExpressionResult.Compiled(new Comparison(text, left, operation, right)) : reader.Invalid("nothing more may follow here");
    }

    private sealed class Comparison(string text, Operand left, string? operation, Operand? right) : IExpression
    {
        public string Text { get; } = text;

        public IReadOnlyList<IReadOnlyList<string>> Reads { get; } =
            [.. new[] { left, right }.OfType<Operand.Path>().Select(p => p.Segments)];

        public JsonNode? Evaluate(JsonObject document)
        {
            var value = left.Read(document);
            if (operation is null) return value?.DeepClone();
            var equal = JsonNode.DeepEquals(value, right!.Read(document));
            return JsonValue.Create(operation == "==" ? equal : !equal);
        }
    }

    private abstract record Operand
    {
        public abstract JsonNode? Read(JsonObject document);

        public sealed record Literal(JsonNode? Value) : Operand
        {
            public override JsonNode? Read(JsonObject document) => Value;
        }

        public sealed record Path(IReadOnlyList<string> Segments) : Operand
        {
            public override JsonNode? Read(JsonObject document)
            {
                JsonNode? node = document;
                foreach (var segment in Segments)
                {
                    node = node switch
                    {
                        JsonObject found => found[segment],
                        JsonArray found when int.TryParse(segment, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var index) =>
                            (index < 0 ? index + found.Count : index) is var at && at >= 0 && at < found.Count ? found[at] : null,
                        _ => null,
                    };
                }

                return node;
            }
        }
    }

    private ref struct Reader(string text)
    {
        private readonly ReadOnlySpan<char> _text = text;
        private int _at;
        private string _reason = "a path such as .payload.name, a text in quotes, a number, true, false or null is expected";

        public bool AtEnd
        {
            get
            {
                SkipBlanks();
                return _at == _text.Length;
            }
        }

        public readonly ExpressionResult.Invalid Invalid(string? reason = null) => new(_at, reason ?? _reason);

        public string? Operator()
        {
            SkipBlanks();
            if (!_text[_at..].StartsWith("==") && !_text[_at..].StartsWith("!=")) return null;
            _at += 2;
            return _text[(_at - 2).._at].ToString();
        }

        public Operand? Operand()
        {
            SkipBlanks();
            if (_at == _text.Length) return null;
            return _text[_at] switch
            {
                '.' => Path(),
                '"' => QuotedText() is { } value ? new Operand.Literal(JsonValue.Create(value)) : null,
                _ => Literal(),
            };
        }

        private Operand.Path? Path()
        {
            var segments = new List<string>();
            while (_at < _text.Length && _text[_at] is '.' or '[')
            {
                if (_text[_at] == '.')
                {
                    _at++;
                    if (_at < _text.Length && _text[_at] == '[') continue;
                    var name = Name();
                    if (name.Length > 0) segments.Add(name);
                    else if (segments.Count > 0) return Fail("a field name is expected after the dot");
                }
                else if (Index() is { } index)
                {
                    segments.Add(index);
                }
                else
                {
                    return null;
                }
            }

            return new Operand.Path(segments);
        }

        private string? Index()
        {
            _at++;
            var index = _at < _text.Length && _text[_at] == '"' ? QuotedText() : Number();
            if (index is null || _at >= _text.Length || _text[_at] != ']')
            {
                _reason = "an index is a number or a text in quotes, closed by ]";
                return null;
            }

            _at++;
            return index;
        }

        private string? Number()
        {
            var start = _at;
            if (_at < _text.Length && _text[_at] == '-') _at++;
            while (_at < _text.Length && char.IsAsciiDigit(_text[_at])) _at++;
            return _at - start is > 0 and <= 10 ? _text[start.._at].ToString() : null;
        }

        private string Name()
        {
            var start = _at;
            while (_at < _text.Length && (char.IsAsciiLetterOrDigit(_text[_at]) || _text[_at] == '_')) _at++;
            return _text[start.._at].ToString();
        }

        private string? QuotedText()
        {
            var start = _at++;
            while (_at < _text.Length && _text[_at] != '"') _at += _text[_at] == '\\' ? 2 : 1;
            if (_at >= _text.Length)
            {
                _at = start;
                _reason = "this text is not closed";
                return null;
            }

            _at++;
            return Json(start)?.GetValue<string>();
        }

        private Operand.Literal? Literal()
        {
            var start = _at;
            while (_at < _text.Length && (char.IsAsciiLetterOrDigit(_text[_at]) || _text[_at] is '-' or '+' or '.')) _at++;
            if (_at == start) return null;
            if (_text[start.._at] is "null") return new Operand.Literal(null);
            return Json(start) is { } value ? new Operand.Literal(value) : null;
        }

        private JsonNode? Json(int start)
        {
            try
            {
                return JsonNode.Parse(_text[start.._at].ToString());
            }
            catch (JsonException)
            {
                _at = start;
                return null;
            }
        }

        private Operand.Path? Fail(string reason)
        {
            _reason = reason;
            return null;
        }

        private void SkipBlanks()
        {
            while (_at < _text.Length && char.IsWhiteSpace(_text[_at])) _at++;
        }
    }
}
