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
                var changed = await context.Database.Grants
                    .Where(g => g.Id == context.Grant.Id && g.CodeUsedAt == null && g.RevokedAt == null)
                    .ExecuteUpdateAsync(set => set.SetProperty(g => g.CodeUsedAt, context.Now), token);
                if (changed == 0) return false;
                if (context.Grant.IsOffline) await NewRefreshToken.AddAsync(context, token);
                return true;
            },
            cancellation);
        return won ? null : await ReuseAnswer.CodeAsync(context, cancellation);
    }
}
