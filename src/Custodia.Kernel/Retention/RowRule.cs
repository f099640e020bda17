using Custodia.Kernel.Storage;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Kernel.Retention;

/// <summary>
/// A rule whose rows stand by themselves: they go without anything else having to go with them. Deletes in short transactions, so
/// that nobody waits long for the writer, until nothing is due.
/// </summary>
/// <param name="category">Policy category id.</param>
/// <param name="trigger">Trigger name as in the policy.</param>
public abstract class RowRule<TContext, TRow>(string category, string trigger, TContext context) : IRetentionRule
    where TContext : ModuleContext
    where TRow : class
{
    private const int Batch = 1000;

    public string Category => category;

    public string Trigger => trigger;

    protected TContext Context { get; } = context;

    public async Task<RetentionPreview> PreviewAsync(RetentionMoment moment, CancellationToken cancellation) =>
        new(await Due(moment).LongCountAsync(cancellation), await Held().MinAsync(cancellation));

    public virtual async Task<int> EnforceAsync(RetentionMoment moment, CancellationToken cancellation)
    {
        var all = 0;
        while (true)
        {
            var some = await Context.InTransactionAsync(token => Due(moment).Take(Batch).ExecuteDeleteAsync(token), cancellation);
            all += some;
            if (some < Batch) return all;
        }
    }

    /// <summary>Rows past the trigger, in the order of an index.</summary>
    protected abstract IQueryable<TRow> Due(RetentionMoment moment);

    /// <summary>When what is held began, due or not.</summary>
    protected abstract IQueryable<DateTimeOffset?> Held();
}
