using Custodia.Identity.Protocol;

namespace Custodia.Identity.Tokens.Steps;

/// <summary>Access token; ID token when OpenID Connect was asked for; refresh token when there is one.</summary>
internal static class IssueFromGrant
{
    public static async ValueTask<TokenAnswer?> Run(TokenContext context, CancellationToken cancellation)
    {
        var order = AccessTokenOrder.From(context.Issuer, context.Application, context.Grant, context.Scopes, context.Key);
        var access = await context.AccessTokenAsync(order, cancellation);
        // Core section 12.2: an ID token from a refresh has no nonce.
        var idToken = context.Scopes.Contains(Scopes.OpenId, StringComparer.Ordinal)
            ? await context.Issuing.IdTokenAsync(
                context.Issuer,
                context.Application,
                context.Grant,
                context.Presented is null ? context.Grant.Nonce : null,
                context.Holder,
                context.Scopes.Contains(Scopes.Groups, StringComparer.Ordinal),
                access.Text,
                cancellation)
            : null;
        return new TokenAnswer.Issued(new TokenResponse(
            access.Text, TokenResponse.TypeFor(context.Key), (int)access.Life.TotalSeconds, Scopes.Join(context.Scopes), context.RefreshToken, idToken));
    }
}
