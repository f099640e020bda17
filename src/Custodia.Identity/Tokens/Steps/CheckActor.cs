using Custodia.Identity.Protocol;

namespace Custodia.Identity.Tokens.Steps;

/// <summary>Who acts is the application that asks; an actor token has to say the same (RFC 8693 section 2.1).</summary>
internal static class CheckActor
{
    public static async ValueTask<TokenAnswer?> Run(TokenContext context, CancellationToken cancellation)
    {
        if (context.Parameters["actor_token"] is not { } text) return null;
        var actor = await context.Service<AccessTokens>().ReadAsync(text, cancellation);
        return actor is { Grant: null } && actor.Application.Id == context.Application.Id
            ? null
            : TokenAnswer.Refuse(Errors.InvalidRequest, "the actor token is not one of this application for itself");
    }
}
