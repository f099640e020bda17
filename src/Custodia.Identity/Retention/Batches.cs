using Custodia.Kernel.Policy;
using Custodia.Kernel.Retention;

namespace Custodia.Identity.Retention;

/// <summary>Deletes in short transactions, so that nobody waits long for the writer.</summary>
internal static class Batches
{
    public const int Size = 1000;

    /// <param name="deleteSome">Deletes up to <see cref="Size"/> rows and says how many.</param>
    public static async Task<int> DeleteAsync(IdentityContext database, Func<CancellationToken, Task<int>> deleteSome, CancellationToken cancellation)
    {
        var all = 0;
        int some;
        do
        {
            some = await database.InTransactionAsync(deleteSome, cancellation);
            all += some;
        }
        while (some == Size);
        return all;
    }

    /// <summary>What was made before this instant is past the age.</summary>
    public static DateTimeOffset Before(RetentionMoment moment) => ((DeletionTrigger.Age)moment.Trigger).Period.Before(moment.Now);
}
