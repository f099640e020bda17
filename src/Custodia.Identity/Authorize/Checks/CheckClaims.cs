using Custodia.Identity.Protocol;
using Custodia.Identity.Userinfo;

namespace Custodia.Identity.Authorize.Checks;

/// <summary>
/// The <c>claims</c> parameter as OpenID Connect Core section 5.5 describes it, together with <c>scope=openid</c>. A claim whose
/// scope the application may not ask for is left out, as any claim may be (section 5.5.1).
/// </summary>
internal static class CheckClaims
{
    public static ValueTask<AuthorizeAnswer?> Run(AuthorizeContext context, CancellationToken cancellation) => new(Check(context));

    private static AuthorizeAnswer? Check(AuthorizeContext context)
    {
        if (context.Parameters["claims"] is not { } text) return null;
        if (!context.Scopes.Contains(Scopes.OpenId, StringComparer.Ordinal))
            return AuthorizeAnswer.Refuse(Errors.InvalidRequest, "claims needs the scope openid");
        if (RequestedClaims.Parse(text) is not { } claims)
            return AuthorizeAnswer.Refuse(Errors.InvalidRequest, "claims is not a valid claims request");
        if (claims.Subject is { } subject)
        {
            // A person that cannot exist cannot sign in either.
            context.ExpectedPerson = Guid.TryParse(subject, out var person) ? person : Guid.Empty;
        }

        context.Claims = claims with { IdToken = [.. claims.IdToken.Where(Allowed)], Userinfo = [.. claims.Userinfo.Where(Allowed)] };
        return null;

        bool Allowed(string claim) => context.Application.Scopes.Contains(ClaimNames.ScopeOf(claim));
    }
}
