using Custodia.Kernel.Policy;
using Custodia.Kernel.Storage;
using Custodia.Kernel.Vault;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Tickets.Tickets;

/// <summary>
/// Names of the people in tickets, one row each and plain by policy. Users' come with Identity's events, staff's when they act.
/// </summary>
[Category("tickets.user-name")]
internal sealed class Participant : IOwnedData
{
    public Guid Person { get; init; }

    public long Account { get; init; }

    public required string Directory { get; init; }

    public Side Side { get; init; }

    public string? UserName { get; set; }

    public DateTimeOffset UpdatedAt { get; set; }

    KeyId IOwnedData.OwnerKey => KeyId.Subject(Account, Person);

    string IOwnedData.OwnedRow => Person.ToString("N");

    public static void Configure(ModelBuilder model) => model.Entity<Participant>(participant =>
    {
        participant.HasKey(p => p.Person);
        participant.HasIndex(p => new { p.Account, p.Side, p.UpdatedAt });
    });
}
