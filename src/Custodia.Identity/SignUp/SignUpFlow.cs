using Custodia.Identity.Agreements;
using Custodia.Identity.Codes;
using Custodia.Identity.Directories;
using Custodia.Identity.Passwords;
using Custodia.Identity.Sources;
using Custodia.Identity.Users;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Identity.SignUp;

/// <summary>The first step of signing up: a code goes to the address.</summary>
internal sealed class SignUpStart(IdentityContext database, UserLookup users, PendingSignUps pendings, OneTimeCodes codes, IdentityMails mails)
{
    /// <summary>
    /// Stores what was entered and mails a code. Where the address is somebody's already, the same is stored and answered, but the
    /// mail tells its owner instead and no digits leave the server.
    /// </summary>
    /// <returns>The id under which the digits are redeemed.</returns>
    public async Task<Guid> SendAsync(Directory directory, SignUpData data, CancellationToken cancellation)
    {
        var email = data.Profile.Email!;
        var owner = await users.FindAsync(directory, UserField.Email, email, cancellation);
        return await database.InTransactionAsync(
            async token =>
            {
                var pending = await pendings.AddAsync(directory, data, token);
                var (code, digits) = await codes.AddAsync(directory, CodePurpose.SignUp, pending, null, token);
                if (owner is null) await mails.SignUpCodeAsync(directory, pending, email, digits, token);
                else await mails.AlreadyRegisteredAsync(directory, owner.Id, email, token);
                await database.SaveChangesAsync(token);
                return code.Id;
            },
            cancellation);
    }
}

/// <summary>The second step: the code comes back and the user is made.</summary>
internal sealed class SignUpFinish(IdentityContext database, PendingSignUps pendings, OneTimeCodes codes, NewPeople people)
{
    /// <summary>Redeems the code and creates the user in one transaction.</summary>
    /// <param name="otherUserName">Another user name than the one first wanted, when that was taken.</param>
    public Task<SignUpOutcome> RedeemAsync(Directory directory, Guid id, string digits, string? otherUserName, CancellationToken cancellation) =>
        database.InTransactionAsync(
            async token =>
            {
                var code = await codes.RedeemAsync(directory, CodePurpose.SignUp, id, digits, token);
                var data = code is null ? null : await pendings.FindAsync(directory, code.UserId, token);
                if (code is null || data is null) return new SignUpOutcome.Refused();
                if (!string.IsNullOrEmpty(otherUserName)) data = data with { Profile = data.Profile with { UserName = otherUserName } };
                var outcome = await CreateAsync(directory, data, code.UserId, token);
                // Only somebody with a verified address learns that a user name is taken, and may choose another with the same code.
                if (outcome is SignUpOutcome.UserNameTaken) await codes.ReopenAsync(code, token);
                return outcome;
            },
            cancellation);

    /// <summary>Creates a user without an address: there is nothing to verify.</summary>
    public Task<SignUpOutcome> WithoutAddressAsync(Directory directory, SignUpData data, CancellationToken cancellation) =>
        CreateAsync(directory, data, null, cancellation);

    private Task<SignUpOutcome> CreateAsync(Directory directory, SignUpData data, Guid? pending, CancellationToken cancellation) =>
        people.CreateAsync(
            directory, data, pending, (_, token) => pending is { } id ? pendings.RemoveAsync(id, token) : Task.CompletedTask, cancellation);
}

/// <summary>Makes a user of what somebody entered themselves, with what they agreed to, all or nothing.</summary>
internal sealed class NewPeople(
    IdentityContext database, UserRegistration registration, UserPasswords passwords, AgreementStore agreements, LinkedIdentities identities)
{
    /// <param name="person">The id that was given before the address was verified; null for people without an address.</param>
    /// <param name="also">Runs in the same transaction, after the user.</param>
    public async Task<SignUpOutcome> CreateAsync(
        Directory directory, SignUpData data, Guid? person, Func<User, CancellationToken, Task> also, CancellationToken cancellation)
    {
        var source = data.External is { } external
            ? await database.AuthenticationSources.AsNoTracking().SingleOrDefaultAsync(s => s.Id == external.Source && s.DirectoryId == directory.Id && s.Enabled, cancellation)
            : null;
        if (data.External is not null && source is null) return new SignUpOutcome.Refused();
        var wanted = new NewUser(directory, data.Profile, EmailVerified: person is not null, ByThemselves: true)
        {
            Id = person,
            Country = data.Country,
            Credentials = data.PasswordHash is { } hash ? (user, token) => passwords.SetHashAsync(user, hash, token) : null,
        };
        var outcome = await registration.CreateAsync(
            wanted,
            async (user, token) =>
            {
                await also(user, token);
                if (source is not null) await identities.AddAsync(source, user, data.External!.Subject, token);
                await AcceptAsync(user, data.Agreements ?? [], token);
            },
            cancellation);
        return outcome switch
        {
            RegistrationOutcome.Created created => new SignUpOutcome.Done(created.User),
            RegistrationOutcome.Taken { Field: var field } when field == UserField.UserName => new SignUpOutcome.UserNameTaken(),
            _ => new SignUpOutcome.Refused(),
        };
    }

    private async Task AcceptAsync(User user, IReadOnlyList<Guid> accepted, CancellationToken cancellation)
    {
        if (accepted.Count == 0) return;
        var versions = await database.Agreements.AsNoTracking().Where(a => a.DirectoryId == user.DirectoryId && accepted.Contains(a.Id)).ToListAsync(cancellation);
        await agreements.AcceptAsync(user.Account, user.Id, versions, cancellation);
    }
}

internal abstract record SignUpOutcome
{
    /// <param name="User">Tracked by the context.</param>
    public sealed record Done(User User) : SignUpOutcome;

    public sealed record UserNameTaken : SignUpOutcome;

    /// <summary>Wrong, used or expired code, or an address that is somebody's already: the same answer.</summary>
    public sealed record Refused : SignUpOutcome;
}
