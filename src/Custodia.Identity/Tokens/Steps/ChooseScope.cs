using Custodia.Identity.Protocol;

namespace Custodia.Identity.Tokens.Steps;

/// <summary>
/// What the token allows: permissions for the server's own API, the application's own scopes elsewhere. Without a scope the
/// application gets all it has (RFC 6749 section 3.3).
/// </summary>
internal static class ChooseScope
{
    public static ValueTask<TokenAnswer?> Run(TokenContext context, CancellationToken cancellation) => new(Choose(context));

    private static TokenAnswer? Choose(TokenContext context)
    {
        var allowed = context.Audience == context.Issuer.ApiAudience ? context.Application.Permissions : context.Application.Scopes;
        if (context.Parameters["scope"] is not { } text)
        {
            context.Scopes = allowed.Items;
            return null;
        }

        if (Scopes.Parse(text) is not { Length: > 0 } asked || !Array.TrueForAll(asked, allowed.Contains))
            return TokenAnswer.Refuse(Errors.InvalidScope, "the application does not have this scope");
        context.Scopes = asked;
        return null;
    }
}
