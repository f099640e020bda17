using Custodia.Identity.Contracts;
using Custodia.Kernel.Messaging;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Identity.Sessions;

/// <summary>The end of sessions, and in the same transaction one event for each application that is to hear of it.</summary>
internal sealed class SessionEnds(IdentityContext database, SessionEvents events, Outbox outbox, TimeProvider time)
{
    /// <summary>Ends those of the sessions that are open. Part of the caller's transaction.</summary>
    /// <returns>Whether there was one.</returns>
    public async Task<bool> EndAsync(IQueryable<Session> sessions, CancellationToken cancellation)
    {
        var open = sessions.Where(s => s.EndedAt == null);
        var uses = await open.Join(database.SessionApplications, s => s.Id, a => a.SessionId, (_, a) => a).AsNoTracking().ToListAsync(cancellation);
        var ending = await events.EndingAsync(open, cancellation);
        var now = time.GetUtcNow();
        if (await open.ExecuteUpdateAsync(s => s.SetProperty(x => x.EndedAt, now), cancellation) == 0) return false;
        await events.EndedAsync(ending, cancellation);
        if (uses.Count > 0) await AnnounceAsync(uses, cancellation);
        return true;
    }

    /// <summary>Sends one event for each of these and forgets them. Part of the caller's transaction.</summary>
    public async Task AnnounceAsync(List<SessionApplication> uses, CancellationToken cancellation)
    {
        foreach (var use in uses)
        {
            // Under the key of the day and not of the person: who deletes their account is signed out of the applications, too.
            await outbox.PublishAsync(database, use.Account, person: null, new SessionEnded(use.SessionId, use.ApplicationId, use.UserId), cancellation);
        }

        await database.SaveChangesAsync(cancellation);
        var ended = uses.ConvertAll(u => u.SessionId);
        await database.SessionApplications.Where(a => ended.Contains(a.SessionId)).ExecuteDeleteAsync(cancellation);
    }
}
