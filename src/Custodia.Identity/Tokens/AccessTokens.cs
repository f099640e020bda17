using Custodia.Identity.Applications;
using Custodia.Identity.Protocol;
using Custodia.Identity.Revocation;
using Custodia.Identity.Users;

namespace Custodia.Identity.Tokens;

/// <summary>
/// What an access token is worth now: it is genuine; and, because it is our own, also whether it, its grant, its person or its
/// application has ended since.
/// </summary>
internal sealed class AccessTokens(JwtAccessTokens jwts, ApplicationCache applications, RevokedTokens revoked, Grants grants)
{
    /// <summary>The token with everything behind it; null when it is worth nothing.</summary>
    public async ValueTask<LiveToken?> ReadAsync(string text, CancellationToken cancellation) =>
        await jwts.ReadAsync(text, cancellation) is { } facts ? await LiveAsync(facts, cancellation) : null;

    private async ValueTask<LiveToken?> LiveAsync(TokenFacts facts, CancellationToken cancellation)
    {
        if (await applications.FindAsync(facts.Issuer.DirectoryId, facts.ClientId, cancellation) is not { } application) return null;
        if (await revoked.IsRevokedAsync(facts.Jti, cancellation)) return null;
        var live = new LiveToken(facts, application);
        if (facts.GrantId is not { } id) return application.ActsForPeople ? null : live;
        if (await grants.FindAsync(id, cancellation) is not { } grant || grant.ApplicationId != application.Id) return null;
        return await grants.HolderAsync(grant, cancellation) is { } holder ? live with { Grant = grant, Holder = holder } : null;
    }
}

/// <summary>A token that is valid now.</summary>
internal sealed record LiveToken(TokenFacts Facts, ApplicationModel Application)
{
    /// <summary>Null for client credentials.</summary>
    public Grant? Grant { get; init; }

    public User? Holder { get; init; }

    public Issuer Issuer => Facts.Issuer;

    public string Jti => Facts.Jti;

    public string[] Scopes => Facts.Scopes;

    /// <summary>Thumbprint of the key it is bound to; null for a bearer token.</summary>
    public string? Key => Facts.Key;

    public bool IsFor(string audience) => Facts.Audiences.Contains(audience, StringComparer.Ordinal);

    /// <summary>Never the token.</summary>
    public override string ToString() => Facts.ToString();
}
