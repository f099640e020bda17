using Custodia.Identity.Keys;
using Custodia.Identity.Retention;
using Custodia.Kernel.Storage;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Identity.Applications;

/// <summary>When the account ends the service, its applications go with everything they hold.</summary>
internal sealed class ApplicationTermination(IdentityContext context, AccountServices services, ApplicationRegistry registry)
    : TerminationRule(Application.Category, services)
{
    private const int Batch = 500;

    protected override Task<long> CountAsync(IReadOnlyList<long> accounts, CancellationToken cancellation) =>
        context.Applications.LongCountAsync(a => accounts.Contains(a.Account), cancellation);

    protected override Task<DateTimeOffset?> OldestAsync(CancellationToken cancellation) =>
        context.Applications.MinAsync(a => (DateTimeOffset?)a.CreatedAt, cancellation);

    protected override async Task<int> DeleteAsync(IReadOnlyList<long> accounts, CancellationToken cancellation)
    {
        var all = 0;
        while (await context.Applications.Where(a => accounts.Contains(a.Account)).OrderBy(a => a.Id).Take(Batch).ToListAsync(cancellation) is { Count: > 0 } due)
        {
            foreach (var application in due) await registry.DeleteAsync(application, cancellation);
            all += due.Count;
        }

        return all;
    }
}

/// <summary>When the account ends the service, its signing keys go, with the vault's keys they were sealed under.</summary>
internal sealed class SigningKeyTermination(IdentityContext context, AccountServices services, KeyStock stock)
    : TerminationRule(SigningKey.Category, services)
{
    protected override Task<long> CountAsync(IReadOnlyList<long> accounts, CancellationToken cancellation) =>
        context.SigningKeys.LongCountAsync(k => accounts.Contains(k.Account), cancellation);

    protected override Task<DateTimeOffset?> OldestAsync(CancellationToken cancellation) =>
        context.SigningKeys.MinAsync(k => (DateTimeOffset?)k.PublishedAt, cancellation);

    protected override Task<int> DeleteAsync(IReadOnlyList<long> accounts, CancellationToken cancellation) =>
        stock.RemoveAsync(context.SigningKeys.Where(k => accounts.Contains(k.Account)), "service terminated", cancellation);
}
