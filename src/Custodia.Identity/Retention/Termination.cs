using Custodia.Identity.Directories;
using Custodia.Identity.Statistics;
using Custodia.Kernel.Deletion;
using Custodia.Kernel.Storage;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Identity.Retention;

/// <summary>Figures go when the account ends the service.</summary>
internal sealed class StatisticsTermination(IdentityContext database, AccountServices services) : TerminationRule(StatisticsCategory.Id, services)
{
    protected override Task<long> CountAsync(IReadOnlyList<long> accounts, CancellationToken cancellation) =>
        database.Set<DailyFigures>().LongCountAsync(f => accounts.Contains(f.Account), cancellation);

    protected override async Task<DateTimeOffset?> OldestAsync(CancellationToken cancellation) =>
        await database.Set<DailyFigures>().MinAsync(f => (int?)f.Day, cancellation) is { } day ? DateTimeOffset.FromUnixTimeSeconds(day * 86_400L) : null;

    protected override Task<int> DeleteAsync(IReadOnlyList<long> accounts, CancellationToken cancellation) =>
        database.InTransactionAsync(
            async token =>
                await database.Set<DailyFigures>().Where(f => accounts.Contains(f.Account)).ExecuteDeleteAsync(token)
                + await database.Set<MonthlyFigures>().Where(f => accounts.Contains(f.Account)).ExecuteDeleteAsync(token)
                + await database.Set<CountryFigures>().Where(f => accounts.Contains(f.Account)).ExecuteDeleteAsync(token)
                + await database.Set<DirectoryFigures>().Where(f => accounts.Contains(f.Account)).ExecuteDeleteAsync(token),
            cancellation);
}

/// <summary>
/// When the account ends the service, nobody can sign up any more and its people are deleted (by deletion requests, with evidence), then
/// the empty directories.
/// </summary>
internal sealed class DirectoryTermination(IdentityContext database, AccountServices services, DeletionRequests requests)
    : TerminationRule("identity.directory", services)
{
    protected override Task<long> CountAsync(IReadOnlyList<long> accounts, CancellationToken cancellation) =>
        database.Directories.LongCountAsync(d => accounts.Contains(d.Account), cancellation);

    protected override Task<DateTimeOffset?> OldestAsync(CancellationToken cancellation) =>
        database.Directories.MinAsync(d => (DateTimeOffset?)d.CreatedAt, cancellation);

    protected override async Task<int> DeleteAsync(IReadOnlyList<long> accounts, CancellationToken cancellation)
    {
        await database.InTransactionAsync(
            token => database.Directories.Where(d => accounts.Contains(d.Account) && d.SignUp != SignUpMode.Closed).ExecuteUpdateAsync(set => set.SetProperty(d => d.SignUp, SignUpMode.Closed), token),
            cancellation);
        await requests.OpenAsync(database.Users.Where(u => accounts.Contains(u.Account)), graceDays: 0, cancellation);
        return await database.InTransactionAsync(
            token => database.Directories
                .Where(d => accounts.Contains(d.Account) && !database.Users.Any(u => u.DirectoryId == d.Id))
                .ExecuteDeleteAsync(token),
            cancellation);
    }
}

/// <summary>The account itself goes last, when its directories have.</summary>
internal sealed class AccountTermination(IdentityContext database, AccountServices services) : TerminationRule("identity.account", services)
{
    protected override Task<long> CountAsync(IReadOnlyList<long> accounts, CancellationToken cancellation) =>
        database.Accounts.LongCountAsync(a => accounts.Contains(a.Uin), cancellation);

    protected override Task<DateTimeOffset?> OldestAsync(CancellationToken cancellation) =>
        database.Accounts.MinAsync(a => (DateTimeOffset?)a.CreatedAt, cancellation);

    protected override Task<int> DeleteAsync(IReadOnlyList<long> accounts, CancellationToken cancellation) =>
        database.InTransactionAsync(
            token => database.Accounts
                .Where(a => accounts.Contains(a.Uin) && !database.Directories.Any(d => d.Account == a.Uin))
                .ExecuteDeleteAsync(token),
            cancellation);
}
