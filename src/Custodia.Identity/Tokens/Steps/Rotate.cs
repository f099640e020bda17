using Custodia.Kernel.Storage.Statements;

namespace Custodia.Identity.Tokens.Steps;

/// <summary>Takes the refresh token and gives the next, once: of any number of parallel tries one changes the row.</summary>
internal static class Rotate
{
    private static readonly Statement Take = new(tables =>
        $"UPDATE {tables.Of<RefreshToken>()} SET used_at = @p1 WHERE token_hash = @p0 AND used_at IS NULL AND {GrantHolds(tables, tables.Of<RefreshToken>())}");

    private static readonly Query<RefreshToken> UsedSince = new(
        tables => $"SELECT {tables.Columns<RefreshToken>("t")} FROM {tables.Of<RefreshToken>()} t WHERE t.token_hash = @p0 AND t.used_at > @p1 AND {GrantHolds(tables, "t")}",
        row => row.Entity<RefreshToken>());

    public static async ValueTask<TokenAnswer?> Run(TokenContext context, CancellationToken cancellation)
    {
        var hash = context.Presented!.TokenHash;
        var won = await context.Statements.WriteAsync(
            async writer =>
            {
                if (await writer.ExecuteAsync(Take, hash, context.Now) == 0 && !await OverlapsAsync(context, writer, hash)) return false;
                await NewRefreshToken.AddAsync(context, writer);
                return true;
            },
            cancellation);
        return won ? null : await ReuseAnswer.RefreshTokenAsync(context, cancellation);
    }

    private static async ValueTask<bool> OverlapsAsync(TokenContext context, IStatementWriter writer, byte[] hash) =>
        context.Application.RefreshOverlap > TimeSpan.Zero
        && await writer.FirstAsync(UsedSince, hash, context.Now - context.Application.RefreshOverlap) is not null;

    private static string GrantHolds(Tables tables, string token) =>
        $"EXISTS (SELECT 1 FROM {tables.Of<Grant>()} g WHERE g.id = {token}.grant_id AND g.revoked_at IS NULL)";
}
