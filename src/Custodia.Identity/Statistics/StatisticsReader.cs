using Custodia.Identity.Directories;
using Custodia.Identity.Users;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Identity.Statistics;

/// <summary>Every figure of <c>identity.statistics</c>, for one directory or the whole account. Definitions stand beside the figures on the console.</summary>
/// <param name="GrowthYesterday">Users gained less users lost, on whole days (UTC).</param>
/// <param name="ThisMonth">First day of the month that the monthly figures are of.</param>
internal sealed record StatisticsAnswer(
    long Users,
    long Applications,
    long SignIns7Days,
    long Registrations7Days,
    long SmsUsed,
    long MailsUsed,
    long GrowthYesterday,
    long Growth7Days,
    long Growth30Days,
    IReadOnlyList<CountryCount> Distribution,
    IReadOnlyList<RecentUser> RecentlySignedIn,
    IReadOnlyList<RecentUser> RecentlyRegistered,
    long MonthlyActiveUsers,
    UsageStatus UsageStatus,
    long? UserLimit,
    DateTimeOffset ServiceOpenedAt,
    DateOnly ThisMonth,
    IReadOnlyList<DayCount> Days)
{
    /// <summary>How each figure is counted, by its name, in the language of the request.</summary>
    public IReadOnlyDictionary<string, string> Definitions { get; } = StatisticsDefinitions.ByName();
}

/// <param name="Country">ISO 3166-1 alpha-2; empty for addresses that belong to no country.</param>
internal sealed record CountryCount(string Country, long Users);

/// <param name="Masked">User name or address as a mask.</param>
internal sealed record RecentUser(Guid Id, string Directory, string? Masked, DateTimeOffset At);

/// <param name="Growth">Users gained less users lost.</param>
internal sealed record DayCount(DateOnly Day, long SignIns, long Registrations, long Growth);

/// <summary>Reads the figures: a few rows by key each, however many people there are.</summary>
internal sealed class StatisticsReader(IdentityContext database, UserProfiles profiles, TimeProvider time)
{
    private const int Recent = 5;

    /// <param name="directories">Directories of one account, at least one.</param>
    public async Task<StatisticsAnswer> ReadAsync(IReadOnlyList<Directory> directories, CancellationToken cancellation)
    {
        var account = directories[0].Account;
        var ids = directories.Select(d => d.Id).ToArray();
        var now = time.GetUtcNow();
        var today = Increments.Day(now);
        var month = Increments.Month(now);
        var totals = await database.Set<DirectoryFigures>().AsNoTracking().Where(f => f.Account == account && ids.Contains(f.DirectoryId)).ToListAsync(cancellation);
        var days = await database.Set<DailyFigures>().AsNoTracking()
            .Where(f => f.Account == account && ids.Contains(f.DirectoryId) && f.Day >= today - 30 && f.Day <= today).ToListAsync(cancellation);
        var active = await database.Set<MonthlyFigures>().AsNoTracking()
            .Where(f => f.Account == account && ids.Contains(f.DirectoryId) && f.Month == month).SumAsync(f => f.MonthlyActiveUsers, cancellation);
        var limit = directories.Any(d => d.UserLimit is null) ? null : directories.Sum(d => (long?)d.UserLimit);
        return new StatisticsAnswer(
            totals.Sum(f => f.Users),
            totals.Sum(f => f.Applications),
            days.Where(d => d.Day > today - 7).Sum(d => d.SignIns),
            days.Where(d => d.Day > today - 7).Sum(d => d.Registrations),
            totals.Sum(f => f.SmsUsed),
            totals.Sum(f => f.MailsUsed),
            Growth(days, today, 1),
            Growth(days, today, 7),
            Growth(days, today, 30),
            await CountriesAsync(account, ids, cancellation),
            await SignedInAsync(directories, cancellation),
            await RegisteredAsync(directories, cancellation),
            active,
            Increments.StatusOf(active, limit),
            limit,
            directories.Min(d => d.CreatedAt),
            new DateOnly(month / 100, month % 100, 1),
            Days(days, today));
    }

    // Whole days before today.
    private static long Growth(List<DailyFigures> days, int today, int count) =>
        days.Where(d => d.Day < today && d.Day >= today - count).Sum(d => d.Growth);

    private static List<DayCount> Days(List<DailyFigures> days, int today) =>
        [.. Enumerable.Range(today - 29, 30).Select(day => new DayCount(
            DateOnly.FromDateTime(DateTimeOffset.FromUnixTimeSeconds(day * 86_400L).UtcDateTime),
            days.Where(d => d.Day == day).Sum(d => d.SignIns),
            days.Where(d => d.Day == day).Sum(d => d.Registrations),
            days.Where(d => d.Day == day).Sum(d => d.Growth)))];

    private async Task<List<CountryCount>> CountriesAsync(long account, Guid[] ids, CancellationToken cancellation)
    {
        var rows = await database.Set<CountryFigures>().AsNoTracking()
            .Where(f => f.Account == account && ids.Contains(f.DirectoryId) && f.Users > 0).ToListAsync(cancellation);
        return [.. rows.GroupBy(r => r.Country, StringComparer.Ordinal).Select(g => new CountryCount(g.Key, g.Sum(r => r.Users))).OrderByDescending(c => c.Users)];
    }

    private async Task<List<RecentUser>> SignedInAsync(IReadOnlyList<Directory> directories, CancellationToken cancellation)
    {
        List<RecentUser> recent = [];
        foreach (var directory in directories)
        {
            var users = await database.Users.AsNoTracking().Where(u => u.DirectoryId == directory.Id && u.LastSignInAt != null)
                .OrderByDescending(u => u.LastSignInAt).Take(Recent).ToListAsync(cancellation);
            foreach (var user in users) recent.Add(await RowAsync(user, directory, user.LastSignInAt!.Value, cancellation));
        }

        return [.. recent.OrderByDescending(r => r.At).Take(Recent)];
    }

    private async Task<List<RecentUser>> RegisteredAsync(IReadOnlyList<Directory> directories, CancellationToken cancellation)
    {
        List<RecentUser> recent = [];
        foreach (var directory in directories)
        {
            var users = await database.Users.AsNoTracking().Where(u => u.DirectoryId == directory.Id)
                .OrderByDescending(u => u.CreatedAt).Take(Recent).ToListAsync(cancellation);
            foreach (var user in users) recent.Add(await RowAsync(user, directory, user.CreatedAt, cancellation));
        }

        return [.. recent.OrderByDescending(r => r.At).Take(Recent)];
    }

    private async Task<RecentUser> RowAsync(User user, Directory directory, DateTimeOffset at, CancellationToken cancellation) => new(
        user.Id,
        directory.Name,
        await profiles.MaskAsync(user, user.UserName is null ? UserField.Email : UserField.UserName, cancellation),
        at);
}
