using Custodia.Kernel.Hosting;
using Custodia.Kernel.Streams;

namespace Custodia.Kernel.Policy;

/// <summary>What the logs hold: the oldest record of each, and what is past its age.</summary>
internal sealed class StreamFigures(DataCatalogue catalogue, LogStreams streams, LoadedPolicy policy) : ILiveFigures
{
    public async Task CollectAsync(LiveFigures figures, CancellationToken cancellation)
    {
        foreach (var category in catalogue.Streams.Select(s => policy.Category(s.Category)))
        {
            var oldest = await streams.OldestAsync(category.Id, cancellation);
            foreach (var trigger in category.DeleteOn)
                figures.Add(new HeldFigure(category.Id, trigger.Name, oldest, await DueAsync(category.Id, trigger, figures.At, cancellation)));
        }
    }

    // Only age can be read off the days; what an event deletes is gone when the event has been handled.
    private async Task<long> DueAsync(string category, DeletionTrigger trigger, DateTimeOffset now, CancellationToken cancellation) =>
        trigger is DeletionTrigger.Age { Since: null } age
            ? (await streams.HeldAsync(category, DateOnly.FromDateTime(age.Period.Before(now).UtcDateTime), cancellation)).Records
            : 0;
}
