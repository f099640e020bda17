using Custodia.Identity.Users;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Identity.Tokens;

/// <summary>Grants in the store: who they belong to, whether they still hold, and their end.</summary>
internal sealed class Grants(IdentityContext context, TimeProvider time)
{
    /// <summary>
    /// The person of a grant that still holds: not revoked or expired, the person may sign in and has not changed credentials
    /// since, and the session lives unless the grant is for offline access. Null when it is over.
    /// </summary>
    public async Task<User?> HolderAsync(Grant grant, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        if (grant.RevokedAt is not null || grant.ExpiresAt <= now) return null;
        var user = await context.Users.AsNoTracking()
            .SingleOrDefaultAsync(u => u.Id == grant.UserId && u.Status == UserStatus.Normal && u.SecurityStamp == grant.SecurityStamp, cancellation);
        if (user is null || grant.IsOffline) return user;
        var alive = await context.Sessions.AnyAsync(s => s.Id == grant.SessionId && s.EndedAt == null && s.ExpiresAt > now, cancellation);
        return alive ? user : null;
    }

    public Task<Grant?> FindAsync(Guid id, CancellationToken cancellation) =>
        context.Grants.AsNoTracking().SingleOrDefaultAsync(g => g.Id == id, cancellation);

    /// <summary>Ends the family of one grant. False when it had ended before.</summary>
    public Task<bool> RevokeAsync(Guid grant, CancellationToken cancellation) =>
        RevokeWhereAsync(context.Grants.Where(g => g.Id == grant), cancellation);

    /// <summary>Ends everything a person has let an application do.</summary>
    public Task<bool> RevokeAsync(Guid user, Guid application, CancellationToken cancellation) =>
        RevokeWhereAsync(context.Grants.Where(g => g.UserId == user && g.ApplicationId == application), cancellation);

    private Task<bool> RevokeWhereAsync(IQueryable<Grant> grants, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        return context.InTransactionAsync(
            async token => await grants.Where(g => g.RevokedAt == null).ExecuteUpdateAsync(set => set.SetProperty(g => g.RevokedAt, now), token) > 0,
            cancellation);
    }
}
