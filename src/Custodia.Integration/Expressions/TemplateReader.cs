using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Custodia.Integration.Flows;
using Custodia.Jq;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Custodia.Integration.Expressions;

/// <summary>Reads a value with <c>${ }</c> in it from the flow's text, with a finding at the exact place of each wrong expression.</summary>
/// <param name="source">The whole text of the flow.</param>
internal sealed class TemplateReader(ExpressionCache expressions, string source, Findings findings)
{
    /// <summary>Levels that a value may have in the text; what its expressions give comes on top.</summary>
    private const int MaxDepth = 16;
    private const string Unclosed = "This ${ is not closed by }.";

    public Template Read(YamlNode node) => Read(node, 0);

    /// <summary>An expression standing alone, with or without <c>${ }</c> around it, as in <c>when</c>.</summary>
    public JqProgram? ReadExpression(YamlNode node)
    {
        if (node is not YamlScalarNode { Value: { } text } scalar)
        {
            findings.Error(YamlMap.MarkOf(node), "type", "An expression is expected.");
            return null;
        }

        var start = text.Length - text.AsSpan().TrimStart().Length;
        if (!text.AsSpan(start).StartsWith("${")) return Compile(text, scalar, 0);
        if (ExpressionEnd.Find(text, start + 2) is not { } end)
        {
            findings.Error(new ScalarPlaces(source, scalar)[start], "expression", Unclosed);
            return null;
        }

        if (!text.AsSpan(end + 1).IsWhiteSpace())
        {
            findings.Error(new ScalarPlaces(source, scalar)[end + 1], "expression", "Nothing may follow the closing } here.");
            return null;
        }

        return Compile(text[(start + 2)..end], scalar, start + 2);
    }

    private Template Read(YamlNode node, int depth)
    {
        switch (node)
        {
            case YamlScalarNode scalar:
                return Scalar(scalar);
            case YamlMappingNode or YamlSequenceNode when depth == MaxDepth:
                findings.Error(YamlMap.MarkOf(node), "too-deep", $"A value may be at most {MaxDepth} levels deep.");
                return new Template.Fixed(null);
            case YamlMappingNode map:
                return new Template.Object([.. map.Children.Select(c => KeyValuePair.Create(KeyOf(c.Key), Read(c.Value, depth + 1)))]);
            case YamlSequenceNode list:
                return new Template.Array([.. list.Children.Select(child => Read(child, depth + 1))]);
            default:
                return new Template.Fixed(null);
        }
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
                if (ExpressionEnd.Find(text, at + 2) is not { } end)
                {
                    findings.Error(new ScalarPlaces(source, scalar)[at], "expression", Unclosed);
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

        // A block of text ends with a line end that nobody means.
        if (plain.Length > 0 && !(parts is [JqProgram] && plain.ToString().All(c => c == '\n'))) parts.Add(plain.ToString());
        return parts is [JqProgram single] ? new Template.Single(single) : new Template.Text(parts);
    }

    /// <param name="offset">Where the program begins in the scalar's value.</param>
    private JqProgram? Compile(string text, YamlScalarNode scalar, int offset)
    {
        var compilation = expressions.Compile(text);
        if (compilation is JqCompilation.Compiled compiled) return compiled.Program;
        var places = new ScalarPlaces(source, scalar);
        foreach (var error in ((JqCompilation.Invalid)compilation).Errors) findings.Error(places[offset + error.Offset], "expression", $"This expression is not jq: {error.Message}.");
        return null;
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
