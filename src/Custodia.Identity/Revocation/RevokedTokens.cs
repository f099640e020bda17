using System.Collections.Concurrent;
using Custodia.Identity.Tokens;
using Custodia.Kernel.Storage.Statements;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Identity.Revocation;

/// <summary>
/// Access tokens that were revoked before their end. One revoked in this process is refused at once; one revoked by another
/// process after <see cref="Fresh"/> at most.
/// </summary>
internal sealed class RevokedTokens(IStatements<IdentityContext> statements, TimeProvider time)
{
    public static readonly TimeSpan Fresh = TimeSpan.FromSeconds(1);

    private const int MaxEntries = 20_000;

    private static readonly Query<RevokedToken> ByJti = new(
        tables => $"SELECT {tables.Columns<RevokedToken>("t")} FROM {tables.Of<RevokedToken>()} t WHERE t.jti = @p0",
        row => row.Entity<RevokedToken>());

    // Tokens lately found good, with the moment of the look. Forgetting one costs a query and nothing else.
    private readonly ConcurrentDictionary<string, long> _good = new(StringComparer.Ordinal);
    private int _changes;

    public ValueTask<bool> IsRevokedAsync(string jti, CancellationToken cancellation) =>
        _good.TryGetValue(jti, out var looked) && time.GetElapsedTime(looked) < Fresh
            ? new ValueTask<bool>(false)
            : new ValueTask<bool>(LookAsync(jti, cancellation));

    public async Task RevokeAsync(IdentityContext context, long account, string jti, DateTimeOffset expiresAt, CancellationToken cancellation)
    {
        await context.AloneAsync(
            $"revoked/{jti}",
            async token =>
            {
                if (await context.RevokedTokens.AnyAsync(t => t.Jti == jti, token)) return 0;
                context.RevokedTokens.Add(new RevokedToken { Jti = jti, Account = account, CreatedAt = time.GetUtcNow(), ExpiresAt = expiresAt });
                return await context.SaveChangesAsync(token);
            },
            cancellation);
        Interlocked.Increment(ref _changes);
        _good.TryRemove(jti, out _);
    }

    private async Task<bool> LookAsync(string jti, CancellationToken cancellation)
    {
        var changes = Volatile.Read(ref _changes);
        if (await statements.FirstAsync(ByJti, cancellation, jti) is not null) return true;
        if (_good.Count >= MaxEntries) _good.Clear();
        // A look that began before a revocation must not outlive it.
        if (changes == Volatile.Read(ref _changes)) _good[jti] = time.GetTimestamp();
        return false;
    }
}
