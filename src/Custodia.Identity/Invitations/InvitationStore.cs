using Custodia.Identity.Directories;
using Custodia.Identity.Protocol;
using Custodia.Identity.Templates;
using Custodia.Identity.Users;
using Custodia.Kernel.Hosting;
using Custodia.Kernel.Vault;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Custodia.Identity.Invitations;

/// <summary>Makes, mails, finds and revokes invitations.</summary>
internal sealed class InvitationStore(IdentityContext database, DataVault vault, UserProfiles profiles, InvitationMail mail, TimeProvider time)
{
    /// <summary>
    /// Stores an invitation and mails its link. Earlier open ones of the address are revoked, so that one link works. Null when somebody
    /// of the directory has the address.
    /// </summary>
    public async Task<Invitation?> InviteAsync(Directory directory, string email, int days, long invitedBy, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var index = await profiles.IndexAsync(directory.Account, UserField.Email, email, cancellation);
        if (await database.Users.AnyAsync(u => u.DirectoryId == directory.Id && u.EmailIndex == index, cancellation)) return null;
        var (secret, hash) = OpaqueToken.Create();
        var invitation = new Invitation
        {
            Id = Guid.CreateVersion7(now),
            Account = directory.Account,
            DirectoryId = directory.Id,
            EmailIndex = index,
            TokenHash = hash,
            InvitedBy = invitedBy,
            CreatedAt = now,
            ExpiresAt = now.AddDays(days),
        };
        invitation.Email = await vault.SealAsync(invitation.EmailPlace, email, cancellation);
        await database.AloneAsync(
            $"invitations/{directory.Id:N}/{Convert.ToHexString(index)}",
            async token =>
            {
                await database.Invitations.Where(i => i.DirectoryId == directory.Id && i.EmailIndex == index && i.UsedAt == null && i.RevokedAt == null)
                    .ExecuteUpdateAsync(i => i.SetProperty(x => x.RevokedAt, now), token);
                database.Invitations.Add(invitation);
                await mail.SendAsync(directory, invitation, email, secret, token);
                return await database.SaveChangesAsync(token);
            },
            cancellation);
        return invitation;
    }

    /// <summary>The open invitation of a link's secret; null when there is none. Reading it uses nothing up.</summary>
    public async Task<Invitation?> FindAsync(Directory directory, string? secret, CancellationToken cancellation)
    {
        if (!OpaqueToken.Looks(secret)) return null;
        var hash = OpaqueToken.Hash(secret!);
        var now = time.GetUtcNow();
        return await database.Invitations.AsNoTracking().SingleOrDefaultAsync(
            i => i.TokenHash == hash && i.DirectoryId == directory.Id && i.UsedAt == null && i.RevokedAt == null && i.ExpiresAt > now, cancellation);
    }

    public ValueTask<string?> AddressAsync(Invitation invitation, CancellationToken cancellation) =>
        vault.OpenAsync(invitation.EmailPlace, invitation.Email, "registration", cancellation);

    public ValueTask<string?> MaskAsync(Invitation invitation, CancellationToken cancellation) =>
        vault.MaskAsync(invitation.EmailPlace, invitation.Email, cancellation);

    /// <summary>Uses it up; one of any number of parallel tries is told so. Part of the caller's transaction.</summary>
    public async Task<bool> UseAsync(Invitation invitation, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        return await database.Invitations
            .Where(i => i.Id == invitation.Id && i.UsedAt == null && i.RevokedAt == null && i.ExpiresAt > now)
            .ExecuteUpdateAsync(i => i.SetProperty(x => x.UsedAt, now), cancellation) == 1;
    }

    /// <summary>Takes the use back in the same transaction, because the person has to enter something again.</summary>
    public Task ReopenAsync(Invitation invitation, CancellationToken cancellation) =>
        database.Invitations.Where(i => i.Id == invitation.Id)
            .ExecuteUpdateAsync(i => i.SetProperty(x => x.UsedAt, (DateTimeOffset?)null), cancellation);

    /// <summary>False when it is not open any more.</summary>
    public Task<bool> RevokeAsync(Guid directory, Guid id, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        return database.InTransactionAsync(
            async token => await database.Invitations
                .Where(i => i.Id == id && i.DirectoryId == directory && i.UsedAt == null && i.RevokedAt == null && i.ExpiresAt > now)
                .ExecuteUpdateAsync(i => i.SetProperty(x => x.RevokedAt, now), token) == 1,
            cancellation);
    }

    /// <summary>Newest first; one row more than <paramref name="limit"/>.</summary>
    public Task<List<Invitation>> PageAsync(Guid directory, Guid? before, int limit, CancellationToken cancellation)
    {
        var all = database.Invitations.AsNoTracking().Where(i => i.DirectoryId == directory);
        if (before is { } cursor) all = all.Where(i => i.Id < cursor);
        return all.OrderByDescending(i => i.Id).Take(limit + 1).ToListAsync(cancellation);
    }
}

/// <summary>The mail with the link. Counted as the directory's.</summary>
internal sealed class InvitationMail(DirectoryMessages messages, IOptions<CustodiaOptions> options)
{
    public Task SendAsync(Directory directory, Invitation invitation, string address, string secret, CancellationToken cancellation) =>
        messages.SendAsync(
            directory,
            new MessageReceiver(invitation.Id, address, null),
            MessageCatalogue.Invitation,
            cancellation,
            (Placeholders.Link, $"{options.Value.PublicUrl}/d/{directory.Name}/invitation?key={secret}"),
            (Placeholders.Expires, invitation.ExpiresAt.UtcDateTime.ToString("yyyy-MM-dd HH:mm", System.Globalization.CultureInfo.InvariantCulture)));
}
