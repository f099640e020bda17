using Custodia.Kernel.Access;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Tickets.Tickets;

/// <summary>Knows the names of the people in tickets.</summary>
internal sealed class Participants(TicketsContext context, TimeProvider time)
{
    public static Side SideOf(Caller caller) => caller.Kind == CallerKind.User ? Side.Customer : Side.Staff;

    /// <summary>Adds or refreshes the caller's row; saved with the surrounding change.</summary>
    public async Task EnsureAsync(Caller caller, CancellationToken cancellation)
    {
        if (caller.Person is not { } person || caller.Kind is not (CallerKind.User or CallerKind.SubAccount)) return;
        var row = await context.Participants.FindAsync([person], cancellation);
        if (row is null)
        {
            context.Participants.Add(new Participant
            {
                Person = person,
                Account = caller.Account,
                Directory = caller.Directory,
                Side = SideOf(caller),
                UserName = caller.Name,
                UpdatedAt = time.GetUtcNow(),
            });
        }
        else if (row.UserName != caller.Name)
        {
            row.UserName = caller.Name;
            row.UpdatedAt = time.GetUtcNow();
        }
    }

    /// <summary>The same, by itself: members of staff become known, and so assignable, by opening the desk.</summary>
    public async Task MeetAsync(Caller caller, CancellationToken cancellation)
    {
        await EnsureAsync(caller, cancellation);
        if (context.ChangeTracker.HasChanges()) await context.SaveChangesAsync(cancellation);
    }

    public Task<bool> IsStaffAsync(long account, Guid person, CancellationToken cancellation) =>
        context.Participants.AnyAsync(p => p.Person == person && p.Account == account && p.Side == Side.Staff, cancellation);

    /// <summary>Members of staff who have used the desk, the latest first.</summary>
    public async Task<IReadOnlyList<Named>> StaffAsync(long account, CancellationToken cancellation) =>
        await context.Participants.AsNoTracking()
            .Where(p => p.Account == account && p.Side == Side.Staff)
            .OrderByDescending(p => p.UpdatedAt)
            .Take(200)
            .Select(p => new Named(p.Person, p.UserName ?? ""))
            .ToListAsync(cancellation);

    /// <summary>Names of some people; who is unknown or erased is not in it.</summary>
    public async Task<IReadOnlyDictionary<Guid, string>> NamesAsync(long account, IEnumerable<Guid?> people, CancellationToken cancellation)
    {
        var ids = people.OfType<Guid>().Distinct().ToArray();
        if (ids.Length == 0) return new Dictionary<Guid, string>();
        return await context.Participants.AsNoTracking()
            .Where(p => p.Account == account && ids.Contains(p.Person))
            .ToDictionaryAsync(p => p.Person, p => p.UserName ?? "", cancellation);
    }
}

internal sealed record Named(Guid Person, string Name);
