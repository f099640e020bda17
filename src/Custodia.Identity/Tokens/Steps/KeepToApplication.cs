using Custodia.Identity.Protocol;

namespace Custodia.Identity.Tokens.Steps;

/// <summary>
/// What the application has lost since the person allowed it does not come with the next token: scopes are left out, and the answer
/// says which remain (RFC 6749 sections 3.3 and 5.1); a token for a resource is refused (RFC 8707 section 2.2).
/// </summary>
internal static class KeepToApplication
{
    public static ValueTask<TokenAnswer?> Run(TokenContext context, CancellationToken cancellation) => new(Keep(context));

    private static TokenAnswer? Keep(TokenContext context)
    {
        if (context.Presented is not null && !context.Application.Scopes.Contains(Scopes.OfflineAccess))
            return TokenAnswer.Refuse(Errors.InvalidGrant, "the application may not have offline access any more");
        context.Scopes = context.Application.Keep(context.Scopes);
        if (context.Scopes.Count == 0) return TokenAnswer.Refuse(Errors.InvalidScope, "the application may not have any of the scopes any more");
        return context.Grant.Resource is null || Authorize.Checks.CheckResource.Allows(context.Issuer, context.Application, context.Scopes, context.Grant.Resource)
            ? null
            : TokenAnswer.Refuse(Errors.InvalidTarget, "the application may not ask for this resource any more");
    }
}
