using Custodia.Identity.Directories;
using Custodia.Identity.Logs;
using Custodia.Identity.Sessions;
using Custodia.Identity.Statistics;
using Custodia.Identity.Users;
using Microsoft.AspNetCore.Http;

namespace Custodia.Identity.SignIn;

/// <summary>The end of every way to sign in: session, figures, record, then the cookie.</summary>
internal sealed class SignInCompletion(IdentityContext database, BrowserSessions sessions, Increments increments, UserOperations operations, TimeProvider time)
{
    /// <summary>Signs a person in who has just proved who they are. Session and figures commit together; the record is on disk before the cookie is given out.</summary>
    /// <param name="user">Tracked by the context; further changes to it are saved too.</param>
    /// <param name="methods">How they proved it: names of <see cref="Authentication"/>.</param>
    public async Task CompleteAsync(HttpContext http, Directory directory, User user, IReadOnlyCollection<string> methods, CancellationToken cancellation)
    {
        var (session, secret) = await database.InTransactionAsync(token => StoreAsync(http, directory, user, methods, token), cancellation);
        await operations.RecordAsync(http, directory, user.Id, OperationResult.SignedIn, cancellation);
        SessionCookie.Write(http, directory.Name, secret, session.ExpiresAt);
    }

    /// <summary>For somebody who has just signed up: nothing but the one proof can be asked of them.</summary>
    public Task CompleteAsync(HttpContext http, Directory directory, User user, string method, CancellationToken cancellation) =>
        CompleteAsync(http, directory, user, [method], cancellation);

    private async Task<(Session Session, string Secret)> StoreAsync(HttpContext http, Directory directory, User user, IReadOnlyCollection<string> methods, CancellationToken cancellation)
    {
        user.LastSignInAt = time.GetUtcNow();
        var added = await sessions.AddAsync(http, directory, user, methods, cancellation);
        await database.SaveChangesAsync(cancellation);
        await increments.SignedInAsync(user, directory.UserLimit, cancellation);
        return added;
    }
}
