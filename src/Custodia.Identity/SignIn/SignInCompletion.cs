using Custodia.Identity.Browsers;
using Custodia.Identity.Directories;
using Custodia.Identity.Logs;
using Custodia.Identity.Sessions;
using Custodia.Identity.Statistics;
using Custodia.Identity.Users;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Identity.SignIn;

/// <summary>The end of every way to sign in: session, figures, the browser known, record, then the cookies.</summary>
internal sealed class SignInCompletion(IdentityContext database, BrowserSessions sessions, KnownDevices devices, Increments increments, UserOperations operations)
{
    /// <summary>
    /// Signs a person in who has proved who they are, or strengthens their session. Session, figures and the use of the proof commit
    /// together; the record is on disk before the cookie is given out.
    /// </summary>
    /// <param name="user">Tracked by the context; further changes to it are saved too.</param>
    /// <returns>False when the proof was refused as it was used up, or the person was locked or erased meanwhile.</returns>
    public async Task<bool> CompleteAsync(HttpContext http, Directory directory, User user, SignInProof proof, CancellationToken cancellation)
    {
        if (await TryStoreAsync(http, directory, user, proof, cancellation) is not { } done) return false;
        await operations.RecordAsync(http, directory, user.Id, proof.Session is null ? OperationResult.SignedIn : OperationResult.SteppedUp, cancellation);
        SessionCookie.Write(http, directory.Name, done.Secret, done.Session.ExpiresAt);
        DeviceCookie.Write(http, directory.Name, done.Device, done.Session.AuthTime);
        return true;
    }

    private async Task<Made?> TryStoreAsync(HttpContext http, Directory directory, User user, SignInProof proof, CancellationToken cancellation)
    {
        try
        {
            return await database.InTransactionAsync(token => StoreAsync(http, directory, user, proof, token), cancellation);
        }
        catch (DbUpdateConcurrencyException)
        {
            database.ChangeTracker.Clear();
            return null;
        }
    }

    private async Task<Made?> StoreAsync(HttpContext http, Directory directory, User user, SignInProof proof, CancellationToken cancellation)
    {
        if (!await sessions.HoldAsync(user, begins: proof.Session is null, cancellation)) return null;
        if (proof.Redeem is not null && !await proof.Redeem(cancellation)) return null;
        if (proof.Session is { } before)
        {
            if (await sessions.StrengthenAsync(user, before, proof.Methods, cancellation) is not { } stronger) return null;
            return new Made(stronger.Session, stronger.Secret, await devices.SeenAsync(http, directory, user, proof.Trust, cancellation));
        }

        var (session, secret) = await sessions.AddAsync(http, directory, user, proof.Methods, cancellation);
        await database.SaveChangesAsync(cancellation);
        await increments.SignedInAsync(user, directory.UserLimit, cancellation);
        return new Made(session, secret, await devices.SeenAsync(http, directory, user, proof.Trust, cancellation));
    }

    private sealed record Made(Session Session, string Secret, string Device);
}

/// <summary>How a person proved who they are.</summary>
/// <param name="Methods">Names of <see cref="Authentication"/>.</param>
internal sealed record SignInProof(IReadOnlyCollection<string> Methods)
{
    /// <summary>The session that becomes stronger; null makes a new one.</summary>
    public Guid? Session { get; init; }

    /// <summary>The person asked to be spared the second factor in this browser.</summary>
    public bool Trust { get; init; }

    /// <summary>Uses the proof up, inside the transaction; false refuses.</summary>
    public Func<CancellationToken, Task<bool>>? Redeem { get; init; }
}
