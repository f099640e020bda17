using Custodia.Kernel.Policy;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Kernel.Storage;

/// <summary>That an account uses a service, since when and until when: its termination starts the clocks of its categories.</summary>
[Category("kernel.service")]
internal sealed class AccountService
{
    public long Account { get; init; }

    /// <summary><c>identity</c>, <c>integration</c> or <c>tickets</c>.</summary>
    public required string Service { get; init; }

    public DateTimeOffset OpenedAt { get; init; }

    public DateTimeOffset? TerminatedAt { get; set; }

    public static void Configure(ModelBuilder model)
    {
        var entity = model.Entity<AccountService>();
        entity.ToTable("services");
        entity.HasKey(s => new { s.Account, s.Service });
        entity.HasIndex(s => s.TerminatedAt);
    }
}
