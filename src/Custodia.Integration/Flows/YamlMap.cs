using System.Globalization;
using YamlDotNet.RepresentationModel;

namespace Custodia.Integration.Flows;

/// <summary>A mapping of the flow's text whose keys are asked for one by one; what nobody asked for is an unknown key.</summary>
internal sealed class YamlMap
{
    private readonly Dictionary<string, (YamlScalarNode Key, YamlNode Value)> _entries = new(StringComparer.Ordinal);
    private readonly HashSet<string> _asked = new(StringComparer.Ordinal);
    private readonly Findings _findings;

    private YamlMap(YamlMappingNode node, Findings findings)
    {
        _findings = findings;
        At = MarkOf(node);
        foreach (var (key, value) in node.Children)
        {
            if (key is YamlScalarNode { Value: { } name } scalar) _entries[name] = (scalar, value);
            else findings.Error(MarkOf(key), "shape", "A key must be a plain word.");
        }
    }

    public Mark At { get; }

    public static YamlMap? Of(YamlNode node, string what, Findings findings)
    {
        if (node is YamlMappingNode map) return new YamlMap(map, findings);
        findings.Error(MarkOf(node), "shape", $"{what} must be a mapping of keys to values.");
        return null;
    }

    public static Mark MarkOf(YamlNode node) => new((int)node.Start.Line, (int)node.Start.Column);

    public bool Has(string key) => _entries.ContainsKey(key);

    public YamlNode? Node(string key)
    {
        _asked.Add(key);
        return _entries.TryGetValue(key, out var entry) ? entry.Value : null;
    }

    /// <summary>A text; null when absent (a finding when <paramref name="mandatory"/>) or of another kind (a finding).</summary>
    public string? Text(string key, bool mandatory = false)
    {
        var node = Node(key);
        if (node is YamlScalarNode { Value: { } text } && (text.Length > 0 || !mandatory)) return text;
        if (node is not null) _findings.Error(MarkOf(node), "type", $"'{key}' must be a text.");
        else if (mandatory) _findings.Error(At, "missing", $"'{key}' is missing.");
        return null;
    }

    public int Number(string key, int otherwise, int from, int to)
    {
        var node = Node(key);
        if (node is null) return otherwise;
        if (node is YamlScalarNode { Value: { } text } && int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= from && number <= to) return number;
        _findings.Error(MarkOf(node), "type", $"'{key}' must be a whole number from {from} to {to}.");
        return otherwise;
    }

    public T OneOf<T>(string key, T otherwise)
        where T : struct, Enum
    {
        var node = Node(key);
        if (node is null) return otherwise;
        if (node is YamlScalarNode { Value: { } text } && !text.Any(char.IsAsciiDigit) && Enum.TryParse<T>(text, ignoreCase: true, out var value)) return value;
        _findings.Error(MarkOf(node), "type", $"'{key}' must be one of {string.Join(", ", Enum.GetNames<T>().Select(n => n.ToLowerInvariant()))}.");
        return otherwise;
    }

    /// <summary>A duration such as <c>500ms</c>, <c>10s</c>, <c>2m</c>.</summary>
    public TimeSpan Duration(string key, TimeSpan otherwise, TimeSpan from, TimeSpan to)
    {
        var node = Node(key);
        if (node is null) return otherwise;
        if (node is YamlScalarNode { Value: { } text } && TryDuration(text, out var duration) && duration >= from && duration <= to) return duration;
        _findings.Error(MarkOf(node), "type", $"'{key}' must be a duration such as 500ms, 10s or 2m, from {from.TotalSeconds:0.#} s to {to.TotalSeconds:0.#} s.");
        return otherwise;
    }

    /// <summary>Reports the keys that nobody asked for.</summary>
    public void RefuseOthers()
    {
        foreach (var (name, (key, _)) in _entries)
        {
            if (!_asked.Contains(name)) _findings.Error(MarkOf(key), "unknown-key", $"'{name}' is not known here; known are {string.Join(", ", _asked.Order(StringComparer.Ordinal))}.");
        }
    }

    private static bool TryDuration(string text, out TimeSpan duration)
    {
        var digits = text.TakeWhile(char.IsAsciiDigit).Count();
        duration = default;
        if (digits is 0 or > 7 || !long.TryParse(text.AsSpan(0, digits), NumberStyles.None, CultureInfo.InvariantCulture, out var amount)) return false;
        TimeSpan? parsed = text[digits..] switch
        {
            "ms" => TimeSpan.FromMilliseconds(amount),
            "s" => TimeSpan.FromSeconds(amount),
            "m" => TimeSpan.FromMinutes(amount),
            _ => null,
        };
        duration = parsed ?? default;
        return parsed is not null;
    }
}

/// <summary>Collects everything there is to say, so that one check tells all.</summary>
internal sealed class Findings
{
    private const int Most = 200;

    private readonly List<Finding> _all = [];

    public IReadOnlyList<Finding> All => [.. _all.OrderBy(f => f.Line).ThenBy(f => f.Column)];

    public bool HasErrors => _all.Exists(f => f.Severity == FindingSeverity.Error);

    public void Error(Mark at, string rule, string message) => Add(new Finding(FindingSeverity.Error, at.Line, at.Column, rule, message));

    public void Note(Mark at, string rule, string message) => Add(new Finding(FindingSeverity.Note, at.Line, at.Column, rule, message));

    private void Add(Finding finding)
    {
        if (_all.Count < Most) _all.Add(finding);
    }
}
