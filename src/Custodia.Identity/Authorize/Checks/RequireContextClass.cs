using Custodia.Identity.Protocol;

namespace Custodia.Identity.Authorize.Checks;

/// <summary>
/// An essential <c>acr</c> that the sign-in does not have is a failed attempt (OpenID Connect Core section 5.5.1.1);
/// <c>acr_values</c> are only a wish.
/// </summary>
internal static class RequireContextClass
{
    public static ValueTask<AuthorizeAnswer?> Run(AuthorizeContext context, CancellationToken cancellation) =>
        new(context.Claims.Acr.Count == 0 || context.Claims.Acr.Contains(context.Session.Session.Acr, StringComparer.Ordinal)
            ? null
            : AuthorizeAnswer.Refuse(Errors.UnmetAuthenticationRequirements, "the sign-in is not of the demanded class"));
}
