using Custodia.Identity.Protocol;

namespace Custodia.Identity.Tokens.Steps;

/// <summary>An access token and nothing else (RFC 6749 section 4.4.3).</summary>
internal static class IssueForApplication
{
    public static async ValueTask<TokenAnswer?> Run(TokenContext context, CancellationToken cancellation)
    {
        var scope = Scopes.Join(context.Scopes);
        var token = await context.Issuing.ForApplicationAsync(context.Issuer, context.Application, context.Audience, scope, cancellation);
        return new TokenAnswer.Issued(new TokenResponse(token.Text, TokenResponse.Bearer, (int)token.Life.TotalSeconds, scope));
    }
}
