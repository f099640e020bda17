using Custodia.Identity.Contracts;
using Custodia.Identity.Directories;
using Custodia.Identity.Statistics;
using Custodia.Kernel.Messaging;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Identity.Users;

/// <summary>Creates users, however they come: sign-up, administration, first start.</summary>
internal sealed class UserRegistration(IdentityContext database, UserProfiles profiles, Increments increments, Outbox outbox, TimeProvider time)
{
    private const string BeforeUser = "before_user";

    /// <summary>
    /// Stores a user with figures and event, all or nothing. <paramref name="also"/> runs in the same transaction, after the user.
    /// A name or address that is taken is decided by the unique index, so parallel registrations of one address make one user.
    /// </summary>
    public async Task<RegistrationOutcome> CreateAsync(NewUser wanted, Func<User, CancellationToken, Task>? also, CancellationToken cancellation)
    {
        var user = NewRow(wanted, time.GetUtcNow());
        await profiles.WriteAsync(user, wanted.Profile, cancellation);
        if (wanted.Credentials is { } credentials) await credentials(user, cancellation);
        // A caller's transaction goes on after a lost race: it must hold neither the user nor anything that was stored beside them.
        var outer = database.Database.CurrentTransaction;
        if (outer is not null) await outer.CreateSavepointAsync(BeforeUser, cancellation);
        try
        {
            await database.InTransactionAsync(
                async token =>
                {
                    database.Users.Add(user);
                    await outbox.PublishAsync(database, user.Account, user.Id, EventOf(user, wanted), token);
                    await database.SaveChangesAsync(token);
                    await increments.RegisteredAsync(user, wanted.ByThemselves, token);
                    if (also is not null) await also(user, token);
                    await database.SaveChangesAsync(token);
                },
                cancellation);
            return new RegistrationOutcome.Created(user);
        }
        catch (DbUpdateException e) when (UniqueConflict.Caused(e))
        {
            database.ChangeTracker.Clear();
            if (outer is not null) await outer.RollbackToSavepointAsync(BeforeUser, cancellation);
            return new RegistrationOutcome.Taken(await TakenFieldAsync(user, cancellation));
        }
    }

    /// <summary>The row of a new user, nothing personal in it yet.</summary>
    internal static User NewRow(NewUser wanted, DateTimeOffset now) =>
        new()
        {
            Id = wanted.Id ?? Guid.CreateVersion7(now),
            Account = wanted.Directory.Account,
            DirectoryId = wanted.Directory.Id,
            EmailVerified = wanted.EmailVerified,
            SecurityStamp = SecurityStamp.New(),
            Country = wanted.Country,
            CreatedAt = now,
            UpdatedAt = now,
        };

    internal static UserRegistered EventOf(User user, NewUser wanted) => new(
        user.Id,
        wanted.Directory.Name,
        wanted.Profile.UserName,
        wanted.Profile.DisplayName,
        wanted.Profile.Email,
        wanted.EmailVerified,
        wanted.Profile.Mobile,
        wanted.Profile.Locale);

    private async Task<UserField> TakenFieldAsync(User user, CancellationToken cancellation)
    {
        var nameTaken = user.UserNameIndex is { } index
            && await database.Users.AnyAsync(u => u.DirectoryId == user.DirectoryId && u.UserNameIndex == index, cancellation);
        return nameTaken ? UserField.UserName : UserField.Email;
    }
}

/// <summary>A user to be created.</summary>
/// <param name="ByThemselves">Counts as a registration; users that staff create do not.</param>
internal sealed record NewUser(Directory Directory, Profile Profile, bool EmailVerified, bool ByThemselves)
{
    /// <summary>The person id where it was given before (a pending sign-up); else a new one is made.</summary>
    public Guid? Id { get; init; }

    /// <summary>ISO 3166-1 code of where they registered from; null when unknown.</summary>
    public string? Country { get; init; }

    /// <summary>Sets the password; null for people who sign in by mailed codes.</summary>
    public Func<User, CancellationToken, Task>? Credentials { get; init; }
}

internal abstract record RegistrationOutcome
{
    public sealed record Created(User User) : RegistrationOutcome;

    /// <param name="Field">Somebody of the directory has this value already.</param>
    public sealed record Taken(UserField Field) : RegistrationOutcome;
}
