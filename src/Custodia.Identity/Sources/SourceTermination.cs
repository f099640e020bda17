using Custodia.Identity.Retention;
using Custodia.Kernel.Storage;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Identity.Sources;

/// <summary>When the account ends the service, its sources go, with the keys their secrets were sealed under.</summary>
internal sealed class SourceTermination(IdentityContext database, AccountServices services, SourceRegistry registry)
    : TerminationRule(AuthenticationSource.Category, services)
{
    private const int Batch = 500;

    protected override Task<long> CountAsync(IReadOnlyList<long> accounts, CancellationToken cancellation) =>
        database.AuthenticationSources.LongCountAsync(s => accounts.Contains(s.Account), cancellation);

    protected override Task<DateTimeOffset?> OldestAsync(CancellationToken cancellation) =>
        database.AuthenticationSources.MinAsync(s => (DateTimeOffset?)s.CreatedAt, cancellation);

    protected override async Task<int> DeleteAsync(IReadOnlyList<long> accounts, CancellationToken cancellation)
    {
        var all = 0;
        while (await database.AuthenticationSources.AsNoTracking().Where(s => accounts.Contains(s.Account)).OrderBy(s => s.Id).Take(Batch).ToListAsync(cancellation) is { Count: > 0 } due)
        {
            foreach (var source in due) await registry.RemoveAsync(source, "service terminated", cancellation);
            all += due.Count;
        }

        return all;
    }
}
