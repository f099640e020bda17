using Custodia.Identity.Protocol;

namespace Custodia.Identity.Tokens.Steps;

/// <summary>The same redirect URI as in the authorization request, which always names one (RFC 6749 section 4.1.3).</summary>
internal static class CheckRedirectUri
{
    public static ValueTask<TokenAnswer?> Run(TokenContext context, CancellationToken cancellation) => new(Check(context));

    private static TokenAnswer? Check(TokenContext context)
    {
        if (context.Parameters["redirect_uri"] is not { } uri) return TokenAnswer.Refuse(Errors.InvalidRequest, "redirect_uri is missing");
        return uri == context.Grant.RedirectUri
            ? null
            : TokenAnswer.Refuse(Errors.InvalidGrant, "redirect_uri differs from the authorization request");
    }
}
