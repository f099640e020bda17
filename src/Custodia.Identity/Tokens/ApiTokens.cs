using Custodia.Identity.Callers;
using Custodia.Identity.Dpop;
using Custodia.Identity.Protocol;
using Microsoft.AspNetCore.Http;

namespace Custodia.Identity.Tokens;

/// <summary>Access tokens at the server's own API.</summary>
internal sealed class ApiTokens(AccessTokens tokens, DpopProofs proofs) : IAccessTokens
{
    private const string Realm = "custodia";

    public async ValueTask<AccessToken?> ValidateAsync(HttpContext http, PresentedToken presented, CancellationToken cancellation)
    {
        if (await tokens.ReadAsync(presented.Text, cancellation) is not { } live || !live.IsFor(live.Issuer.ApiAudience)) return null;
        if (SenderConstraint.Check(proofs, http, presented, live.Key) is { } error)
        {
            ProtocolAnswers.Challenge(http, Realm, error, presented.IsDpop);
            return null;
        }

        // What has been taken from the application since does not count any more.
        var permissions = live.Scopes.Where(live.Application.Permissions.Contains).ToArray();
        // A person's token is limited to what the application may do; without a limit it would carry all the person's roles give.
        if (live.Grant is not null && permissions.Length == 0) return null;
        return new AccessToken(live.Jti, live.Issuer.Account, live.Issuer.DirectoryId, live.Application.ClientId, live.Grant?.UserId, live.Application.CreatedBy, permissions);
    }
}
