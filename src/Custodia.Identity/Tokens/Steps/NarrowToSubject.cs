using Custodia.Identity.Protocol;

namespace Custodia.Identity.Tokens.Steps;

/// <summary>At most what the subject token allowed, and at most what the application itself may have: exchanging never widens.</summary>
internal static class NarrowToSubject
{
    public static ValueTask<TokenAnswer?> Run(TokenContext context, CancellationToken cancellation) => new(Narrow(context));

    private static TokenAnswer? Narrow(TokenContext context)
    {
        var own = context.Audience == context.Issuer.ApiAudience ? context.Application.Permissions : context.Application.Scopes;
        string[] possible = [.. context.Subject!.Scopes.Where(own.Contains)];
        var asked = context.Parameters["scope"] is { } text ? Scopes.Parse(text) : possible;
        if (asked is not { Length: > 0 } || asked.Except(possible, StringComparer.Ordinal).Any())
            return TokenAnswer.Refuse(Errors.InvalidScope, "more than the subject token and the application have in common");
        context.Scopes = asked;
        return null;
    }
}
