using Custodia.Identity.Sessions;
using Custodia.Identity.Users;
using Custodia.Kernel.Storage.Statements;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Identity.Tokens;

/// <summary>Grants in the store: who they belong to, whether they still hold, and their end.</summary>
internal sealed class Grants(IdentityContext context, IStatements<IdentityContext> statements, TimeProvider time)
{
    // Every token asks these.
    private static readonly Query<Found> ById = new(tables => $"{Select(tables)} FROM {Join(tables)} WHERE g.id = @p0", Read);

    private static readonly Query<Found> ByCode = new(tables => $"{Select(tables)} FROM {Join(tables)} WHERE g.code_hash = @p0", Read);

    private static readonly Query<FoundToken> ByToken = new(
        tables => $"{Select(tables)}, {tables.Columns<RefreshToken>("t")} FROM {Join(tables, $"JOIN {tables.Of<RefreshToken>()} t ON t.grant_id = g.id")} WHERE t.token_hash = @p0",
        row => new FoundToken(Read(row), row.Entity<RefreshToken>()));

    public async ValueTask<HeldGrant?> FindAsync(Guid id, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        return await statements.FirstAsync(ById, cancellation, id, now) is { } found ? found.At(now) : null;
    }

    public async ValueTask<HeldGrant?> FindByCodeAsync(byte[] codeHash, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        return await statements.FirstAsync(ByCode, cancellation, codeHash, now) is { } found ? found.At(now) : null;
    }

    public async ValueTask<(HeldGrant Held, RefreshToken Token)?> FindByRefreshTokenAsync(byte[] tokenHash, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        return await statements.FirstAsync(ByToken, cancellation, tokenHash, now) is { } found ? (found.Grant.At(now), found.Token) : null;
    }

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

    private static string Select(Tables tables) =>
        $"""
        SELECT {tables.Columns<Grant>("g")}, {tables.Columns<User>("u")},
            CASE WHEN EXISTS (SELECT 1 FROM {tables.Of<Session>()} s WHERE s.id = g.session_id AND s.ended_at IS NULL AND s.expires_at > @p1) THEN 1 ELSE 0 END
        """;

    private static string Join(Tables tables, string and = "") =>
        $"""
        {tables.Of<Grant>()} g {and}
        LEFT JOIN {tables.Of<User>()} u ON u.id = g.user_id AND u.status = '{nameof(UserStatus.Normal)}' AND u.security_stamp = g.security_stamp
        """;

    private static Found Read(Row row) => new(row.Entity<Grant>(), row.OptionalEntity<User>(), row.Flag());

    /// <param name="User">Who may sign in and has not changed credentials since.</param>
    private sealed record Found(Grant Grant, User? User, bool SessionLives)
    {
        public HeldGrant At(DateTimeOffset now) =>
            new(Grant, Grant.RevokedAt is null && Grant.ExpiresAt > now && (SessionLives || Grant.IsOffline) ? User : null);
    }

    private sealed record FoundToken(Found Grant, RefreshToken Token);
}
