using Custodia.Identity.Protocol;

namespace Custodia.Identity.Tokens.Steps;

/// <summary>An access token and nothing else (RFC 6749 section 4.4.3).</summary>
internal static class IssueForApplication
{
    public static async ValueTask<TokenAnswer?> Run(TokenContext context, CancellationToken cancellation)
    {
        var scope = Scopes.Join(context.Scopes);
        var order = new AccessTokenOrder
        {
            Issuer = context.Issuer,
            Application = context.Application,
            Audience = context.Audience,
            Scope = scope,
            Life = context.Application.AccessTokenLife,
            Key = context.Key,
        };
        var token = await context.AccessTokenAsync(order, cancellation);
        return new TokenAnswer.Issued(new TokenResponse(token.Text, TokenResponse.TypeFor(context.Key), (int)token.Life.TotalSeconds, scope));
    }
}
