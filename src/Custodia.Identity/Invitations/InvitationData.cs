using System.Globalization;
using System.Runtime.CompilerServices;
using Custodia.Identity.PersonData;
using Custodia.Identity.Users;
using Custodia.Kernel.Deletion;
using Custodia.Kernel.Retention;
using Custodia.Kernel.Vault;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Identity.Invitations;

/// <summary>Invitations of a person: the one they came by, and others to their address.</summary>
internal sealed class InvitationData(IdentityContext database, DataVault vault, UserProfiles profiles) : IPersonData
{
    public async IAsyncEnumerable<ExportedItem> ExportAsync(Subject subject, [EnumeratorCancellation] CancellationToken cancellation)
    {
        foreach (var invitation in await OfAsync(subject, cancellation))
        {
            yield return new ExportedItem(
                Invitation.Category,
                invitation.OwnedRow,
                [
                    new("email", await vault.OpenAsync(invitation.EmailPlace, invitation.Email, "subject-rights", cancellation)),
                    new("created-at", Iso(invitation.CreatedAt)),
                    new("expires-at", Iso(invitation.ExpiresAt)),
                    new("used-at", invitation.UsedAt is { } used ? Iso(used) : null),
                    new("revoked-at", invitation.RevokedAt is { } revoked ? Iso(revoked) : null),
                ]);
        }
    }

    public async Task<IReadOnlyList<ErasedCategory>> EraseAsync(Subject subject, CancellationToken cancellation)
    {
        var invitations = await OfAsync(subject, cancellation);
        foreach (var invitation in invitations)
        {
            // The person's own key is the erasure's business, and comes last.
            if (invitation.Id != subject.Person) await vault.DestroyAsync(invitation.OwnerKey, "erasure of the person who was invited", cancellation);
            await database.Invitations.Where(i => i.Id == invitation.Id).ExecuteDeleteAsync(cancellation);
        }

        return [new ErasedCategory(Invitation.Category, invitations.Count, invitations.Count, 0, null)];
    }

    private async Task<List<Invitation>> OfAsync(Subject subject, CancellationToken cancellation)
    {
        var user = await database.Users.AsNoTracking().SingleOrDefaultAsync(u => u.Id == subject.Person && u.Account == subject.Account, cancellation);
        var (directory, index) = (user?.DirectoryId, user is null ? null : await profiles.EmailIndexAsync(user, cancellation));
        return await database.Invitations.AsNoTracking()
            .Where(i => i.Account == subject.Account && (i.Id == subject.Person || (index != null && i.DirectoryId == directory && i.EmailIndex == index)))
            .ToListAsync(cancellation);
    }

    private static string Iso(DateTimeOffset moment) => moment.ToString("O", CultureInfo.InvariantCulture);
}

/// <summary>Invitations go when they have expired, with the key under which the address lies unless it has become a person's.</summary>
internal sealed class ExpiredInvitations(IdentityContext database, DataVault vault) : IRetentionRule
{
    private const int Batch = 100;

    public string Category => Invitation.Category;

    public string Trigger => "expired";

    public async Task<RetentionPreview> PreviewAsync(RetentionMoment moment, CancellationToken cancellation) => new(
        await database.Invitations.LongCountAsync(i => i.ExpiresAt <= moment.Now, cancellation),
        await database.Invitations.MinAsync(i => (DateTimeOffset?)i.CreatedAt, cancellation));

    public async Task<int> EnforceAsync(RetentionMoment moment, CancellationToken cancellation)
    {
        var all = 0;
        while (true)
        {
            var due = await database.Invitations.AsNoTracking().Where(i => i.ExpiresAt <= moment.Now).OrderBy(i => i.ExpiresAt).Take(Batch).ToListAsync(cancellation);
            if (due.Count == 0) return all;
            foreach (var invitation in due)
            {
                // The key first: if this stops in between, the row is still there and the next run finds it.
                if (!await database.Users.AnyAsync(u => u.Id == invitation.Id, cancellation))
                    await vault.DestroyAsync(invitation.OwnerKey, "invitation expired", cancellation);
            }

            var ids = due.ConvertAll(i => i.Id);
            all += await database.InTransactionAsync(token => database.Invitations.Where(i => ids.Contains(i.Id)).ExecuteDeleteAsync(token), cancellation);
        }
    }
}
