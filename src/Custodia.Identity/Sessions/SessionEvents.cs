using Custodia.Identity.Contracts;
using Custodia.Identity.Directories;
using Custodia.Identity.Webhooks;
using Custodia.Kernel.Messaging;
using Custodia.Kernel.Vault;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Identity.Sessions;

/// <summary>Publishes that people sign in and out, inside the transaction in which they do, and only where a webhook waits for it.</summary>
internal sealed class SessionEvents(IdentityContext database, WebhookAudience audience, Outbox outbox)
{
    public async Task BeganAsync(Directory directory, Session session, CancellationToken cancellation)
    {
        if (!await audience.WantsAsync(database, directory.Id, WebhookEvents.SignedIn, cancellation)) return;
        var message = new UserSignedIn(session.UserId, directory.Name, session.Id, session.Amr);
        await outbox.PublishAsync(database, session.Account, session.UserId, message, cancellation);
    }

    /// <summary>Those of the sessions whose end somebody waits for; call it before they end.</summary>
    public async Task<IReadOnlyList<EndingSession>> EndingAsync(IQueryable<Session> open, CancellationToken cancellation)
    {
        if (!await audience.AnyWantsAsync(database, WebhookEvents.SignedOut, cancellation)) return [];
        var ending = await open.Join(database.Directories, s => s.DirectoryId, d => d.Id, (s, d) => new EndingSession(s.Id, s.Account, s.UserId, d.Id, d.Name))
            .AsNoTracking().ToListAsync(cancellation);
        List<EndingSession> wanted = [];
        foreach (var session in ending)
        {
            if (await audience.WantsAsync(database, session.DirectoryId, WebhookEvents.SignedOut, cancellation)) wanted.Add(session);
        }

        return wanted;
    }

    public async Task EndedAsync(IReadOnlyList<EndingSession> ended, CancellationToken cancellation)
    {
        if (ended.Count == 0) return;
        try
        {
            foreach (var session in ended)
                await outbox.PublishAsync(database, session.Account, session.UserId, new UserSignedOut(session.UserId, session.Directory, session.Id), cancellation);
        }
        catch (KeyDestroyedException)
        {
            // Erased meanwhile: that is what is told, and no more about the person.
            return;
        }

        await database.SaveChangesAsync(cancellation);
    }
}

internal sealed record EndingSession(Guid Id, long Account, Guid UserId, Guid DirectoryId, string Directory);
