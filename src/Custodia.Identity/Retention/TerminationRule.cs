using Custodia.Kernel.Retention;
using Custodia.Kernel.Storage;

namespace Custodia.Identity.Retention;

/// <summary>What goes when an account ends the service.</summary>
/// <param name="category">Policy category id.</param>
internal abstract class TerminationRule(string category, AccountServices services) : IRetentionRule
{
    public string Category => category;

    public string Trigger => "service-terminated";

    public async Task<RetentionPreview> PreviewAsync(RetentionMoment moment, CancellationToken cancellation)
    {
        var ended = await EndedAsync(moment, cancellation);
        return new RetentionPreview(ended.Count == 0 ? 0 : await CountAsync(ended, cancellation), await OldestAsync(cancellation));
    }

    public async Task<int> EnforceAsync(RetentionMoment moment, CancellationToken cancellation) =>
        await EndedAsync(moment, cancellation) is { Count: > 0 } ended ? await DeleteAsync(ended, cancellation) : 0;

    /// <summary>How many records the accounts have.</summary>
    protected abstract Task<long> CountAsync(IReadOnlyList<long> accounts, CancellationToken cancellation);

    /// <summary>Time of the oldest record of all accounts.</summary>
    protected abstract Task<DateTimeOffset?> OldestAsync(CancellationToken cancellation);

    protected abstract Task<int> DeleteAsync(IReadOnlyList<long> accounts, CancellationToken cancellation);

    private Task<IReadOnlyList<long>> EndedAsync(RetentionMoment moment, CancellationToken cancellation) =>
        services.TerminatedAsync(AccountServices.Identity, moment.Now, cancellation);
}
