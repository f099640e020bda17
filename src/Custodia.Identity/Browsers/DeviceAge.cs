using Custodia.Kernel.Retention;

namespace Custodia.Identity.Browsers;

/// <summary>Browsers in which nobody signs in any more are forgotten; their cookie has run out by then.</summary>
internal sealed class DeviceAge(IdentityContext database) : RowRule<IdentityContext, KnownDevice>(KnownDevice.Category, "age", database)
{
    protected override IQueryable<KnownDevice> Due(RetentionMoment moment)
    {
        var limit = moment.Limit;
        return Context.KnownDevices.Where(d => d.LastSeenAt < limit).OrderBy(d => d.LastSeenAt);
    }

    protected override IQueryable<DateTimeOffset?> Held() => Context.KnownDevices.Select(d => (DateTimeOffset?)d.LastSeenAt);
}
