using Custodia.Kernel.Retention;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Identity.Tokens;

/// <summary>Grants from which nothing valid can come any more, with their refresh tokens; access tokens by reference that have run out.</summary>
internal sealed class ExpiredGrants(IdentityContext context) : IRetentionRule
{
    private const int Batch = 1000;

    public string Category => Grant.Category;

    public string Trigger => "expired";

    public async Task<RetentionPreview> PreviewAsync(RetentionMoment moment, CancellationToken cancellation)
    {
        var due = await context.Grants.LongCountAsync(g => g.ExpiresAt <= moment.Now, cancellation)
            + await context.OpaqueAccessTokens.LongCountAsync(t => t.ExpiresAt <= moment.Now, cancellation);
        var oldest = await context.Grants.OrderBy(g => g.Id).Select(g => (DateTimeOffset?)g.CreatedAt).FirstOrDefaultAsync(cancellation);
        return new RetentionPreview(due, oldest);
    }

    public async Task<int> EnforceAsync(RetentionMoment moment, CancellationToken cancellation)
    {
        var all = 0;
        while (await context.Grants.Where(g => g.ExpiresAt <= moment.Now).OrderBy(g => g.ExpiresAt).Select(g => g.Id).Take(Batch).ToListAsync(cancellation) is { Count: > 0 } due)
        {
            all += await context.InTransactionAsync(
                async token =>
                {
                    var tokens = await context.RefreshTokens.Where(t => due.Contains(t.GrantId)).ExecuteDeleteAsync(token);
                    return tokens + await context.Grants.Where(g => due.Contains(g.Id)).ExecuteDeleteAsync(token);
                },
                cancellation);
        }

        while (await context.OpaqueAccessTokens.Where(t => t.ExpiresAt <= moment.Now).OrderBy(t => t.ExpiresAt).Select(t => t.TokenHash).Take(Batch).ToListAsync(cancellation) is { Count: > 0 } ended)
            all += await context.InTransactionAsync(token => context.OpaqueAccessTokens.Where(t => ended.Contains(t.TokenHash)).ExecuteDeleteAsync(token), cancellation);
        return all;
    }
}
