using Custodia.Identity.Directories;
using Custodia.Identity.Users;
using Custodia.Kernel.Delivery;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Identity.Statistics;

/// <summary>
/// Counts. Every method is called inside the transaction of what it counts, so a figure and its cause are stored together or not at
/// all, and no figure is ever found by scanning. Upserts are written in the SQL that SQLite and PostgreSQL share.
/// </summary>
internal sealed class Increments(IdentityContext database, TimeProvider time)
{
    public Task RegisteredAsync(User user, bool byThemselves, CancellationToken cancellation) =>
        JoinedAsync(user, registrations: byThemselves ? 1 : 0, cancellation);

    /// <summary>Many users who did not register themselves joined at once, from nobody knows where.</summary>
    public async Task JoinedAsync(Directory directory, int count, CancellationToken cancellation)
    {
        await FiguresAsync(directory.Account, directory.Id, users: count, 0, 0, 0, cancellation);
        await DayAsync(directory.Account, directory.Id, 0, 0, count, cancellation);
        await CountryAsync(directory.Account, directory.Id, "", count, cancellation);
    }

    /// <summary>A person is gone: the figures about who is there now no longer hold them. What happened on past days stays, it names nobody.</summary>
    public async Task LeftAsync(User user, CancellationToken cancellation)
    {
        await FiguresAsync(user.Account, user.DirectoryId, users: -1, applications: 0, sms: 0, mails: 0, cancellation);
        await DayAsync(user.Account, user.DirectoryId, 0, 0, -1, cancellation);
        await CountryAsync(user, -1, cancellation);
    }

    public async Task SignedInAsync(User user, int? userLimit, CancellationToken cancellation)
    {
        await DayAsync(user.Account, user.DirectoryId, 1, 0, 0, cancellation);
        var month = Month(time.GetUtcNow());
        var first = await database.Users.Where(u => u.Id == user.Id && u.LastActiveMonth < month)
            .ExecuteUpdateAsync(u => u.SetProperty(x => x.LastActiveMonth, month), cancellation);
        if (first == 1) await ActiveAsync(user, month, userLimit, cancellation);
    }

    /// <summary>Applications were made (positive) or deleted (negative).</summary>
    public Task ApplicationsAsync(long account, Guid directory, int change, CancellationToken cancellation) =>
        FiguresAsync(account, directory, 0, change, 0, 0, cancellation);

    public Task SentAsync(Directory directory, Channel channel, CancellationToken cancellation) =>
        FiguresAsync(directory.Account, directory.Id, 0, 0, channel == Channel.Sms ? 1 : 0, channel == Channel.Mail ? 1 : 0, cancellation);

    public static int Day(DateTimeOffset moment) => (int)(moment.ToUnixTimeSeconds() / 86_400);

    public static int Month(DateTimeOffset moment) => (moment.UtcDateTime.Year * 100) + moment.UtcDateTime.Month;

    public static UsageStatus StatusOf(long active, long? limit) =>
        limit is not { } max || active * 10 < max * 9 ? UsageStatus.Normal : active <= max ? UsageStatus.NearLimit : UsageStatus.Over;

    private async Task JoinedAsync(User user, int registrations, CancellationToken cancellation)
    {
        await FiguresAsync(user.Account, user.DirectoryId, users: 1, 0, 0, 0, cancellation);
        await DayAsync(user.Account, user.DirectoryId, 0, registrations, 1, cancellation);
        await CountryAsync(user, 1, cancellation);
    }

    private Task FiguresAsync(long account, Guid directory, int users, int applications, int sms, int mails, CancellationToken cancellation) =>
        database.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO identity_directory_figures (account, directory_id, users, applications, sms_used, mails_used)
            VALUES ({account}, {directory}, {users}, {applications}, {sms}, {mails})
            ON CONFLICT (account, directory_id) DO UPDATE SET
              users = identity_directory_figures.users + excluded.users,
              applications = identity_directory_figures.applications + excluded.applications,
              sms_used = identity_directory_figures.sms_used + excluded.sms_used,
              mails_used = identity_directory_figures.mails_used + excluded.mails_used
            """,
            cancellation);

    private Task DayAsync(long account, Guid directory, int signIns, int registrations, int growth, CancellationToken cancellation)
    {
        var day = Day(time.GetUtcNow());
        return database.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO identity_daily_figures (account, directory_id, day, sign_ins, registrations, growth)
            VALUES ({account}, {directory}, {day}, {signIns}, {registrations}, {growth})
            ON CONFLICT (account, directory_id, day) DO UPDATE SET
              sign_ins = identity_daily_figures.sign_ins + excluded.sign_ins,
              registrations = identity_daily_figures.registrations + excluded.registrations,
              growth = identity_daily_figures.growth + excluded.growth
            """,
            cancellation);
    }

    private Task CountryAsync(User user, int change, CancellationToken cancellation) =>
        CountryAsync(user.Account, user.DirectoryId, user.Country ?? "", change, cancellation);

    private Task CountryAsync(long account, Guid directory, string country, int change, CancellationToken cancellation) =>
        database.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO identity_country_figures (account, directory_id, country, users)
            VALUES ({account}, {directory}, {country}, {change})
            ON CONFLICT (account, directory_id, country) DO UPDATE SET users = identity_country_figures.users + excluded.users
            """,
            cancellation);

    private async Task ActiveAsync(User user, int month, int? userLimit, CancellationToken cancellation)
    {
        var normal = nameof(UsageStatus.Normal);
        await database.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO identity_monthly_figures (account, directory_id, month, monthly_active_users, usage_status)
            VALUES ({user.Account}, {user.DirectoryId}, {month}, 1, {normal})
            ON CONFLICT (account, directory_id, month) DO UPDATE SET monthly_active_users = identity_monthly_figures.monthly_active_users + 1
            """,
            cancellation);
        var row = database.Set<MonthlyFigures>().Where(m => m.Account == user.Account && m.DirectoryId == user.DirectoryId && m.Month == month);
        var active = await row.Select(m => m.MonthlyActiveUsers).SingleAsync(cancellation);
        var status = StatusOf(active, userLimit);
        await row.Where(m => m.UsageStatus != status).ExecuteUpdateAsync(m => m.SetProperty(x => x.UsageStatus, status), cancellation);
    }
}
