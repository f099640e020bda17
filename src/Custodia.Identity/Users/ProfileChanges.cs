using Custodia.Identity.Contracts;
using Custodia.Identity.Directories;
using Custodia.Kernel.Messaging;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Identity.Users;

/// <summary>Changes profiles, by whoever: the new values, their indexes and the event are stored together.</summary>
internal sealed class ProfileChanges(IdentityContext database, UserProfiles profiles, Outbox outbox, TimeProvider time)
{
    /// <param name="changes">New values by field; null clears.</param>
    /// <param name="emailVerified">Null leaves it, unless the address changes: a new one is unverified until shown otherwise.</param>
    public async Task<ProfileChangeOutcome> ApplyAsync(
        Directory directory, Guid person, IReadOnlyDictionary<UserField, string?> changes, bool? emailVerified, CancellationToken cancellation)
    {
        try
        {
            return await database.InTransactionAsync<ProfileChangeOutcome>(
                async token =>
                {
                    var user = await database.Users.SingleOrDefaultAsync(u => u.Id == person && u.DirectoryId == directory.Id, token);
                    if (user is null) return new ProfileChangeOutcome.Gone();
                    foreach (var (field, value) in changes) await profiles.WriteAsync(user, field, value, token);
                    user.EmailVerified = emailVerified ?? (user.EmailVerified && !changes.ContainsKey(UserField.Email));
                    await PublishAsync(directory, user, token);
                    await database.SaveChangesAsync(token);
                    return new ProfileChangeOutcome.Changed();
                },
                cancellation);
        }
        catch (DbUpdateException e) when (UniqueConflict.Caused(e))
        {
            database.ChangeTracker.Clear();
            return new ProfileChangeOutcome.Taken(changes.ContainsKey(UserField.UserName) && !changes.ContainsKey(UserField.Email) ? UserField.UserName : UserField.Email);
        }
    }

    /// <summary>Notes the time of a change and publishes how the profile is now; call it inside the transaction of the change.</summary>
    public async Task PublishAsync(Directory directory, User user, CancellationToken cancellation)
    {
        user.UpdatedAt = time.GetUtcNow();
        await outbox.PublishAsync(database, user.Account, user.Id, await EventAsync(directory, user, cancellation), cancellation);
    }

    private async Task<UserProfileChanged> EventAsync(Directory directory, User user, CancellationToken cancellation)
    {
        var profile = await profiles.OpenAsync(user, ProfileUse.UserAdministration, cancellation);
        return new UserProfileChanged(
            user.Id, directory.Name, profile.UserName, profile.DisplayName, profile.Email, user.EmailVerified, profile.Mobile, profile.Locale);
    }
}

internal abstract record ProfileChangeOutcome
{
    public sealed record Changed : ProfileChangeOutcome;

    /// <param name="Field">Somebody of the directory has this value already.</param>
    public sealed record Taken(UserField Field) : ProfileChangeOutcome;

    /// <summary>The user does not exist any more.</summary>
    public sealed record Gone : ProfileChangeOutcome;
}
