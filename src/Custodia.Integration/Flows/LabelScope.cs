namespace Custodia.Integration.Flows;

/// <summary>What is known at a step: the variables set so far and the policy labels that payload and variables carry.</summary>
internal sealed class LabelScope
{
    private readonly Dictionary<string, HashSet<string>> _variables = new(StringComparer.Ordinal);
    private IReadOnlyDictionary<string, string> _payload = new Dictionary<string, string>(StringComparer.Ordinal);

    public void SetPayload(IReadOnlyDictionary<string, string> labels) => _payload = labels;

    /// <summary>A call without <c>into</c> puts its output, which carries no labels, in place of the payload.</summary>
    public void ClearPayload() => _payload = new Dictionary<string, string>(StringComparer.Ordinal);

    public void SetVariable(string name, HashSet<string> labels) => _variables[name] = labels;

    public bool Has(string variable) => _variables.ContainsKey(variable);

    /// <summary>Labels of everything below a path: <c>.payload.email</c> has one, <c>.payload</c> and <c>.</c> have all.</summary>
    public IEnumerable<string> LabelsOf(IReadOnlyList<string> path) => path switch
    {
        [] => _payload.Values.Concat(_variables.Values.SelectMany(v => v)),
        ["payload"] => _payload.Values,
        ["payload", var field, ..] => _payload.TryGetValue(field, out var label) ? [label] : [],
        ["variables"] => _variables.Values.SelectMany(v => v),
        ["variables", var name, ..] => _variables.TryGetValue(name, out var labels) ? labels : [],
        _ => [],
    };

    public LabelScope Copy()
    {
        var copy = new LabelScope { _payload = _payload };
        foreach (var (name, labels) in _variables) copy._variables[name] = [.. labels];
        return copy;
    }

    /// <summary>Several ways that meet again: variables that all have set, labels of any. Null when no way goes on.</summary>
    public static LabelScope? Join(IReadOnlyList<LabelScope> ways)
    {
        if (ways.Count == 0) return null;
        var joined = new LabelScope();
        var payload = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (field, label) in ways.SelectMany(w => w._payload)) payload[field] = label;
        joined._payload = payload;
        foreach (var name in ways[0]._variables.Keys.Where(n => ways.All(w => w.Has(n))))
            joined._variables[name] = [.. ways.SelectMany(w => w._variables[name])];
        return joined;
    }
}
