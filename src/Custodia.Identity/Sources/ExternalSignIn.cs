using Custodia.Identity.Logs;
using Custodia.Identity.Sessions;
using Custodia.Identity.SignIn;
using Custodia.Identity.Sources.Providers;
using Custodia.Identity.Users;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Directory = Custodia.Identity.Directories.Directory;

namespace Custodia.Identity.Sources;

/// <summary>What becomes of somebody whom a source has signed in.</summary>
internal sealed class ExternalSignIn(
    IdentityContext database, LinkedIdentities identities, SignInProgress progress, UserOperations operations, TimeProvider time)
{
    /// <summary>
    /// Signs in whom the subject belongs to. An address alone never finds an account, verified or not: whoever holds an address at
    /// a provider has not shown that the account here is theirs.
    /// </summary>
    public async Task<ExternalOutcome> SignInAsync(HttpContext http, Directory directory, AuthenticationSource source, ExternalPerson person, string? back, CancellationToken cancellation)
    {
        if (await identities.FindAsync(source, person.Subject, cancellation) is not { } identity) return Unknown(directory, source, person);
        var user = await database.Users.SingleOrDefaultAsync(u => u.Id == identity.UserId && u.DirectoryId == directory.Id, cancellation);
        if (user is null) return new ExternalOutcome.Refused();
        if (user.Status != UserStatus.Normal)
        {
            await operations.RecordAsync(http, directory, user.Id, OperationResult.SignInRefused, cancellation);
            return new ExternalOutcome.Locked();
        }

        identity.LastUsedAt = time.GetUtcNow();
        return new ExternalOutcome.Proved((await progress.ProvedAsync(http, directory, user, Authentication.External, back, cancellation)).Path);
    }

    /// <summary>Connects the source with the person who is signed in.</summary>
    public async Task<ExternalOutcome> ConnectAsync(HttpContext http, LiveSession live, AuthenticationSource source, ExternalPerson person, CancellationToken cancellation)
    {
        if (await identities.FindAsync(source, person.Subject, cancellation) is { } known)
            return known.UserId == live.User.Id ? new ExternalOutcome.Connected() : new ExternalOutcome.Taken();
        if (!await identities.TryConnectAsync(source, live.User, person.Subject, cancellation)) return new ExternalOutcome.Taken();
        await operations.RecordAsync(http, live.Directory, live.User.Id, OperationResult.IdentityConnected, cancellation);
        return new ExternalOutcome.Connected();
    }

    private ExternalOutcome Unknown(Directory directory, AuthenticationSource source, ExternalPerson person) =>
        source.SignUp && !directory.IsStaff && directory.SignUp == Directories.SignUpMode.Open
            ? new ExternalOutcome.New(new Arrival(
                directory.Id, source.Id, source.Title, person.Subject, person.Email, source.TrustsEmail && person.EmailVerified, person.Name, time.GetUtcNow()))
            : new ExternalOutcome.Unknown();
}

internal abstract record ExternalOutcome
{
    /// <param name="Path">Where the sign-in goes on: to where the person wanted, or to what else is asked for.</param>
    public sealed record Proved(string Path) : ExternalOutcome;

    public sealed record Connected : ExternalOutcome;

    /// <summary>Nobody's yet; the directory lets people join.</summary>
    public sealed record New(Arrival Arrival) : ExternalOutcome;

    /// <summary>Nobody's, and nobody joins by themselves.</summary>
    public sealed record Unknown : ExternalOutcome;

    /// <summary>Connected with another account, or this account with another person at the source.</summary>
    public sealed record Taken : ExternalOutcome;

    /// <summary>Staff have locked the user.</summary>
    public sealed record Locked : ExternalOutcome;

    /// <summary>The provider refused, or what it said is not as it must be.</summary>
    public sealed record Refused : ExternalOutcome;
}
