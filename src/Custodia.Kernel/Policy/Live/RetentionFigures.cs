using Custodia.Kernel.Retention;

namespace Custodia.Kernel.Policy;

/// <summary>What tables and logs hold under each trigger of the policy, as retention itself counts it.</summary>
internal sealed class RetentionFigures(RetentionRunner retention, LoadedPolicy policy) : ILiveFigures
{
    public async Task CollectAsync(LiveFigures figures, CancellationToken cancellation)
    {
        foreach (var line in await retention.PreviewAsync(policy, cancellation))
            figures.Add(new HeldFigure(line.Category, line.Trigger, line.Oldest, line.Due));
    }
}
