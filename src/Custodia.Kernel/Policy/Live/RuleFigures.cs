using Custodia.Kernel.Retention;

namespace Custodia.Kernel.Policy;

/// <summary>What the retention rules of the modules hold in their tables.</summary>
internal sealed class RuleFigures(IEnumerable<IRetentionRule> rules, LoadedPolicy policy, TimeProvider time) : ILiveFigures
{
    public async Task CollectAsync(LiveFigures figures, CancellationToken cancellation)
    {
        foreach (var rule in rules)
        {
            if (!policy.TryCategory(rule.Category, out var category)) continue;
            if (category!.DeleteOn.FirstOrDefault(t => t.Name == rule.Trigger) is not { } trigger) continue;
            var preview = await rule.PreviewAsync(new RetentionMoment(time.GetUtcNow(), trigger), cancellation);
            figures.Add(new HeldFigure(category.Id, trigger.Name, preview.Oldest, preview.Due));
        }
    }
}
