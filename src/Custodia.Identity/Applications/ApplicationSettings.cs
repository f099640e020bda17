using Custodia.Identity.Keys;

namespace Custodia.Identity.Applications;

/// <summary>What can be set on an application. Null leaves a value as it is (update) or takes the default (create).</summary>
/// <param name="Name">1 to 100 characters; people read it on the consent page.</param>
/// <param name="RedirectUris">At most 50; https, http on loopback only, private-use schemes for native.</param>
/// <param name="PostLogoutUris">Where a browser may go after signing out; the same rules.</param>
/// <param name="Scopes">Standard scopes it may ask a person for, and scopes of its own resources.</param>
/// <param name="Permissions">Permissions of the server's API; staff directories only, and only those the caller has.</param>
/// <param name="Resources">Audiences it may ask tokens for (RFC 8707).</param>
/// <param name="DeviceGrant">Whether devices without a browser may use it (RFC 8628); web and native only. Redirect URIs may then be missing.</param>
/// <param name="BackchannelLogoutUri">Told when a session of its people ends; https, http on loopback only; empty: nowhere. Not for m2m.</param>
/// <param name="AccessTokenSeconds">30 to 86,400; default 600.</param>
/// <param name="IdTokenSeconds">30 to 86,400; default 600.</param>
/// <param name="RefreshIdleDays">1 to 365; default 14.</param>
/// <param name="RefreshDays">1 to 365; default 90.</param>
/// <param name="RefreshOverlapSeconds">0 to 30; default 0.</param>
/// <param name="SigningAlgorithm"><c>ES256</c> (default) or <c>RS256</c>.</param>
internal record ApplicationSettings(
    string? Name = null,
    bool? Enabled = null,
    IReadOnlyList<string>? RedirectUris = null,
    IReadOnlyList<string>? PostLogoutUris = null,
    IReadOnlyList<string>? Scopes = null,
    IReadOnlyList<string>? Permissions = null,
    IReadOnlyList<string>? Resources = null,
    bool? ConsentRequired = null,
    bool? DeviceGrant = null,
    string? BackchannelLogoutUri = null,
    int? AccessTokenSeconds = null,
    int? IdTokenSeconds = null,
    int? RefreshIdleDays = null,
    int? RefreshDays = null,
    int? RefreshOverlapSeconds = null,
    string? SigningAlgorithm = null)
{
    public ProtocolSettings? Protocol { get; init; }

    /// <summary>The settings of an application as they are.</summary>
    public static ApplicationSettings Of(Application application) => new(
        application.Name,
        application.Enabled,
        Lines(application.RedirectUris),
        Lines(application.PostLogoutUris),
        Identity.Protocol.Scopes.Split(application.Scopes),
        Identity.Protocol.Scopes.Split(application.Permissions),
        Lines(application.Resources),
        application.ConsentRequired,
        application.DeviceGrant,
        application.BackchannelLogoutUri ?? "",
        application.AccessTokenSeconds,
        application.IdTokenSeconds,
        application.RefreshIdleDays,
        application.RefreshDays,
        application.RefreshOverlapSeconds,
        application.SigningAlgorithm)
    {
        Protocol = ProtocolSettings.Of(application),
    };

    /// <summary>These settings, with what they leave open taken from others.</summary>
    public ApplicationSettings Over(ApplicationSettings others) => new(
        Name ?? others.Name,
        Enabled ?? others.Enabled,
        RedirectUris ?? others.RedirectUris,
        PostLogoutUris ?? others.PostLogoutUris,
        Scopes ?? others.Scopes,
        Permissions ?? others.Permissions,
        Resources ?? others.Resources,
        ConsentRequired ?? others.ConsentRequired,
        DeviceGrant ?? others.DeviceGrant,
        BackchannelLogoutUri ?? others.BackchannelLogoutUri,
        AccessTokenSeconds ?? others.AccessTokenSeconds,
        IdTokenSeconds ?? others.IdTokenSeconds,
        RefreshIdleDays ?? others.RefreshIdleDays,
        RefreshDays ?? others.RefreshDays,
        RefreshOverlapSeconds ?? others.RefreshOverlapSeconds,
        SigningAlgorithm ?? others.SigningAlgorithm)
    {
        Protocol = Protocol?.Over(others.Protocol ?? ProtocolSettings.Defaults) ?? others.Protocol,
    };

    public static ApplicationSettings Defaults(ApplicationKind kind) => new(
        Name: null,
        Enabled: true,
        RedirectUris: [],
        PostLogoutUris: [],
        Scopes: kind == ApplicationKind.M2m ? [] : Identity.Protocol.Scopes.Standard,
        Permissions: [],
        Resources: [],
        ConsentRequired: false,
        DeviceGrant: false,
        BackchannelLogoutUri: "",
        ApplicationRules.DefaultAccessTokenSeconds,
        ApplicationRules.DefaultIdTokenSeconds,
        ApplicationRules.DefaultRefreshIdleDays,
        ApplicationRules.DefaultRefreshDays,
        RefreshOverlapSeconds: 0,
        SignatureAlgorithm.Es256)
    {
        Protocol = ProtocolSettings.Defaults,
    };

    /// <summary>Writes complete, checked settings to an application.</summary>
    public void ApplyTo(Application application)
    {
        application.Name = Name!.Trim();
        application.Enabled = Enabled!.Value;
        application.RedirectUris = string.Join('\n', RedirectUris!);
        application.PostLogoutUris = string.Join('\n', PostLogoutUris!);
        application.Scopes = Identity.Protocol.Scopes.Join(Scopes!.Distinct(StringComparer.Ordinal));
        application.Permissions = Identity.Protocol.Scopes.Join(Permissions!.Distinct(StringComparer.Ordinal));
        application.Resources = string.Join('\n', Resources!);
        application.ConsentRequired = ConsentRequired!.Value;
        application.DeviceGrant = DeviceGrant!.Value;
        application.BackchannelLogoutUri = string.IsNullOrEmpty(BackchannelLogoutUri) ? null : BackchannelLogoutUri;
        application.AccessTokenSeconds = AccessTokenSeconds!.Value;
        application.IdTokenSeconds = IdTokenSeconds!.Value;
        application.RefreshIdleDays = RefreshIdleDays!.Value;
        application.RefreshDays = RefreshDays!.Value;
        application.RefreshOverlapSeconds = RefreshOverlapSeconds!.Value;
        application.SigningAlgorithm = SigningAlgorithm!;
        Protocol!.ApplyTo(application);
    }

    private static string[] Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
