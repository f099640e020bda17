using Custodia.Identity.Protocol;

namespace Custodia.Identity.Tokens.Steps;

/// <summary>
/// A code works once and for a minute. One that comes again was copied on its way, so everything it gave is taken back
/// (RFC 6749 section 4.1.2).
/// </summary>
internal static class CheckCodeIsFresh
{
    public static async ValueTask<TokenAnswer?> Run(TokenContext context, CancellationToken cancellation)
    {
        if (context.Grant.CodeUsedAt is not null) return await ReuseAnswer.CodeAsync(context, cancellation);
        return context.Grant.CodeExpiresAt <= context.Now
            ? TokenAnswer.Refuse(Errors.InvalidGrant, "the code has expired")
            : null;
    }
}
