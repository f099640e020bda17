using Custodia.Identity.Statistics;
using Custodia.Kernel.Deletion;
using Custodia.Kernel.Retention;
using Custodia.Kernel.Storage;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Identity.Retention;

/// <summary>Figures go when the account ends the service.</summary>
internal sealed class StatisticsTermination(IdentityContext database, AccountServices services) : IRetentionRule
{
    public string Category => StatisticsCategory.Id;

    public string Trigger => "service-terminated";

    public async Task<RetentionPreview> PreviewAsync(RetentionMoment moment, CancellationToken cancellation)
    {
        var ended = await services.TerminatedAsync("identity", moment.Now, cancellation);
        var due = ended.Count == 0 ? 0 : await database.Set<DailyFigures>().LongCountAsync(f => ended.Contains(f.Account), cancellation);
        var oldest = await database.Set<DailyFigures>().MinAsync(f => (int?)f.Day, cancellation);
        return new RetentionPreview(due, oldest is { } day ? DateTimeOffset.FromUnixTimeSeconds(day * 86_400L) : null);
    }

    public async Task<int> EnforceAsync(RetentionMoment moment, CancellationToken cancellation)
    {
        var ended = await services.TerminatedAsync("identity", moment.Now, cancellation);
        if (ended.Count == 0) return 0;
        return await database.InTransactionAsync(
            async token =>
                await database.Set<DailyFigures>().Where(f => ended.Contains(f.Account)).ExecuteDeleteAsync(token)
                + await database.Set<MonthlyFigures>().Where(f => ended.Contains(f.Account)).ExecuteDeleteAsync(token)
                + await database.Set<CountryFigures>().Where(f => ended.Contains(f.Account)).ExecuteDeleteAsync(token)
                + await database.Set<DirectoryFigures>().Where(f => ended.Contains(f.Account)).ExecuteDeleteAsync(token),
            cancellation);
    }
}

/// <summary>When the account ends the service, its people are deleted (by deletion requests, with evidence), then the empty directories.</summary>
internal sealed class DirectoryTermination(IdentityContext database, AccountServices services, DeletionRequests requests) : IRetentionRule
{
    public string Category => "identity.directory";

    public string Trigger => "service-terminated";

    public async Task<RetentionPreview> PreviewAsync(RetentionMoment moment, CancellationToken cancellation)
    {
        var ended = await services.TerminatedAsync("identity", moment.Now, cancellation);
        return new RetentionPreview(
            ended.Count == 0 ? 0 : await database.Directories.LongCountAsync(d => ended.Contains(d.Account), cancellation),
            await database.Directories.MinAsync(d => (DateTimeOffset?)d.CreatedAt, cancellation));
    }

    public async Task<int> EnforceAsync(RetentionMoment moment, CancellationToken cancellation)
    {
        var deleted = 0;
        foreach (var account in await services.TerminatedAsync("identity", moment.Now, cancellation))
        {
            await requests.OpenAsync(database.Users.Where(u => u.Account == account), graceDays: 0, cancellation);
            deleted += await database.InTransactionAsync(
                token => database.Directories
                    .Where(d => d.Account == account && !database.Users.Any(u => u.DirectoryId == d.Id))
                    .ExecuteDeleteAsync(token),
                cancellation);
        }

        return deleted;
    }
}

/// <summary>The account itself goes last, when its directories have.</summary>
internal sealed class AccountTermination(IdentityContext database, AccountServices services) : IRetentionRule
{
    public string Category => "identity.account";

    public string Trigger => "service-terminated";

    public async Task<RetentionPreview> PreviewAsync(RetentionMoment moment, CancellationToken cancellation)
    {
        var ended = await services.TerminatedAsync("identity", moment.Now, cancellation);
        return new RetentionPreview(
            ended.Count == 0 ? 0 : await database.Accounts.LongCountAsync(a => ended.Contains(a.Uin), cancellation),
            await database.Accounts.MinAsync(a => (DateTimeOffset?)a.CreatedAt, cancellation));
    }

    public async Task<int> EnforceAsync(RetentionMoment moment, CancellationToken cancellation)
    {
        var ended = await services.TerminatedAsync("identity", moment.Now, cancellation);
        if (ended.Count == 0) return 0;
        return await database.InTransactionAsync(
            token => database.Accounts
                .Where(a => ended.Contains(a.Uin) && !database.Directories.Any(d => d.Account == a.Uin))
                .ExecuteDeleteAsync(token),
            cancellation);
    }
}
