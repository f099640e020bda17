using Custodia.Kernel.Retention;

namespace Custodia.Kernel.Vault;

/// <summary>Forgets destroyed keys by name, when no backup of their time is left that could bring them back.</summary>
internal sealed class TombstoneAge(KeyRing ring) : IRetentionRule
{
    public string Category => "kernel.destroyed-key";

    public string Trigger => "age";

    public Task<RetentionPreview> PreviewAsync(RetentionMoment moment, CancellationToken cancellation)
    {
        var (count, oldest) = ring.DestroyedBefore(moment.Limit);
        return Task.FromResult(new RetentionPreview(count, oldest));
    }

    public Task<int> EnforceAsync(RetentionMoment moment, CancellationToken cancellation) => Task.FromResult(ring.ForgetDestroyed(moment.Limit));
}
