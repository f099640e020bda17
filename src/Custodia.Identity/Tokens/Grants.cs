using Custodia.Identity.Users;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Identity.Tokens;

/// <summary>Grants in the store: who they belong to, whether they still hold, and their end.</summary>
internal sealed class Grants(IdentityContext context, TimeProvider time)
{
    // Every token asks these, so they are compiled once.
    private static readonly CompiledQuery<Func<IdentityContext, Guid, string, CancellationToken, Task<User?>>> Holder =
        new(() => EF.CompileAsyncQuery((IdentityContext context, Guid user, string stamp, CancellationToken _) =>
            context.Users.AsNoTracking().SingleOrDefault(u => u.Id == user && u.Status == UserStatus.Normal && u.SecurityStamp == stamp)));

    private static readonly CompiledQuery<Func<IdentityContext, Guid, string, Guid, DateTimeOffset, CancellationToken, Task<User?>>> HolderInSession =
        new(() => EF.CompileAsyncQuery((IdentityContext context, Guid user, string stamp, Guid session, DateTimeOffset now, CancellationToken _) =>
            context.Users.AsNoTracking().SingleOrDefault(u =>
                u.Id == user && u.Status == UserStatus.Normal && u.SecurityStamp == stamp
                && context.Sessions.Any(s => s.Id == session && s.EndedAt == null && s.ExpiresAt > now))));

    private static readonly CompiledQuery<Func<IdentityContext, Guid, CancellationToken, Task<Grant?>>> ById =
        new(() => EF.CompileAsyncQuery((IdentityContext context, Guid id, CancellationToken _) => context.Grants.AsNoTracking().SingleOrDefault(g => g.Id == id)));

    private static readonly CompiledQuery<Func<IdentityContext, byte[], CancellationToken, Task<Grant?>>> ByCode =
        new(() => EF.CompileAsyncQuery((IdentityContext context, byte[] hash, CancellationToken _) => context.Grants.AsNoTracking().SingleOrDefault(g => g.CodeHash == hash)));

    /// <summary>
    /// The person of a grant that still holds: not revoked or expired, the person may sign in and has not changed credentials
    /// since, and the session lives unless the grant is for offline access. Null when it is over.
    /// </summary>
    public async Task<User?> HolderAsync(Grant grant, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        if (grant.RevokedAt is not null || grant.ExpiresAt <= now) return null;
        return grant.IsOffline
            ? await Holder.For(context)(context, grant.UserId, grant.SecurityStamp, cancellation)
            : await HolderInSession.For(context)(context, grant.UserId, grant.SecurityStamp, grant.SessionId, now, cancellation);
    }

    public Task<Grant?> FindAsync(Guid id, CancellationToken cancellation) => ById.For(context)(context, id, cancellation);

    public Task<Grant?> FindByCodeAsync(byte[] codeHash, CancellationToken cancellation) => ByCode.For(context)(context, codeHash, cancellation);

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
