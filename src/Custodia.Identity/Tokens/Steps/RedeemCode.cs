using Microsoft.EntityFrameworkCore;

namespace Custodia.Identity.Tokens.Steps;

/// <summary>Takes the code, once: of any number of parallel tries one changes the row.</summary>
internal static class RedeemCode
{
    public static async ValueTask<TokenAnswer?> Run(TokenContext context, CancellationToken cancellation)
    {
        var won = await context.Database.InTransactionAsync(
            async token =>
            {
                // A public client's refresh tokens are bound to the key it proves now (RFC 9449 section 5).
                var key = context.Application.IsPublic ? context.Key ?? context.Grant.DpopKey : context.Grant.DpopKey;
                var changed = await context.Database.Grants
                    .Where(g => g.Id == context.Grant.Id && g.CodeUsedAt == null && g.RevokedAt == null)
                    .ExecuteUpdateAsync(set => set.SetProperty(g => g.CodeUsedAt, context.Now).SetProperty(g => g.DpopKey, key), token);
                if (changed == 0) return false;
                if (context.Grant.IsOffline) await NewRefreshToken.AddAsync(context, token);
                return true;
            },
            cancellation);
        return won ? null : await ReuseAnswer.CodeAsync(context, cancellation);
    }
}
