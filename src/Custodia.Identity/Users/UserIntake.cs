using Custodia.Identity.Directories;
using Custodia.Identity.Statistics;
using Custodia.Kernel.Messaging;

namespace Custodia.Identity.Users;

/// <summary>
/// Creates many users at once, by the rules of <see cref="UserRegistration"/>: sealed first and side by side, so that their keys are made
/// in a few commits; then stored with events and figures inside the caller's transaction.
/// </summary>
internal sealed class UserIntake(IdentityContext database, UserProfiles profiles, Increments increments, Outbox outbox, TimeProvider time)
{
    /// <summary>A row that is not stored yet, everything about the person sealed.</summary>
    public async Task<User> PrepareAsync(NewUser wanted, CancellationToken cancellation)
    {
        var user = UserRegistration.NewRow(wanted, time.GetUtcNow());
        await profiles.WriteAsync(user, wanted.Profile, cancellation);
        if (wanted.Credentials is { } credentials) await credentials(user, cancellation);
        return user;
    }

    /// <summary>Stores prepared users; call it inside a transaction. Whoever takes a name or address meanwhile makes it fail as a whole.</summary>
    public async Task AddAsync(Directory directory, IReadOnlyCollection<(User Row, NewUser Wanted)> users, CancellationToken cancellation)
    {
        if (users.Count == 0) return;
        foreach (var (row, wanted) in users)
        {
            database.Users.Add(row);
            await outbox.PublishAsync(database, row.Account, row.Id, UserRegistration.EventOf(row, wanted), cancellation);
        }

        await database.SaveChangesAsync(cancellation);
        await increments.JoinedAsync(directory, users.Count, cancellation);
    }
}
