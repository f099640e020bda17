using Custodia.Identity.Directories;
using Custodia.Identity.Users;
using Custodia.Kernel.Http;
using Custodia.Kernel.Vault;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Identity.Sessions;

/// <summary>Sessions of people in browsers. They live in the database alone: what is ended there is over with the next request.</summary>
internal sealed class BrowserSessions(IdentityContext database, SessionEnds ends, SessionEvents events, DataVault vault, TimeProvider time)
{
    /// <summary>
    /// Holds the row of a person who has proved who they are, and notes the time of a sign-in. Erasing holds this row first, too: it waits
    /// until the transaction of the caller is over and takes along what that has stored, or was faster, and then nothing is stored for
    /// somebody of whom nothing may be left.
    /// </summary>
    /// <param name="begins">Whether a session begins, rather than becoming stronger.</param>
    /// <returns>False for somebody who was locked or erased meanwhile, or whose credentials have changed.</returns>
    public async Task<bool> HoldAsync(User user, bool begins, CancellationToken cancellation)
    {
        var (id, stamp) = (user.Id, database.Entry(user).Property(u => u.SecurityStamp).OriginalValue);
        var at = begins ? time.GetUtcNow() : user.LastSignInAt;
        return await database.Users.Where(u => u.Id == id && u.SecurityStamp == stamp && u.Status == UserStatus.Normal)
            .ExecuteUpdateAsync(u => u.SetProperty(x => x.LastSignInAt, at), cancellation) == 1;
    }

    /// <summary>
    /// Adds a session of a person who has just proved who they are; the one that the request carries ends, so the identifier changes
    /// at sign-in. Part of the caller's transaction; the cookie is for <see cref="SessionCookie.Write"/> once that has committed.
    /// </summary>
    /// <param name="methods">How they proved it: names of <see cref="Authentication"/>.</param>
    /// <returns>The session and the cookie's secret.</returns>
    public async Task<(Session Session, string Secret)> AddAsync(HttpContext http, Directory directory, User user, IReadOnlyCollection<string> methods, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        if (SessionCookie.HashFor(http, directory.Name) is { } before)
            await ends.EndAsync(database.Sessions.Where(s => s.SecretHash == before), cancellation);
        var secret = SessionCookie.NewSecret(out var hash);
        var session = new Session
        {
            Id = Guid.CreateVersion7(now),
            Account = user.Account,
            DirectoryId = directory.Id,
            UserId = user.Id,
            SecretHash = hash,
            SecurityStamp = user.SecurityStamp,
            CreatedAt = now,
            LastSeenAt = now,
            AuthTime = now,
            Amr = Authentication.Amr(methods),
            Acr = Authentication.ContextClass(methods),
            ExpiresAt = now + SessionLifetime.Absolute(directory.Kind),
        };
        session.Device = await vault.SealAsync(session.At("device"), DeviceLabel.Of(http.Request.Headers.UserAgent), cancellation);
        session.ClientIp = await vault.SealAsync(session.At("client-ip"), http.Facts().ClientIp.ToString(), cancellation);
        database.Sessions.Add(session);
        await events.BeganAsync(directory, session, cancellation);
        return (session, secret);
    }

    /// <summary>
    /// Makes a session stronger after its person has proved more: same session, new secret (the old cookie is worth nothing). Part of
    /// the caller's transaction.
    /// </summary>
    /// <returns>The session and the cookie's new secret; null when it has ended meanwhile.</returns>
    public async Task<(Session Session, string Secret)?> StrengthenAsync(User user, Guid session, IReadOnlyCollection<string> methods, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var secret = SessionCookie.NewSecret(out var hash);
        var (amr, acr) = (Authentication.Amr(methods), Authentication.ContextClass(methods));
        var changed = await database.Sessions
            .Where(s => s.Id == session && s.UserId == user.Id && s.EndedAt == null && s.ExpiresAt > now && s.SecurityStamp == user.SecurityStamp)
            .ExecuteUpdateAsync(
                set => set.SetProperty(s => s.SecretHash, hash).SetProperty(s => s.Amr, amr).SetProperty(s => s.Acr, acr)
                    .SetProperty(s => s.AuthTime, now).SetProperty(s => s.LastSeenAt, now),
                cancellation);
        return changed == 0 ? null : (await database.Sessions.AsNoTracking().SingleAsync(s => s.Id == session, cancellation), secret);
    }

    /// <summary>Ends one session of a person. False when there is no such open session.</summary>
    public Task<bool> EndAsync(Guid user, Guid session, CancellationToken cancellation) =>
        EndWhereAsync(database.Sessions.Where(s => s.Id == session && s.UserId == user), cancellation);

    /// <summary>Ends all sessions of a person, or all but one. Part of the caller's transaction where there is one.</summary>
    public Task<bool> EndAllAsync(Guid user, Guid? except, CancellationToken cancellation) =>
        EndWhereAsync(database.Sessions.Where(s => s.UserId == user && s.Id != except), cancellation);

    /// <summary>Open sessions of a person, newest first.</summary>
    public Task<List<Session>> OpenOfAsync(Guid user, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        return database.Sessions.AsNoTracking()
            .Where(s => s.UserId == user && s.EndedAt == null && s.ExpiresAt > now)
            .OrderByDescending(s => s.Id).Take(100).ToListAsync(cancellation);
    }

    private Task<bool> EndWhereAsync(IQueryable<Session> sessions, CancellationToken cancellation) =>
        database.InTransactionAsync(token => ends.EndAsync(sessions, token), cancellation);
}
