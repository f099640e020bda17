using Custodia.Identity.Protocol;
using Custodia.Identity.Tokens;

namespace Custodia.Identity.Authorize.Checks;

/// <summary>An ID token that we issued, expired or not, names the person the application expects (Core section 3.1.2.1).</summary>
internal static class CheckIdTokenHint
{
    public static async ValueTask<AuthorizeAnswer?> Run(AuthorizeContext context, CancellationToken cancellation)
    {
        if (context.Parameters["id_token_hint"] is not { } hint) return null;
        if (await context.Service<IdTokenHints>().ReadAsync(context.Issuer, hint, cancellation) is not { } token)
            return AuthorizeAnswer.Refuse(Errors.InvalidRequest, "id_token_hint is not an ID token of this issuer");
        if (context.ExpectedPerson is { } expected && expected != token.Person)
            return AuthorizeAnswer.Refuse(Errors.InvalidRequest, "id_token_hint and the claim sub name different people");
        context.ExpectedPerson = token.Person;
        return null;
    }
}
