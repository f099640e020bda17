using Custodia.Identity.Users;
using Custodia.Kernel.Vault;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Identity.Sources;

/// <summary>Who is known to which source. A subject of a source belongs to one person at most: the unique index decides.</summary>
internal sealed class LinkedIdentities(IdentityContext database, DataVault vault, TimeProvider time)
{
    private const int MaxPerPerson = 50;

    /// <summary>Tracked by the context.</summary>
    public async Task<LinkedIdentity?> FindAsync(AuthenticationSource source, string subject, CancellationToken cancellation)
    {
        var index = await IndexAsync(source, subject, cancellation);
        return await database.LinkedIdentities.SingleOrDefaultAsync(i => i.SourceId == source.Id && i.SubjectIndex == index, cancellation);
    }

    /// <summary>Adds a link to the context; part of the caller's transaction.</summary>
    public async Task AddAsync(AuthenticationSource source, User user, string subject, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var identity = new LinkedIdentity
        {
            Id = Guid.CreateVersion7(now),
            Account = user.Account,
            UserId = user.Id,
            SourceId = source.Id,
            SubjectIndex = await IndexAsync(source, subject, cancellation),
            CreatedAt = now,
            LastUsedAt = now,
        };
        identity.Subject = await vault.SealAsync(identity.SubjectPlace, subject, cancellation);
        database.LinkedIdentities.Add(identity);
    }

    /// <summary>Connects a person with a source. False when the subject, or this person at this source, is connected already.</summary>
    public async Task<bool> TryConnectAsync(AuthenticationSource source, User user, string subject, CancellationToken cancellation)
    {
        try
        {
            return await database.InTransactionAsync(
                async token =>
                {
                    if (await database.LinkedIdentities.AnyAsync(i => i.UserId == user.Id && i.SourceId == source.Id, token)) return false;
                    await AddAsync(source, user, subject, token);
                    await database.SaveChangesAsync(token);
                    return true;
                },
                cancellation);
        }
        catch (DbUpdateException e) when (UniqueConflict.Caused(e))
        {
            database.ChangeTracker.Clear();
            return false;
        }
    }

    /// <summary>The person's connections, by source.</summary>
    public Task<List<LinkedIdentity>> OfAsync(Guid person, CancellationToken cancellation) =>
        database.LinkedIdentities.AsNoTracking().Where(i => i.UserId == person).OrderBy(i => i.SourceId).Take(MaxPerPerson).ToListAsync(cancellation);

    /// <summary>Ends a connection. False when the person has none with this source.</summary>
    public Task<bool> DisconnectAsync(Guid person, Guid source, CancellationToken cancellation) =>
        database.InTransactionAsync(
            async token => await database.LinkedIdentities.Where(i => i.UserId == person && i.SourceId == source).ExecuteDeleteAsync(token) > 0,
            cancellation);

    private ValueTask<byte[]> IndexAsync(AuthenticationSource source, string subject, CancellationToken cancellation) =>
        vault.IndexAsync(source.Account, LinkedIdentity.Category, "subject", $"{source.Id:N}/{subject}", cancellation);
}
