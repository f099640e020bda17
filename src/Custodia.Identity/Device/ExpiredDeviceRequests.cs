using Custodia.Kernel.Retention;

namespace Custodia.Identity.Device;

/// <summary>Requests of devices that are over. They stay a while longer than they work, so that a device is told that it has expired.</summary>
internal sealed class ExpiredDeviceRequests(IdentityContext database) : RowRule<IdentityContext, DeviceRequest>(DeviceRequest.Category, "expired", database)
{
    private static readonly TimeSpan Told = TimeSpan.FromMinutes(10);

    // The life is fixed, so the index on the creation serves.
    protected override IQueryable<DeviceRequest> Due(RetentionMoment moment)
    {
        var limit = moment.Now - DeviceRequest.Life - Told;
        return Context.DeviceRequests.Where(r => r.CreatedAt <= limit).OrderBy(r => r.CreatedAt);
    }

    protected override IQueryable<DateTimeOffset?> Held() => Context.DeviceRequests.Select(r => (DateTimeOffset?)r.CreatedAt);
}
