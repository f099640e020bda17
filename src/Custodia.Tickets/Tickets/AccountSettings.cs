using Custodia.Kernel.Policy;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Tickets.Tickets;

/// <summary>What an account has of its own in this service.</summary>
[Category("tickets.record")]
internal sealed class AccountSettings
{
    public long Account { get; init; }

    /// <summary>Number of the newest ticket.</summary>
    public long LastNumber { get; set; }

    /// <summary>Days after closing at which a ticket is deleted whole; null: kept (30 to 36,500).</summary>
    public int? ContentLimitDays { get; set; }

    public static void Configure(ModelBuilder model) => model.Entity<AccountSettings>().HasKey(a => a.Account);
}
