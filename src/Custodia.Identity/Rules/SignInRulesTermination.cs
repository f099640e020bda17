using Custodia.Identity.Retention;
using Custodia.Kernel.Storage;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Identity.Rules;

/// <summary>The rules go when the account ends the service.</summary>
internal sealed class SignInRulesTermination(IdentityContext database, AccountServices services) : TerminationRule(SignInRules.Category, services)
{
    protected override Task<long> CountAsync(IReadOnlyList<long> accounts, CancellationToken cancellation) =>
        database.SignInRules.LongCountAsync(r => accounts.Contains(r.Account), cancellation);

    // They say nothing about when they were set, and stay as long as the directory.
    protected override Task<DateTimeOffset?> OldestAsync(CancellationToken cancellation) =>
        database.Directories.Where(d => database.SignInRules.Any(r => r.DirectoryId == d.Id)).MinAsync(d => (DateTimeOffset?)d.CreatedAt, cancellation);

    protected override Task<int> DeleteAsync(IReadOnlyList<long> accounts, CancellationToken cancellation) =>
        database.InTransactionAsync(
            async token =>
                await database.SignInRules.Where(r => accounts.Contains(r.Account)).ExecuteDeleteAsync(token)
                + await database.ApplicationSignInRules.Where(r => accounts.Contains(r.Account)).ExecuteDeleteAsync(token),
            cancellation);
}
