using Custodia.Identity.Retention;
using Custodia.Kernel.Storage;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Identity.Registration;

/// <summary>What directories ask goes when the account ends the service. Acceptances go with their people.</summary>
internal sealed class RegistrationTermination(IdentityContext database, AccountServices services) : TerminationRule(RegistrationSettings.Category, services)
{
    protected override async Task<long> CountAsync(IReadOnlyList<long> accounts, CancellationToken cancellation) =>
        await database.RegistrationSettings.LongCountAsync(s => accounts.Contains(s.Account), cancellation)
        + await database.AttributeDefinitions.LongCountAsync(a => accounts.Contains(a.Account), cancellation)
        + await database.AgeGates.LongCountAsync(g => accounts.Contains(g.Account), cancellation)
        + await database.Agreements.LongCountAsync(a => accounts.Contains(a.Account), cancellation);

    protected override async Task<DateTimeOffset?> OldestAsync(CancellationToken cancellation)
    {
        DateTimeOffset?[] oldest =
        [
            await database.RegistrationSettings.MinAsync(s => (DateTimeOffset?)s.UpdatedAt, cancellation),
            await database.AttributeDefinitions.MinAsync(a => (DateTimeOffset?)a.UpdatedAt, cancellation),
            await database.AgeGates.MinAsync(g => (DateTimeOffset?)g.UpdatedAt, cancellation),
            await database.Agreements.MinAsync(a => (DateTimeOffset?)a.CreatedAt, cancellation),
        ];
        return oldest.Min();
    }

    protected override Task<int> DeleteAsync(IReadOnlyList<long> accounts, CancellationToken cancellation) =>
        database.InTransactionAsync(
            async token =>
                await database.RegistrationSettings.Where(s => accounts.Contains(s.Account)).ExecuteDeleteAsync(token)
                + await database.AttributeDefinitions.Where(a => accounts.Contains(a.Account)).ExecuteDeleteAsync(token)
                + await database.AgeGates.Where(g => accounts.Contains(g.Account)).ExecuteDeleteAsync(token)
                // The text stays as long as somebody is there who accepted it.
                + await database.Agreements.Where(a => accounts.Contains(a.Account) && !database.Acceptances.Any(c => c.AgreementId == a.Id)).ExecuteDeleteAsync(token),
            cancellation);
}
