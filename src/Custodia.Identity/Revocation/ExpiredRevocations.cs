using Custodia.Identity.Tokens;
using Custodia.Kernel.Retention;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Identity.Revocation;

/// <summary>Revocations of tokens that would have run out by themselves.</summary>
internal sealed class ExpiredRevocations(IdentityContext context) : IRetentionRule
{
    private const int Batch = 1000;

    public string Category => RevokedToken.Category;

    public string Trigger => "expired";

    public async Task<RetentionPreview> PreviewAsync(RetentionMoment moment, CancellationToken cancellation)
    {
        var oldest = await context.RevokedTokens.OrderBy(t => t.ExpiresAt).Select(t => (DateTimeOffset?)t.CreatedAt).FirstOrDefaultAsync(cancellation);
        return new RetentionPreview(await Due(moment).LongCountAsync(cancellation), oldest);
    }

    public Task<int> EnforceAsync(RetentionMoment moment, CancellationToken cancellation) =>
        context.InTransactionAsync(token => Due(moment).Take(Batch).ExecuteDeleteAsync(token), cancellation);

    private IQueryable<RevokedToken> Due(RetentionMoment moment) => context.RevokedTokens.Where(t => t.ExpiresAt <= moment.Now);
}
