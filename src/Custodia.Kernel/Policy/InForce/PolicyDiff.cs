namespace Custodia.Kernel.Policy.InForce;

/// <summary>One difference between two policies.</summary>
/// <param name="Key">What differs, e.g. <c>deleteOn.age</c> or <c>fields.email.protection</c>; <c>category</c> for a whole one.</param>
/// <param name="Before">Null when it is new.</param>
/// <param name="After">Null when it is gone.</param>
/// <param name="DeletesSooner">Whether data that is held now is deleted that would have been kept, or is deleted earlier.</param>
public sealed record PolicyChange(string Category, string Key, string? Before, string? After, bool DeletesSooner)
{
    public override string ToString() => (Before, After) switch
    {
        (null, _) => $"{Category}: {Key} is new: {After}",
        (_, null) => $"{Category}: {Key} is gone: {Before}",
        _ => $"{Category}: {Key}: {Before} -> {After}",
    };
}

/// <summary>Says what changes from one policy to another, and what of it deletes sooner.</summary>
public static class PolicyDiff
{
    public static IReadOnlyList<PolicyChange> Of(LoadedPolicy before, LoadedPolicy after)
    {
        var changes = new List<PolicyChange>();
        foreach (var old in before.Categories)
        {
            if (after.TryCategory(old.Id, out var now)) changes.AddRange(Of(old, now!));
            else changes.Add(new PolicyChange(old.Id, "category", Limits(old), null, DeletesSooner: true));
        }

        changes.AddRange(after.Categories
            .Where(c => !before.TryCategory(c.Id, out _))
            .Select(c => new PolicyChange(c.Id, "category", null, Limits(c), DeletesSooner: false)));
        return changes;
    }

    private static IEnumerable<PolicyChange> Of(PolicyCategory before, PolicyCategory after)
    {
        foreach (var name in before.DeleteOn.Concat(after.DeleteOn).Select(t => t.Name).Distinct(StringComparer.Ordinal))
        {
            var (old, now) = (PeriodOf(before, name), PeriodOf(after, name));
            if (old != now) yield return new PolicyChange(before.Id, $"deleteOn.{name}", old?.ToString(), now?.ToString(), IsSooner(old, now));
        }

        if (before.Deadline != after.Deadline)
            yield return new PolicyChange(before.Id, "deadline", before.Deadline.ToString(), after.Deadline.ToString(), Periods.IsShorter(after.Deadline, before.Deadline));
        var (then, next) = (Facts(before), Facts(after));
        foreach (var key in then.Keys.Union(next.Keys, StringComparer.Ordinal))
        {
            var (old, now) = (then.GetValueOrDefault(key), next.GetValueOrDefault(key));
            if (old != now) yield return new PolicyChange(before.Id, key, old, now, DeletesSooner: false);
        }
    }

    private static bool IsSooner(Period? before, Period? after) =>
        after is { } now && (before is not { } old || Periods.IsShorter(now, old));

    private static Period? PeriodOf(PolicyCategory category, string trigger) => category.DeleteOn.FirstOrDefault(t => t.Name == trigger) switch
    {
        DeletionTrigger.Age age => age.Period,
        DeletionTrigger.Event e => e.Within,
        _ => null,
    };

    private static string Limits(PolicyCategory category) => string.Join(", ", category.DeleteOn.Select(t => $"{t.Name} {PeriodOf(category, t.Name)}"));

    private static Dictionary<string, string> Facts(PolicyCategory category)
    {
        var facts = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["title"] = $"{category.Title.En} / {category.Title.Zh}",
            ["subjects"] = string.Join(", ", category.Subjects),
            ["role"] = category.Role.ToString(),
            ["uses"] = string.Join(", ", category.Uses.Select(u => u.Id)),
            ["legalBasis"] = category.LegalBasis,
            ["storage"] = string.Join(" > ", [.. category.Transit, category.Storage]),
            ["backup"] = category.Backup ? "true" : "false",
            ["recipients"] = string.Join(", ", category.Recipients),
            ["access"] = string.Join(", ", category.Access),
        };
        foreach (var field in category.Fields)
        {
            facts[$"fields.{field.Name}"] =
                $"{field.Term}, personal {Yes(field.Personal)}, modifiable {Yes(field.Modifiable)}, mandatory {Yes(field.Mandatory)}, {field.Protection}, lookup {field.Lookup}, mask {field.Mask}".ToLowerInvariant();
        }

        return facts;
    }

    private static string Yes(bool value) => value ? "yes" : "no";
}
