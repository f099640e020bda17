namespace Custodia.Kernel.Policy.Binding;

/// <summary>
/// Holds policy and code against each other, both ways: what is stored has a line, what has a line is stored, protections
/// agree, and every deletion trigger is enforced by something.
/// </summary>
internal static class PolicyBinding
{
    private static readonly string[] TableStorages = ["main-store", "relational-store", "file-store", "key-store"];
    private static readonly string[] StreamStorages = ["main-store", "log-stream", "audit-stream", "log-store"];

    public static IReadOnlyList<PolicyFinding> Check(LoadedPolicy policy, BoundCode code)
    {
        var findings = new List<PolicyFinding>();
        var stored = StoredProperties.Of(code, findings);
        foreach (var field in stored) CheckStored(policy, field, findings);
        CheckStreams(policy, code, findings);
        var services = code.Services.ToHashSet(StringComparer.Ordinal);
        foreach (var missing in services.Except(policy.Services.Select(s => s.Service), StringComparer.Ordinal))
            findings.Add(new PolicyFinding($"policy/{missing}.yaml", "", $"the module {missing} stores data, but has no policy file."));
        foreach (var category in policy.Categories.Where(c => services.Contains(c.Service)))
        {
            if (code.Streams.All(s => s.Category != category.Id)) CheckFields(category, [.. stored.Where(f => f.Category == category.Id)], findings);
            TriggerBinding.Check(category, code, findings);
        }

        TriggerBinding.CheckRules(policy, code, findings);
        return findings;
    }

    private static void CheckStored(LoadedPolicy policy, BoundField stored, List<PolicyFinding> findings)
    {
        if (!policy.TryCategory(stored.Category, out var category))
        {
            findings.Add(new PolicyFinding(stored.Symbol, stored.Category, $"is stored, but policy/{stored.Category.Split('.')[0]}.yaml has no such category."));
        }
        else if (!category!.TryField(stored.Field, out var field))
        {
            findings.Add(new PolicyFinding(
                stored.Symbol,
                $"{category.Id}.{stored.Field}",
                $"is stored, but has no line: add '- {{ name: {stored.Field}, … }}' below {category.File}:{category.Line}."));
        }
        else if (stored.Kind == BoundKind.Column)
        {
            CheckColumn(category, field!, stored, findings);
        }
    }

    private static void CheckColumn(PolicyCategory category, PolicyField field, BoundField column, List<PolicyFinding> findings)
    {
        void Report(string rule) => findings.Add(new PolicyFinding($"{category.File}:{field.Line}", $"{category.Id}.{field.Name}", rule));

        if (field.Protection == Protection.Sealed && !column.IsSealed && !column.Switchable)
            Report($"protection is sealed, but {column.Symbol} is {column.ClrType.Name} and not Sealed<T>.");
        if (field.Protection == Protection.Plain && column.IsSealed && !column.Switchable)
            Report($"protection is plain, but {column.Symbol} is Sealed<T>.");
        if (!field.Mandatory && !column.Optional)
            Report($"the field is optional (mandatory: false), but {column.Symbol} cannot be null.");
        if (!TableStorages.Contains(category.Storage, StringComparer.Ordinal))
            Report($"the category is kept in the {category.Storage}, but {column.Symbol} is a column.");
        if (NeedsOwner(category, field) && !typeof(Storage.IOwnedData).IsAssignableFrom(column.Owner))
            Report($"the field is personal, plain and backed up, so {column.Owner.Name} must implement IOwnedData: a backup seals it under its owner's key.");
    }

    // Pseudonyms (the person's number) are what the ledger and the keys go by; they stay readable in a backup.
    private static bool NeedsOwner(PolicyCategory category, PolicyField field) =>
        field is { Personal: true, Protection: Protection.Plain } && category.Backup && field.Term != "dpv:PseudonymisedData";

    private static void CheckFields(PolicyCategory category, IReadOnlyList<BoundField> stored, List<PolicyFinding> findings)
    {
        foreach (var field in category.Fields)
        {
            void Report(string rule) => findings.Add(new PolicyFinding($"{category.File}:{field.Line}", $"{category.Id}.{field.Name}", rule));

            var bound = stored.Where(s => s.Field == field.Name).ToArray();
            if (bound.Length == 0) Report("the line has no field: no column, log field, event field or shape is bound to it.");
            else CheckLookup(field, bound, stored, Report);
        }
    }

    /// <summary>
    /// A sealed column that is found by value has a column <c>…Index</c> beside it, and only then; one that is found by prefix has hashes
    /// in the field <c>…-prefix</c> of its category, and only then.
    /// </summary>
    private static void CheckLookup(PolicyField field, IReadOnlyList<BoundField> bound, IReadOnlyList<BoundField> stored, Action<string> report)
    {
        foreach (var column in bound.Where(b => b.Kind == BoundKind.Column && b.IsSealed))
        {
            var indexed = stored.Any(s => s.Kind == BoundKind.Column && s.Symbol == column.Symbol + "Index");
            if (field.Lookup == Lookup.Exact && !indexed && bound.All(b => !stored.Any(s => s.Symbol == b.Symbol + "Index")))
                report($"lookup is exact, but {column.Symbol} has no index column {column.Symbol}Index.");
            var prefixed = stored.Any(s => s.Kind == BoundKind.Column && s.Field == field.Name + "-prefix");
            if (field.Lookup == Lookup.Prefix && !prefixed)
                report($"lookup is prefix, but no column holds '{field.Name}-prefix'.");
            if (field.Lookup != Lookup.Prefix && prefixed)
                report($"lookup is not prefix, but there is a column for '{field.Name}-prefix'.");
            if (field.Lookup != Lookup.Exact && indexed)
                report($"lookup is {field.Lookup.ToString().ToLowerInvariant()}, but there is an index column {column.Symbol}Index.");
        }
    }

    private static void CheckStreams(LoadedPolicy policy, BoundCode code, List<PolicyFinding> findings)
    {
        foreach (var stream in code.Streams)
        {
            if (!policy.TryCategory(stream.Category, out var category)) continue;
            void Report(string rule) => findings.Add(new PolicyFinding($"{category!.File}:{category.Line}", category.Id, rule));

            foreach (var field in category!.Fields.Where(f => stream.Fields.All(s => s.Name != f.Name)))
                findings.Add(new PolicyFinding($"{category.File}:{field.Line}", $"{category.Id}.{field.Name}", $"the line has no field: {stream.RecordType.FullName} has no property for it."));
            if (!StreamStorages.Contains(category.Storage, StringComparer.Ordinal)) Report($"the category is kept in the {category.Storage}, but {stream.RecordType.FullName} is a log.");
            if (category.Storage == "audit-stream" && stream.Durability != Streams.Durability.Audit)
                Report($"an audit stream is durable before the action is answered, but {stream.RecordType.FullName} is {stream.Durability}.");
        }

        foreach (var same in code.Streams.GroupBy(s => s.Category, StringComparer.Ordinal).Where(g => g.Count() > 1))
            findings.Add(new PolicyFinding(same.Last().RecordType.FullName!, same.Key, $"is a second log of the category; {same.First().RecordType.FullName} is the first."));
    }
}
