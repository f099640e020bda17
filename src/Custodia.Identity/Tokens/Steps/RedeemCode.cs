using Custodia.Identity.Protocol;
using Custodia.Kernel.Storage.Statements;

namespace Custodia.Identity.Tokens.Steps;

/// <summary>Takes the code, once: of any number of parallel tries one changes the row.</summary>
internal static class RedeemCode
{
    private static readonly Statement Take = new(tables =>
        $"UPDATE {tables.Of<Grant>()} SET code_used_at = @p1, dpop_key = @p2 WHERE id = @p0 AND code_used_at IS NULL AND revoked_at IS NULL");

    public static async ValueTask<TokenAnswer?> Run(TokenContext context, CancellationToken cancellation)
    {
        // A public client's refresh tokens are bound to the key it proves now (RFC 9449 section 5).
        var key = context.Application.IsPublic ? context.Key ?? context.Grant.DpopKey : context.Grant.DpopKey;
        var won = await context.Statements.WriteAsync(
            async writer =>
            {
                if (await writer.ExecuteAsync(Take, context.Grant.Id, context.Now, key) == 0) return false;
                if (context.Scopes.Contains(Scopes.OfflineAccess, StringComparer.Ordinal)) await NewRefreshToken.AddAsync(context, writer);
                return true;
            },
            cancellation);
        return won ? null : await ReuseAnswer.CodeAsync(context, cancellation);
    }
}
