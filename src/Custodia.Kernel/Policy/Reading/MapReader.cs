namespace Custodia.Kernel.Policy.Reading;

/// <summary>
/// Reads one YAML mapping strictly: a missing, unknown or repeated key and a value of the wrong type are findings, and reading
/// goes on with an empty value, so that nothing later is hidden.
/// </summary>
internal sealed class MapReader
{
    private readonly string _file;
    private readonly List<PolicyFinding> _findings;
    private readonly Dictionary<string, YamlNode.Entry> _entries = new(StringComparer.Ordinal);

    /// <param name="keys">Allowed keys, blank separated; one with <c>?</c> at its end may be left out.</param>
    /// <param name="nameKey">The key whose value names the mapping in findings, after <paramref name="what"/> and a dot.</param>
    public MapReader((string Name, List<PolicyFinding> Findings) file, string what, YamlNode node, string keys, string? nameKey = null)
    {
        _file = file.Name;
        _findings = file.Findings;
        What = what;
        Line = node.Line;
        var known = keys.Split(' ');
        if (node is not YamlNode.Map map)
        {
            Report(node.Line, $"must be a mapping with the keys {keys.Replace(" ", ", ", StringComparison.Ordinal)}.");
            return;
        }

        if (nameKey is not null) What = NameOf(map, what, nameKey);
        foreach (var entry in map.Entries)
        {
            if (!known.Contains(entry.Key) && !known.Contains(entry.Key + "?"))
                Report(entry.Line, $"the key '{entry.Key}' is not known here; known are {string.Join(", ", known.Select(k => k.TrimEnd('?')))}.");
            else if (!_entries.TryAdd(entry.Key, entry))
                Report(entry.Line, $"the key '{entry.Key}' is written twice; it is already on line {_entries[entry.Key].Line}.");
        }

        foreach (var key in known)
        {
            if (!key.EndsWith('?') && !_entries.ContainsKey(key)) Report(Line, $"the key '{key}' is missing; every key is mandatory.");
        }
    }

    /// <summary>Category and field, for findings.</summary>
    public string What { get; }

    public int Line { get; }

    public string File => _file;

    public bool Has(string key) => _entries.ContainsKey(key);

    public int LineOf(string key) => _entries.TryGetValue(key, out var entry) ? entry.Line : Line;

    public void Report(string key, string rule) => Report(LineOf(key), rule);

    public void Report(int line, string rule) => _findings.Add(new PolicyFinding($"{_file}:{line}", What, rule));

    public string Text(string key)
    {
        if (!_entries.TryGetValue(key, out var entry)) return "";
        if (entry.Value is YamlNode.Scalar { Text.Length: > 0 } scalar) return scalar.Text;
        Report(key, $"'{key}' must be a text.");
        return "";
    }

    public bool Flag(string key)
    {
        if (!_entries.TryGetValue(key, out var entry)) return false;
        if (entry.Value is YamlNode.Scalar { Quoted: false, Text: "true" or "false" } scalar) return scalar.Text == "true";
        Report(key, $"'{key}' must be true or false.");
        return false;
    }

    public Period Period(string key)
    {
        var text = Text(key);
        if (Policy.Period.TryParse(text, out var period)) return period;
        if (text.Length > 0) Report(key, $"'{key}' must be a period such as P180D, P3M or P1Y, not '{text}'.");
        return Policy.Period.Zero;
    }

    /// <summary>A word of a closed list.</summary>
    public string Word(string key, IReadOnlyList<string> allowed)
    {
        var text = Text(key);
        if (text.Length > 0 && !allowed.Contains(text, StringComparer.Ordinal)) ReportWord(LineOf(key), key, text, allowed);
        return text;
    }

    /// <summary>A list of words of a closed list, each at most once. A single word is a list of one.</summary>
    public IReadOnlyList<string> Words(string key, IReadOnlyList<string> allowed, bool mayBeEmpty = false)
    {
        var words = new List<string>();
        foreach (var item in Items(key))
        {
            if (item is not YamlNode.Scalar { Text.Length: > 0 } scalar) Report(item.Line, $"'{key}' must be a list of words.");
            else if (!allowed.Contains(scalar.Text, StringComparer.Ordinal)) ReportWord(item.Line, key, scalar.Text, allowed);
            else if (words.Contains(scalar.Text, StringComparer.Ordinal)) Report(item.Line, $"'{key}' names '{scalar.Text}' twice.");
            else words.Add(scalar.Text);
        }

        if (!mayBeEmpty && words.Count == 0 && Has(key)) Report(key, $"'{key}' must name at least one.");
        return words;
    }

    public LocalText Local(string key)
    {
        if (!_entries.TryGetValue(key, out var entry)) return new LocalText("", "");
        var texts = new MapReader((_file, _findings), What, entry.Value, "en zh");
        return new LocalText(texts.Text("en"), texts.Text("zh"));
    }

    /// <summary>The mappings of a list.</summary>
    public IEnumerable<MapReader> Maps(string key, string keys, string? nameKey = null)
    {
        if (Has(key) && Items(key).Count == 0) Report(key, $"'{key}' must have at least one entry.");
        return Items(key).Select(item => new MapReader((_file, _findings), What, item, keys, nameKey));
    }

    private IReadOnlyList<YamlNode> Items(string key)
    {
        if (!_entries.TryGetValue(key, out var entry)) return [];
        return entry.Value switch
        {
            YamlNode.List list => list.Items,
            YamlNode.Scalar { Text.Length: 0 } => [],
            _ => [entry.Value],
        };
    }

    private static string NameOf(YamlNode.Map map, string what, string nameKey)
    {
        var name = map.Entries.FirstOrDefault(e => e.Key == nameKey)?.Value is YamlNode.Scalar { Text.Length: > 0 } scalar ? scalar.Text : "?";
        return what.Length == 0 ? name : $"{what}.{name}";
    }

    private void ReportWord(int line, string key, string text, IReadOnlyList<string> allowed) =>
        Report(line, $"'{key}' does not know '{text}'; known are {string.Join(", ", allowed)}.");
}
