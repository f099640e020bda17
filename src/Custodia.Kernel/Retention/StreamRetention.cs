using Custodia.Kernel.Hosting;
using Custodia.Kernel.Policy;
using Custodia.Kernel.Storage;
using Custodia.Kernel.Streams;
using Microsoft.Extensions.DependencyInjection;

namespace Custodia.Kernel.Retention;

/// <summary>The triggers of logs: whole days go by age, an account's records when it has ended the service.</summary>
internal sealed class StreamRetention(LogStreams streams, DataCatalogue catalogue, IServiceScopeFactory scopes)
{
    /// <summary>Null when the category is no log or the trigger is not one that time enforces.</summary>
    public async Task<RetentionPreview?> PreviewAsync(PolicyCategory category, RetentionMoment moment, CancellationToken cancellation)
    {
        if (!IsStream(category)) return null;
        var oldest = await streams.OldestAsync(category.Id, cancellation);
        switch (moment.Trigger)
        {
            case DeletionTrigger.Age age:
                var held = await streams.HeldAsync(category.Id, FirstKept(age, moment.Now), cancellation);
                return new RetentionPreview(held.Records, oldest);
            case DeletionTrigger.Event { Kind: "service-terminated" } ended:
                return new RetentionPreview((await EndedAsync(category, ended, moment.Now, cancellation)).Count, oldest);
            default:
                return new RetentionPreview(0, oldest);
        }
    }

    /// <returns>Records deleted.</returns>
    public async Task<long> EnforceAsync(PolicyCategory category, RetentionMoment moment, CancellationToken cancellation)
    {
        if (!IsStream(category)) return 0;
        switch (moment.Trigger)
        {
            case DeletionTrigger.Age age:
                var dropped = await streams.DropSegmentsAsync(category.Id, FirstKept(age, moment.Now), $"age {age.Period}", cancellation);
                return dropped.Records;
            case DeletionTrigger.Event { Kind: "service-terminated" } ended:
                var removed = 0L;
                foreach (var account in await EndedAsync(category, ended, moment.Now, cancellation))
                    removed += (await streams.EraseAccountAsync(category.Id, account, ended.Kind, cancellation)).Removed;
                return removed;
            default:
                // Account deleted: the erasure's own part. Logs cleared: an administrator's act.
                return 0;
        }
    }

    /// <summary>The first day of which something may still be kept: a day goes when its last record is past the age.</summary>
    private static DateOnly FirstKept(DeletionTrigger.Age age, DateTimeOffset now) =>
        DateOnly.FromDateTime(age.Period.Before(now).UtcDateTime);

    private async Task<IReadOnlyList<long>> EndedAsync(PolicyCategory category, DeletionTrigger.Event ended, DateTimeOffset now, CancellationToken cancellation)
    {
        await using var scope = scopes.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<AccountServices>().TerminatedAsync(category.Service, ended.Within.Before(now), cancellation);
    }

    private bool IsStream(PolicyCategory category) => catalogue.Streams.Exists(s => s.Category == category.Id);
}
