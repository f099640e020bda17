using Custodia.Identity.Browsers;
using Custodia.Identity.Codes;
using Custodia.Identity.Directories;
using Custodia.Identity.Factors;
using Custodia.Identity.Logs;
using Custodia.Identity.Passwords;
using Custodia.Identity.Sessions;
using Custodia.Identity.Users;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Identity.Recovery;

/// <summary>Mails a code to somebody who has forgotten their password. The answer and its time are the same for an address that is nobody's.</summary>
internal sealed class RecoveryStart(IdentityContext database, UserLookup users, OneTimeCodes codes, IdentityMails mails, UserOperations operations)
{
    /// <returns>The id under which the digits are redeemed; for an unknown address one that no digits were sent for.</returns>
    public async Task<Guid> SendAsync(HttpContext http, Directory directory, string email, CancellationToken cancellation)
    {
        var user = await users.FindAsync(directory, UserField.Email, email, cancellation);
        var known = user is { Status: UserStatus.Normal };
        var id = await database.InTransactionAsync(
            async token =>
            {
                var (code, digits) = await codes.AddAsync(directory, CodePurpose.Recovery, known ? user!.Id : Guid.Empty, null, token);
                if (known) await mails.RecoveryCodeAsync(directory, user!, email, digits, token);
                await database.SaveChangesAsync(token);
                return code.Id;
            },
            cancellation);
        await operations.RecordAsync(http, directory, user?.Id, OperationResult.RecoveryStarted, cancellation);
        return id;
    }
}

/// <summary>Sets a new password with the digits of a mailed code. It signs nobody in: a second factor is asked for as ever.</summary>
internal sealed class PasswordRecovery(IdentityContext database, OneTimeCodes codes, PasswordHashes hashes, PasswordReset reset)
{
    public async Task<RecoveryOutcome> SetAsync(Directory directory, Guid id, string digits, PlainPassword password, CancellationToken cancellation)
    {
        // Hashed before the transaction: it takes long, and nobody else could write meanwhile.
        var hash = await hashes.HashAsync(password, cancellation);
        return await database.InTransactionAsync<RecoveryOutcome>(
            async token =>
            {
                var code = await codes.RedeemAsync(directory, CodePurpose.Recovery, id, digits, token);
                var user = code is null ? null : await database.Users.SingleOrDefaultAsync(u => u.Id == code.UserId && u.DirectoryId == directory.Id, token);
                if (user is not { Status: UserStatus.Normal }) return new RecoveryOutcome.Refused();
                if (await reset.BrokenRulesAsync(user, password, token) is { Count: > 0 } broken)
                {
                    // Only somebody who reads the mail learns that the password holds a name, and may choose another with the same code.
                    await codes.ReopenAsync(code!, token);
                    return new RecoveryOutcome.Weak(broken);
                }

                await reset.ApplyAsync(directory, user, hash, token);
                await database.SaveChangesAsync(token);
                return new RecoveryOutcome.Done(user);
            },
            cancellation);
    }
}

/// <summary>Replaces a password that was lost: everything signed in before is over, and the person is told.</summary>
internal sealed class PasswordReset(UserPasswords passwords, UserProfiles profiles, BrowserSessions sessions, KnownDevices devices, CredentialNotices notices)
{
    public async Task<IReadOnlyList<string>> BrokenRulesAsync(User user, PlainPassword password, CancellationToken cancellation)
    {
        var profile = await profiles.OpenAsync(user, ProfileUse.SignIn, cancellation);
        return [.. PasswordPolicy.Check(password, profile.UserName, profile.Email, profile.DisplayName)];
    }

    /// <summary>Part of the caller's transaction.</summary>
    /// <param name="user">Tracked by the context.</param>
    public async Task ApplyAsync(Directory directory, User user, string hash, CancellationToken cancellation)
    {
        await passwords.SetHashAsync(user, hash, cancellation);
        // Whoever reads the mail has the address.
        user.EmailVerified = true;
        await sessions.EndAllAsync(user.Id, except: null, cancellation);
        await devices.DistrustAsync(user.Id, cancellation);
        await notices.SendAsync(directory, user, "PasswordRecovered", cancellation);
    }
}

internal abstract record RecoveryOutcome
{
    public sealed record Done(User User) : RecoveryOutcome;

    /// <summary>Wrong, used or expired digits, or nobody's: the same answer.</summary>
    public sealed record Refused : RecoveryOutcome;

    /// <param name="Rules">The rules that the password breaks; the code still works.</param>
    public sealed record Weak(IReadOnlyList<string> Rules) : RecoveryOutcome;
}
