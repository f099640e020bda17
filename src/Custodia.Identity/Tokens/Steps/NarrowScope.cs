using Custodia.Identity.Protocol;

namespace Custodia.Identity.Tokens.Steps;

/// <summary>At most the scope that was granted (RFC 6749 section 6). The next refresh token keeps the whole.</summary>
internal static class NarrowScope
{
    public static ValueTask<TokenAnswer?> Run(TokenContext context, CancellationToken cancellation) => new(Check(context));

    private static TokenAnswer? Check(TokenContext context)
    {
        if (context.Parameters["scope"] is not { } text) return null;
        if (Scopes.Parse(text) is not { Length: > 0 } asked || asked.Except(context.Scopes, StringComparer.Ordinal).Any())
            return TokenAnswer.Refuse(Errors.InvalidScope, "more than was granted");
        context.Scopes = asked;
        return null;
    }
}
