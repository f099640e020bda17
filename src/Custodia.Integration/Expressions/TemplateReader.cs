using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Custodia.Integration.Flows;
using YamlDotNet.Core;
using Mark = Custodia.Integration.Flows.Mark;
using YamlDotNet.RepresentationModel;

namespace Custodia.Integration.Expressions;

/// <summary>Reads a value with <c>${ }</c> in it from the flow's text, with a finding at the exact place of each wrong expression.</summary>
internal sealed class TemplateReader(IExpressions expressions, Findings findings)
{
    public Template Read(YamlNode node) => node switch
    {
        YamlMappingNode map => new Template.Object([.. map.Children.Select(c => KeyValuePair.Create(KeyOf(c.Key), Read(c.Value)))]),
        YamlSequenceNode list => new Template.Array([.. list.Children.Select(Read)]),
        YamlScalarNode scalar => Scalar(scalar),
        _ => new Template.Fixed(null),
    };

    /// <summary>An expression standing alone, with or without <c>${ }</c> around it, as in <c>when</c>.</summary>
    public IExpression? ReadExpression(YamlNode node)
    {
        if (node is YamlScalarNode { Value: { } text } scalar)
        {
            var trimmed = text.Trim();
            var inner = trimmed.StartsWith("${", StringComparison.Ordinal) && trimmed.EndsWith('}') ? trimmed[2..^1] : trimmed;
            return Compile(inner, scalar, text.IndexOf(inner, StringComparison.Ordinal));
        }

        findings.Error(YamlMap.MarkOf(node), "type", "An expression is expected.");
        return null;
    }

    private string KeyOf(YamlNode key)
    {
        if (key is YamlScalarNode { Value: { } name }) return name;
        findings.Error(YamlMap.MarkOf(key), "shape", "A key must be a plain word.");
        return "";
    }

    private Template Scalar(YamlScalarNode scalar)
    {
        var text = scalar.Value ?? "";
        if (!text.Contains("${", StringComparison.Ordinal)) return new Template.Fixed(Plain(scalar, text));
        var parts = new List<object>();
        var plain = new StringBuilder();
        for (var at = 0; at < text.Length;)
        {
            if (text.AsSpan(at).StartsWith("$${"))
            {
                plain.Append("${");
                at += 3;
            }
            else if (text.AsSpan(at).StartsWith("${"))
            {
                if (EndOf(text, at + 2) is not { } end)
                {
                    findings.Error(Offset(scalar, at), "expression", "This ${ is not closed by }.");
                    return new Template.Fixed(null);
                }

                if (plain.Length > 0) parts.Add(plain.ToString());
                plain.Clear();
                if (Compile(text[(at + 2)..end], scalar, at + 2) is { } expression) parts.Add(expression);
                at = end + 1;
            }
            else
            {
                plain.Append(text[at++]);
            }
        }

        if (plain.Length > 0) parts.Add(plain.ToString());
        return parts is [IExpression single] ? new Template.Single(single) : new Template.Text(parts);
    }

    private IExpression? Compile(string text, YamlScalarNode scalar, int offset)
    {
        switch (expressions.Compile(text))
        {
            case ExpressionResult.Compiled compiled:
                return compiled.Expression;
            case ExpressionResult.Invalid invalid:
                findings.Error(Offset(scalar, offset + invalid.Offset), "expression", $"This expression does not read: {invalid.Reason}.");
                return null;
            default:
                return null;
        }
    }

    /// <summary>The closing brace, with quotes and inner braces skipped.</summary>
    private static int? EndOf(string text, int from)
    {
        var depth = 0;
        for (var at = from; at < text.Length; at++)
        {
            switch (text[at])
            {
                case '"':
                    for (at++; at < text.Length && text[at] != '"'; at++)
                    {
                        if (text[at] == '\\') at++;
                    }

                    break;
                case '{':
                    depth++;
                    break;
                case '}' when depth-- == 0:
                    return at;
            }
        }

        return null;
    }

    /// <summary>The place of a character of a scalar: exact on one line, else the scalar's own place.</summary>
    private static Mark Offset(YamlScalarNode scalar, int offset)
    {
        var at = YamlMap.MarkOf(scalar);
        if (scalar.Start.Line != scalar.End.Line) return at;
        var quote = scalar.Style is ScalarStyle.DoubleQuoted or ScalarStyle.SingleQuoted ? 1 : 0;
        return at with { Column = at.Column + quote + offset };
    }

    /// <summary>The JSON value of a scalar by YAML's core schema; quoted ones are texts.</summary>
    private static JsonNode? Plain(YamlScalarNode scalar, string text)
    {
        if (scalar.Style is not (ScalarStyle.Plain or ScalarStyle.Any)) return JsonValue.Create(text);
        return text switch
        {
            "" or "null" or "~" => null,
            "true" => JsonValue.Create(true),
            "false" => JsonValue.Create(false),
            _ when long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) && whole.ToString(CultureInfo.InvariantCulture) == text => JsonValue.Create(whole),
            _ when double.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out var real) && double.IsFinite(real) && !text.StartsWith('+') && (char.IsAsciiDigit(text[0]) || text[0] == '-') => JsonValue.Create(real),
            _ => JsonValue.Create(text),
        };
    }
}
