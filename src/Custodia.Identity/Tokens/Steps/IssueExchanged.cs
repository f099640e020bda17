using Custodia.Identity.Protocol;

namespace Custodia.Identity.Tokens.Steps;

/// <summary>A token for the person that says who acts (RFC 8693 sections 2.2.1 and 4.1), at most as long as the subject token; the person's own log says so.</summary>
internal static class IssueExchanged
{
    public static async ValueTask<TokenAnswer?> Run(TokenContext context, CancellationToken cancellation)
    {
        var subject = context.Subject!;
        var rest = subject.Facts.ExpiresAt - context.Now;
        var before = subject.Facts.Delegation;
        var order = new AccessTokenOrder
        {
            Issuer = context.Issuer,
            Application = context.Application,
            Audience = context.Audience,
            Scope = Scopes.Join(context.Scopes),
            Life = rest < context.Application.AccessTokenLife ? rest : context.Application.AccessTokenLife,
            Grant = context.Grant,
            Key = context.Key,
            Delegation = new Delegation(
                [context.Application.ClientId, .. before?.Actors ?? []],
                [.. before?.Origins ?? [], new TokenOrigin(subject.Application.ClientId, subject.Jti)]),
        };
        // Always a JWT: it has to carry who acts to whoever reads it.
        var token = await context.Issuing.AccessTokenAsync(order, cancellation);
        await context.Service<ProtocolLog>().AddAsync(context.Http, context.Grant.Account, context.Grant.UserId, ProtocolResult.TokenExchanged, cancellation);
        return new TokenAnswer.Issued(new TokenResponse(token.Text, TokenResponse.TypeFor(context.Key), (int)token.Life.TotalSeconds, order.Scope)
        {
            IssuedTokenType = context.Parameters["requested_token_type"] ?? TokenTypes.AccessToken,
        });
    }
}
