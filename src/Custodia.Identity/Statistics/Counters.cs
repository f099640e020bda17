using Custodia.Kernel.Policy;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Identity.Statistics;

/// <summary>Running figures of a directory. Changed by increments in the transaction of what they count.</summary>
[Category(StatisticsCategory.Id)]
internal sealed class DirectoryFigures
{
    /// <summary>The account's <c>uin</c>.</summary>
    public long Account { get; init; }

    public Guid DirectoryId { get; init; }

    /// <summary>People in the directory now.</summary>
    public long Users { get; set; }

    public long Applications { get; set; }

    public long SmsUsed { get; set; }

    public long MailsUsed { get; set; }

    public static void Configure(ModelBuilder model)
    {
        var figures = model.Entity<DirectoryFigures>();
        figures.ToTable("directory_figures");
        figures.HasKey(f => new { f.Account, f.DirectoryId });
    }
}

/// <summary>What happened in a directory on one day (UTC).</summary>
[Category(StatisticsCategory.Id)]
internal sealed class DailyFigures
{
    /// <summary>The account's <c>uin</c>.</summary>
    public long Account { get; init; }

    public Guid DirectoryId { get; init; }

    /// <summary>Days since 1970-01-01.</summary>
    public int Day { get; init; }

    [Field("sign-ins-7-days")]
    public long SignIns { get; set; }

    [Field("registrations-7-days")]
    public long Registrations { get; set; }

    /// <summary>Users gained less users lost.</summary>
    [Field("growth")]
    public long Growth { get; set; }

    public static void Configure(ModelBuilder model)
    {
        var figures = model.Entity<DailyFigures>();
        figures.ToTable("daily_figures");
        figures.HasKey(f => new { f.Account, f.DirectoryId, f.Day });
    }
}

/// <summary>People who were active in a month: who signed in at least once, each counted once.</summary>
[Category(StatisticsCategory.Id)]
internal sealed class MonthlyFigures
{
    /// <summary>The account's <c>uin</c>.</summary>
    public long Account { get; init; }

    public Guid DirectoryId { get; init; }

    /// <summary>Year × 100 + month (UTC).</summary>
    [Field("this-month")]
    public int Month { get; init; }

    public long MonthlyActiveUsers { get; set; }

    public UsageStatus UsageStatus { get; set; }

    public static void Configure(ModelBuilder model)
    {
        var figures = model.Entity<MonthlyFigures>();
        figures.ToTable("monthly_figures");
        figures.HasKey(f => new { f.Account, f.DirectoryId, f.Month });
        figures.Property(f => f.UsageStatus).HasMaxLength(16);
    }
}

/// <summary>How many people of a directory registered from a country.</summary>
[Category(StatisticsCategory.Id)]
internal sealed class CountryFigures
{
    /// <summary>The account's <c>uin</c>.</summary>
    public long Account { get; init; }

    public Guid DirectoryId { get; init; }

    /// <summary>ISO 3166-1 alpha-2; empty for addresses that belong to no country.</summary>
    public required string Country { get; init; }

    [Field("distribution")]
    public long Users { get; set; }

    public static void Configure(ModelBuilder model)
    {
        var figures = model.Entity<CountryFigures>();
        figures.ToTable("country_figures");
        figures.HasKey(f => new { f.Account, f.DirectoryId, f.Country });
        figures.Property(f => f.Country).HasMaxLength(2);
    }
}

internal static class StatisticsCategory
{
    public const string Id = "identity.statistics";
}

/// <summary>Monthly active users against the account's user limit.</summary>
internal enum UsageStatus
{
    /// <summary>Below 90 % of the limit, or no limit.</summary>
    Normal,

    /// <summary>From 90 % to the limit.</summary>
    NearLimit,

    /// <summary>Above the limit.</summary>
    Over,
}
