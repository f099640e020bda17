using Custodia.Identity.Protocol;

namespace Custodia.Identity.Tokens.Steps;

/// <summary>
/// Used ones end the family (RFC 9700 section 4.14.2), except within the overlap that the application allows for answers that
/// got lost.
/// </summary>
internal static class CheckRefreshToken
{
    public static async ValueTask<TokenAnswer?> Run(TokenContext context, CancellationToken cancellation)
    {
        var token = context.Presented!;
        if (token.UsedAt is { } used && used + context.Application.RefreshOverlap <= context.Now)
            return await ReuseAnswer.RefreshTokenAsync(context, cancellation);
        return token.ExpiresAt <= context.Now
            ? TokenAnswer.Refuse(Errors.InvalidGrant, "the refresh token has expired")
            : null;
    }
}
