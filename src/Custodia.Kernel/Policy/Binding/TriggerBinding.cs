using Custodia.Kernel.Retention;

namespace Custodia.Kernel.Policy.Binding;

/// <summary>Every <c>deleteOn</c> trigger is enforced by something, and every rule enforces a trigger that the policy has.</summary>
internal static class TriggerBinding
{
    public static void Check(PolicyCategory category, BoundCode code, List<PolicyFinding> findings)
    {
        foreach (var trigger in category.DeleteOn.Where(t => !IsEnforced(category, t.Name, code)))
        {
            findings.Add(new PolicyFinding(
                $"{category.File}:{category.Line}",
                $"{category.Id}.deleteOn",
                trigger.Name == HandledTriggers.OfSubjectData
                    ? $"nothing enforces '{trigger.Name}': the module {category.Service} registers no subject data (AddSubjectData)."
                    : $"nothing enforces '{trigger.Name}': no IRetentionRule is registered for it."));
        }
    }

    public static void CheckRules(LoadedPolicy policy, BoundCode code, List<PolicyFinding> findings)
    {
        foreach (var rule in code.Rules)
        {
            if (!policy.TryCategory(rule.Category, out var category) || category!.DeleteOn.All(t => t.Name != rule.Trigger))
                findings.Add(new PolicyFinding(rule.Type.FullName!, $"{rule.Category}.deleteOn", $"enforces '{rule.Trigger}', which the policy does not name{(category is null ? "" : $" in {category.File}:{category.Line}")}."));
        }

        foreach (var same in code.Rules.GroupBy(r => (r.Category, r.Trigger)).Where(g => g.Count() > 1))
            findings.Add(new PolicyFinding(same.Last().Type.FullName!, $"{same.Key.Category}.deleteOn", $"enforces '{same.Key.Trigger}' a second time; {same.First().Type.FullName} is the first."));
    }

    private static bool IsEnforced(PolicyCategory category, string trigger, BoundCode code) =>
        trigger == DeletionTrigger.Event.Never
        || code.Rules.Any(r => r.Category == category.Id && r.Trigger == trigger)
        || (HandledTriggers.OfStreams.Contains(trigger) && code.Streams.Any(s => s.Category == category.Id))
        || (trigger == HandledTriggers.OfSubjectData && code.SubjectData.Contains(category.Service, StringComparer.Ordinal))
        || HandledTriggers.OfKernel.Contains((category.Id, trigger));
}
