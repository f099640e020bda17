using Custodia.Identity.Protocol;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Identity.Tokens.Steps;

/// <summary>A refresh token that we gave to this application (RFC 6749 section 6).</summary>
internal static class FindRefreshToken
{
    public static async ValueTask<TokenAnswer?> Run(TokenContext context, CancellationToken cancellation)
    {
        var token = context.Parameters["refresh_token"];
        if (token is null) return TokenAnswer.Refuse(Errors.InvalidRequest, "refresh_token is missing");
        if (!OpaqueToken.Looks(token)) return Unknown();
        var hash = OpaqueToken.Hash(token);
        var found = await (
            from t in context.Database.RefreshTokens
            where t.TokenHash == hash
            join g in context.Database.Grants on t.GrantId equals g.Id
            select new { Token = t, Grant = g }).AsNoTracking().SingleOrDefaultAsync(cancellation);
        if (found is null || found.Grant.ApplicationId != context.Application.Id) return Unknown();
        context.Presented = found.Token;
        context.Grant = found.Grant;
        context.Scopes = Scopes.Split(found.Grant.Scopes);
        return null;
    }

    private static TokenAnswer Unknown() => TokenAnswer.Refuse(Errors.InvalidGrant, "the refresh token is not known");
}
