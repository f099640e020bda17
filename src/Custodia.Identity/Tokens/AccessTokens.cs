using Custodia.Identity.Applications;
using Custodia.Identity.Protocol;
using Custodia.Identity.Revocation;
using Custodia.Identity.Users;

namespace Custodia.Identity.Tokens;

/// <summary>
/// What an access token is worth now: it is genuine; and, because it is our own, also whether it, its grant, its person or its
/// application has ended since.
/// </summary>
internal sealed class AccessTokens(JwtAccessTokens jwts, OpaqueAccessTokens references, ApplicationCache applications, RevokedTokens revoked, Grants grants)
{
    /// <summary>The token with everything behind it; null when it is worth nothing.</summary>
    public async ValueTask<LiveToken?> ReadAsync(string text, CancellationToken cancellation)
    {
        var facts = OpaqueAccessTokens.Looks(text) ? await references.FindAsync(text, cancellation) : await jwts.ReadAsync(text, cancellation);
        return facts is null ? null : await LiveAsync(facts, cancellation);
    }

    private async ValueTask<LiveToken?> LiveAsync(TokenFacts facts, CancellationToken cancellation)
    {
        if (await applications.FindAsync(facts.Issuer.DirectoryId, facts.ClientId, cancellation) is not { } application) return null;
        if (await revoked.IsRevokedAsync(facts.Jti, cancellation)) return null;
        var live = new LiveToken(facts, application);
        if (facts.GrantId is not { } id) return application.ActsForPeople ? null : live;
        if (await GranteeAsync(facts, application, cancellation) is not { } grantee) return null;
        return await grants.FindAsync(id, cancellation) is { Holder: { } holder, Grant: { } grant } && grant.ApplicationId == grantee.Id
            ? live with { Grant = grant, Holder = holder }
            : null;
    }

    /// <summary>
    /// The application that the person signed in to: of an exchanged token the first of its chain, as long as every token on the way
    /// is good and each service may still exchange those of the one before.
    /// </summary>
    private async ValueTask<ApplicationModel?> GranteeAsync(TokenFacts facts, ApplicationModel application, CancellationToken cancellation)
    {
        if (facts.Delegation is not { } delegation) return application;
        var latest = application;
        foreach (var origin in delegation.Origins.Reverse())
        {
            if (!latest.ExchangeFrom.Contains(origin.ClientId) || await revoked.IsRevokedAsync(origin.Jti, cancellation)) return null;
            if (await applications.FindAsync(facts.Issuer.DirectoryId, origin.ClientId, cancellation) is not { } earlier) return null;
            latest = earlier;
        }

        return latest;
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

    /// <summary>What it says, without what has been taken from the application since.</summary>
    public IReadOnlyList<string> Scopes { get; } = Application.Keep(Facts.Scopes);

    /// <summary>Thumbprint of the key it is bound to; null for a bearer token.</summary>
    public string? Key => Facts.Key;

    public bool IsFor(string audience) => Facts.Audiences.Contains(audience, StringComparer.Ordinal);

    /// <summary>Never the token.</summary>
    public override string ToString() => Facts.ToString();
}
