using Custodia.Identity.Protocol;

namespace Custodia.Identity.Tokens.Steps;

/// <summary>A refresh token that we gave to this application (RFC 6749 section 6).</summary>
internal static class FindRefreshToken
{
    public static async ValueTask<TokenAnswer?> Run(TokenContext context, CancellationToken cancellation)
    {
        var token = context.Parameters["refresh_token"];
        if (token is null) return TokenAnswer.Refuse(Errors.InvalidRequest, "refresh_token is missing");
        if (!OpaqueToken.Looks(token)) return Unknown();
        if (await context.Grants.FindByRefreshTokenAsync(OpaqueToken.Hash(token), cancellation) is not var (held, presented)
            || held.Grant.ApplicationId != context.Application.Id)
            return Unknown();
        context.Presented = presented;
        context.Held = held;
        context.Scopes = Scopes.Split(held.Grant.Scopes);
        return null;
    }

    private static TokenAnswer Unknown() => TokenAnswer.Refuse(Errors.InvalidGrant, "the refresh token is not known");
}
