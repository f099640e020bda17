using Custodia.Kernel.Policy;
using Custodia.Kernel.Retention;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Identity.Sms;

/// <summary>How many SMS codes were asked for on a day: for one number, by one address, to one country. Names neither.</summary>
[Category(Category)]
internal sealed class SmsCount
{
    public const string Category = "identity.sms-count";

    /// <summary>Keyed hash of directory and number, address or country.</summary>
    public required byte[] CountedHash { get; init; }

    /// <summary>Days since 1970 (UTC).</summary>
    public int Day { get; init; }

    public int Count { get; set; }

    public DateTimeOffset CreatedAt { get; init; }

    public static void Configure(ModelBuilder model)
    {
        var count = model.Entity<SmsCount>();
        count.ToTable("sms_counts");
        count.HasKey(c => new { c.CountedHash, c.Day });
        count.HasIndex(c => c.CreatedAt);
    }
}

/// <summary>Counts go when their day is over.</summary>
internal sealed class SmsCountAge(IdentityContext database) : RowRule<IdentityContext, SmsCount>(SmsCount.Category, "age", database)
{
    protected override IQueryable<SmsCount> Due(RetentionMoment moment)
    {
        var limit = moment.Limit;
        return Context.SmsCounts.Where(c => c.CreatedAt < limit).OrderBy(c => c.CreatedAt);
    }

    protected override IQueryable<DateTimeOffset?> Held() => Context.SmsCounts.Select(c => (DateTimeOffset?)c.CreatedAt);
}
