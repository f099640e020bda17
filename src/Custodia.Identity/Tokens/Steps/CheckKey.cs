using Custodia.Identity.Protocol;

namespace Custodia.Identity.Tokens.Steps;

/// <summary>
/// The key that the grant is bound to: a code by <c>dpop_jkt</c> (RFC 9449 section 10), a public client's refresh token by its
/// first proof (section 5). A client that authenticates is known without it and may change keys between refreshes.
/// </summary>
internal static class CheckKey
{
    public static ValueTask<TokenAnswer?> Run(TokenContext context, CancellationToken cancellation) => new(Check(context));

    private static TokenAnswer? Check(TokenContext context)
    {
        if (context.Grant.DpopKey is not { } bound || (context.Presented is not null && !context.Application.IsPublic)) return null;
        if (context.Key is null) return TokenAnswer.Refuse(Errors.InvalidDpopProof, "the DPoP proof is missing");
        return context.Key == bound ? null : TokenAnswer.Refuse(Errors.InvalidGrant, "the DPoP proof is of another key");
    }
}
