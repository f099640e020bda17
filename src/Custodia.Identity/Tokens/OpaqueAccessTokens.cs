using Custodia.Identity.Protocol;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Identity.Tokens;

/// <summary>Gives out and reads access tokens that are references.</summary>
internal sealed class OpaqueAccessTokens(IdentityContext context, Issuers issuers, TimeProvider time)
{
    // Told from a refresh token by its form.
    private const string Prefix = "at_";

    /// <summary>Whether the text could be one of them, before it costs a query.</summary>
    public static bool Looks(string text) => text.StartsWith(Prefix, StringComparison.Ordinal) && OpaqueToken.Looks(text[Prefix.Length..]);

    public async Task<IssuedToken> AddAsync(AccessTokenOrder order, CancellationToken cancellation)
    {
        var text = Prefix + OpaqueToken.Create().Text;
        var now = time.GetUtcNow();
        context.OpaqueAccessTokens.Add(new OpaqueAccessToken
        {
            TokenHash = OpaqueToken.Hash(text),
            Account = order.Issuer.Account,
            DirectoryId = order.Issuer.DirectoryId,
            ApplicationId = order.Application.Id,
            GrantId = order.Grant?.Id,
            UserId = order.Grant?.UserId,
            Jti = TokenIssuing.NewJti(),
            Audience = order.SecondAudience is { } second ? order.Audience + "\n" + second : order.Audience,
            Scopes = order.Scope,
            DpopKey = order.Key,
            CreatedAt = now,
            ExpiresAt = now + order.Life,
        });
        await context.SaveChangesAsync(cancellation);
        return new IssuedToken(text, order.Life);
    }

    /// <summary>Null when there is none, or it has expired.</summary>
    public async Task<TokenFacts?> FindAsync(string text, CancellationToken cancellation)
    {
        var hash = OpaqueToken.Hash(text);
        var now = time.GetUtcNow();
        var found = await (
            from t in context.OpaqueAccessTokens
            where t.TokenHash == hash && t.ExpiresAt > now
            join a in context.Applications on t.ApplicationId equals a.Id
            join d in context.Directories on t.DirectoryId equals d.Id
            select new { Token = t, a.ClientId, Directory = d.Name }).AsNoTracking().SingleOrDefaultAsync(cancellation);
        if (found is null || await issuers.FindAsync(found.Directory, cancellation) is not { } issuer) return null;
        var token = found.Token;
        return new TokenFacts(issuer, found.ClientId, token.Jti, token.UserId?.ToString() ?? found.ClientId, token.GrantId, token.DpopKey)
        {
            Audiences = token.Audience.Split('\n'),
            Scopes = Scopes.Split(token.Scopes),
            IssuedAt = token.CreatedAt,
            ExpiresAt = token.ExpiresAt,
        };
    }

    /// <summary>Ends a token at once, for every process.</summary>
    public Task RemoveAsync(string text, CancellationToken cancellation)
    {
        var hash = OpaqueToken.Hash(text);
        return context.InTransactionAsync(token => context.OpaqueAccessTokens.Where(t => t.TokenHash == hash).ExecuteDeleteAsync(token), cancellation);
    }
}
