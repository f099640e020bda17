namespace Custodia.Identity.Sources;

/// <summary>A source as the API shows it; never its secret.</summary>
/// <param name="RedirectUri">What has to be registered at the provider.</param>
internal sealed record SourceView(
    Guid Id,
    string Name,
    SourceKind Kind,
    string RedirectUri,
    bool HasSecret,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt,
    SourceSettings Settings)
{
    public static SourceView Of(AuthenticationSource source, string front) => new(
        source.Id,
        source.Name,
        source.Kind,
        $"{front}/sources/{source.Name}/callback",
        source.ClientSecret is not null,
        source.CreatedAt,
        source.UpdatedAt,
        SourceSettings.Of(source));
}

/// <summary>What can be set on a source. Null leaves a value as it is (update) or takes the default (create).</summary>
/// <param name="Title">1 to 60 characters: what people read on the button.</param>
/// <param name="Enabled">Whether it is offered; default true.</param>
/// <param name="Issuer">OpenID Connect: https address (http for a loopback host) without query and fragment; its discovery document is read when this is set.</param>
/// <param name="AuthorizationEndpoint">OAuth 2.0: https address.</param>
/// <param name="TokenEndpoint">OAuth 2.0: https address.</param>
/// <param name="UserinfoEndpoint">OAuth 2.0: https address whose JSON answer tells about the person.</param>
/// <param name="ClientId">1 to 255 characters.</param>
/// <param name="ClientSecret">Up to 1,000 characters; empty clears. Never shown again.</param>
/// <param name="Scopes">Scope values; default <c>openid email profile</c> for OpenID Connect.</param>
/// <param name="SubjectClaim">OAuth 2.0: the member that identifies the person, e.g. <c>id</c>; default <c>sub</c>.</param>
/// <param name="EmailClaim">Default <c>email</c>.</param>
/// <param name="NameClaim">Default <c>name</c>.</param>
/// <param name="TrustsEmail">Whether <c>email_verified</c> of this provider counts here; default false.</param>
/// <param name="SignUp">Whether new people may join through it; default true. Never in a staff directory.</param>
internal record SourceSettings(
    string? Title = null,
    bool? Enabled = null,
    string? Issuer = null,
    string? AuthorizationEndpoint = null,
    string? TokenEndpoint = null,
    string? UserinfoEndpoint = null,
    string? ClientId = null,
    string? ClientSecret = null,
    IReadOnlyList<string>? Scopes = null,
    string? SubjectClaim = null,
    string? EmailClaim = null,
    string? NameClaim = null,
    bool? TrustsEmail = null,
    bool? SignUp = null)
{
    public static SourceSettings Of(AuthenticationSource source) => new(
        source.Title,
        source.Enabled,
        source.Issuer,
        source.AuthorizationEndpoint,
        source.TokenEndpoint,
        source.UserinfoEndpoint,
        source.ClientId,
        ClientSecret: null,
        Protocol.Scopes.Split(source.Scopes),
        source.SubjectClaim,
        source.EmailClaim,
        source.NameClaim,
        source.TrustsEmail,
        source.SignUp);

    /// <summary>Writes what is set to a source; the secret is the registry's business.</summary>
    public void ApplyTo(AuthenticationSource source)
    {
        source.Title = Title?.Trim() ?? source.Title;
        source.Enabled = Enabled ?? source.Enabled;
        source.Issuer = Issuer?.Trim() ?? source.Issuer;
        source.AuthorizationEndpoint = AuthorizationEndpoint?.Trim() ?? source.AuthorizationEndpoint;
        source.TokenEndpoint = TokenEndpoint?.Trim() ?? source.TokenEndpoint;
        source.UserinfoEndpoint = UserinfoEndpoint?.Trim() ?? source.UserinfoEndpoint;
        source.ClientId = ClientId?.Trim() ?? source.ClientId;
        if (Scopes is not null) source.Scopes = Protocol.Scopes.Join(Scopes.Distinct(StringComparer.Ordinal));
        source.SubjectClaim = Or(SubjectClaim, source.SubjectClaim);
        source.EmailClaim = Or(EmailClaim, source.EmailClaim);
        source.NameClaim = Or(NameClaim, source.NameClaim);
        source.TrustsEmail = TrustsEmail ?? source.TrustsEmail;
        source.SignUp = SignUp ?? source.SignUp;
    }

    /// <summary>Never the content: it may hold a secret.</summary>
    public override string ToString() => "(source)";

    private static string Or(string? value, string other) => string.IsNullOrWhiteSpace(value) ? other : value.Trim();
}

/// <param name="Name"><c>[a-z0-9-]{2,40}</c>, unique in the directory, never changed.</param>
/// <param name="Kind"><c>openIdConnect</c> or <c>oAuth2</c>, never changed.</param>
internal sealed record NewSource(string Name, SourceKind Kind) : SourceSettings
{
    public override string ToString() => "(source)";
}

internal sealed record SourceList(IReadOnlyList<SourceView> Items, string? NextCursor);
