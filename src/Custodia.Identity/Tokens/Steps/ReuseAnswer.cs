using Custodia.Identity.Protocol;

namespace Custodia.Identity.Tokens.Steps;

/// <summary>Something that works once came again: the family ends, the person can read that it happened, the answer says no more than always.</summary>
internal static class ReuseAnswer
{
    public static ValueTask<TokenAnswer> CodeAsync(TokenContext context, CancellationToken cancellation) =>
        EndFamilyAsync(context, ProtocolResult.CodeReused, "the code has been used", cancellation);

    public static ValueTask<TokenAnswer> RefreshTokenAsync(TokenContext context, CancellationToken cancellation) =>
        EndFamilyAsync(context, ProtocolResult.RefreshTokenReused, "the refresh token has been used", cancellation);

    private static async ValueTask<TokenAnswer> EndFamilyAsync(TokenContext context, string result, string description, CancellationToken cancellation)
    {
        if (await context.Grants.RevokeAsync(context.Grant.Id, cancellation))
            await context.Service<ProtocolLog>().AddAsync(context.Http, context.Grant.Account, context.Grant.UserId, result, cancellation);
        return TokenAnswer.Refuse(Errors.InvalidGrant, description);
    }
}
