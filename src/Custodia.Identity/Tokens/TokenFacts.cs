using Custodia.Identity.Protocol;

namespace Custodia.Identity.Tokens;

/// <summary>What an access token of ours says, whatever its form: genuine and not expired, but perhaps ended since.</summary>
/// <param name="ClientId">The application it was given to.</param>
/// <param name="GrantId">Null for client credentials.</param>
/// <param name="Key">Thumbprint of the key it is bound to; null for a bearer token.</param>
internal sealed record TokenFacts(Issuer Issuer, string ClientId, string Jti, string Subject, Guid? GrantId, string? Key)
{
    public required IReadOnlyList<string> Audiences { get; init; }

    public required string[] Scopes { get; init; }

    public required DateTimeOffset IssuedAt { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>How it came about, for a token that was exchanged (RFC 8693).</summary>
    public Delegation? Delegation { get; init; }

    /// <summary>Never the token.</summary>
    public override string ToString() => $"(token {Jti})";
}
