using Microsoft.EntityFrameworkCore;

namespace Custodia.Identity.Tokens.Steps;

/// <summary>Takes the refresh token and gives the next, once: of any number of parallel tries one changes the row.</summary>
internal static class Rotate
{
    public static async ValueTask<TokenAnswer?> Run(TokenContext context, CancellationToken cancellation)
    {
        var hash = context.Presented!.TokenHash;
        var won = await context.Database.InTransactionAsync(
            async token =>
            {
                var changed = await context.Database.RefreshTokens
                    .Where(t => t.TokenHash == hash && t.UsedAt == null && context.Database.Grants.Any(g => g.Id == t.GrantId && g.RevokedAt == null))
                    .ExecuteUpdateAsync(set => set.SetProperty(t => t.UsedAt, context.Now), token);
                if (changed == 0 && !await OverlapsAsync(context, hash, token)) return false;
                await NewRefreshToken.AddAsync(context, token);
                return true;
            },
            cancellation);
        return won ? null : await ReuseAnswer.RefreshTokenAsync(context, cancellation);
    }

    private static async Task<bool> OverlapsAsync(TokenContext context, byte[] hash, CancellationToken cancellation)
    {
        var since = context.Now - context.Application.RefreshOverlap;
        return context.Application.RefreshOverlap > TimeSpan.Zero
            && await context.Database.RefreshTokens.AnyAsync(
                t => t.TokenHash == hash && t.UsedAt > since && context.Database.Grants.Any(g => g.Id == t.GrantId && g.RevokedAt == null),
                cancellation);
    }
}
