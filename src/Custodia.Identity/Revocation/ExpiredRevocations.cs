using Custodia.Identity.Tokens;
using Custodia.Kernel.Retention;

namespace Custodia.Identity.Revocation;

/// <summary>Revocations of tokens that would have run out by themselves.</summary>
internal sealed class ExpiredRevocations(IdentityContext database) : RowRule<IdentityContext, RevokedToken>(RevokedToken.Category, "expired", database)
{
    protected override IQueryable<RevokedToken> Due(RetentionMoment moment) =>
        Context.RevokedTokens.Where(t => t.ExpiresAt <= moment.Now).OrderBy(t => t.ExpiresAt);

    protected override IQueryable<DateTimeOffset?> Held() => Context.RevokedTokens.OrderBy(t => t.ExpiresAt).Take(1).Select(t => (DateTimeOffset?)t.CreatedAt);
}
