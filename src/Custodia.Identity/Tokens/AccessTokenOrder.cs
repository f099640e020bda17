using Custodia.Identity.Applications;
using Custodia.Identity.Protocol;

namespace Custodia.Identity.Tokens;

/// <summary>An access token that is to be made, in whichever form.</summary>
internal readonly record struct AccessTokenOrder
{
    public required Issuer Issuer { get; init; }

    /// <summary>Whom it is given to.</summary>
    public required ApplicationModel Application { get; init; }

    public required string Audience { get; init; }

    /// <summary>Scope values separated by blanks.</summary>
    public required string Scope { get; init; }

    public required TimeSpan Life { get; init; }

    /// <summary>The issuer as a second audience, for userinfo.</summary>
    public string? SecondAudience { get; init; }

    /// <summary>What a person granted; null for an application that acts for itself.</summary>
    public Grant? Grant { get; init; }

    /// <summary>Thumbprint of the key it is bound to (RFC 9449 section 6); null for a bearer token.</summary>
    public string? Key { get; init; }

    /// <summary>Who acts for the person, for a token that was exchanged (RFC 8693).</summary>
    public Delegation? Delegation { get; init; }

    /// <summary>The person; for an application that acts for itself its client id.</summary>
    public string Subject => Grant?.UserId.ToString() ?? Application.ClientId;

    /// <summary>Whether it is for userinfo or the server's own API.</summary>
    public bool IsForUs => SecondAudience is not null || Audience == Issuer.Url || Audience == Issuer.ApiAudience;

    /// <summary>A token from a grant, with the grant's scopes or fewer.</summary>
    public static AccessTokenOrder From(Issuer issuer, ApplicationModel application, Grant grant, IReadOnlyCollection<string> scopes, string? key)
    {
        var audience = grant.Resource ?? (application.Permissions.Overlaps(scopes) ? issuer.ApiAudience : issuer.Url);
        return new AccessTokenOrder
        {
            Issuer = issuer,
            Application = application,
            Audience = audience,
            SecondAudience = audience != issuer.Url && scopes.Contains(Scopes.OpenId) ? issuer.Url : null,
            Scope = Scopes.Join(scopes),
            Life = application.AccessTokenLife,
            Grant = grant,
            Key = key,
        };
    }
}
