using Custodia.Identity.Keys;
using Custodia.Identity.Protocol;

namespace Custodia.Identity.Applications;

/// <summary>What an application may be configured to; reports every finding at once.</summary>
internal static class ApplicationRules
{
    public const int MaxName = 100;
    public const int MaxUris = 50;
    public const int MaxScopes = 200;

    public const int DefaultAccessTokenSeconds = 600;
    public const int DefaultIdTokenSeconds = 600;
    public const int DefaultRefreshIdleDays = 14;
    public const int DefaultRefreshDays = 90;

    private const int MinTokenSeconds = 30;
    private const int MaxTokenSeconds = 86_400;
    private const int MaxRefreshDays = 365;
    private const int MaxOverlapSeconds = 30;

    /// <summary>Checks the settings against the kind, the directory and what the caller may pass on.</summary>
    /// <param name="known">All permissions of the server.</param>
    /// <param name="callerHas">Whether the caller has a permission: nobody gives away more than they have.</param>
    public static List<(string Field, string Rule)> Check(
        ApplicationKind kind, ApplicationSettings settings, bool staffDirectory, IReadOnlySet<string> known, Func<string, bool> callerHas)
    {
        var findings = new List<(string, string)>();
        // People decide by it on the consent page.
        if (!ShownText.IsLine(settings.Name, MaxName)) findings.Add(("name", ShownText.RuleOf(MaxName)));
        CheckUris(kind, settings, findings);
        CheckChannels(kind, settings, findings);
        CheckScopes(kind, settings, findings);
        CheckPermissions(kind, settings, staffDirectory, known, callerHas, findings);
        CheckNumbers(settings, findings);
        findings.AddRange(ProtocolRules.Check(kind, settings.Protocol ?? ProtocolSettings.Defaults));
        return findings;
    }

    private static void CheckUris(ApplicationKind kind, ApplicationSettings settings, List<(string, string)> findings)
    {
        var redirects = settings.RedirectUris ?? [];
        if (redirects.Count > MaxUris) findings.Add(("redirectUris", $"at most {MaxUris}"));
        if (kind == ApplicationKind.M2m && redirects.Count > 0) findings.Add(("redirectUris", "none for m2m applications"));
        if (kind != ApplicationKind.M2m && redirects.Count == 0 && settings.DeviceGrant != true) findings.Add(("redirectUris", "at least one"));
        foreach (var uri in redirects)
        {
            if ((RedirectUris.Fault(kind, uri) ?? RedirectUris.AnswerFault(uri)) is { } fault) findings.Add(("redirectUris", fault));
        }

        if (settings.PostLogoutUris is { Count: > MaxUris }) findings.Add(("postLogoutUris", $"at most {MaxUris}"));
        foreach (var uri in settings.PostLogoutUris ?? [])
        {
            if (RedirectUris.Fault(kind, uri) is { } fault) findings.Add(("postLogoutUris", fault));
        }

        if (settings.Resources is { Count: > MaxUris }) findings.Add(("resources", $"at most {MaxUris}"));
        foreach (var resource in settings.Resources ?? [])
        {
            if (!IsResource(resource)) findings.Add(("resources", "absolute URIs without a fragment"));
        }
    }

    // RFC 8707 section 2: an absolute URI without a fragment. .NET takes file paths for one; people read it on the consent page.
    private static bool IsResource(string text) =>
        text.Length <= RedirectUris.MaxLength
        && !text.AsSpan().ContainsAnyExceptInRange('\x21', '\x7e')
        && text.AsSpan().IndexOfAny("#\"<>\\^`{|}") < 0
        && Uri.TryCreate(text, UriKind.Absolute, out var uri)
        && text.StartsWith(uri.Scheme + ":", StringComparison.OrdinalIgnoreCase)
        && uri.UserInfo.Length == 0;

    private static void CheckChannels(ApplicationKind kind, ApplicationSettings settings, List<(string, string)> findings)
    {
        if (settings.DeviceGrant == true && kind is not (ApplicationKind.Web or ApplicationKind.Native))
            findings.Add(("deviceGrant", "web and native applications only"));
        if (string.IsNullOrEmpty(settings.BackchannelLogoutUri)) return;
        if (kind == ApplicationKind.M2m) findings.Add(("backchannelLogoutUri", "none for m2m applications"));
        // Back-Channel Logout 1.0 section 2.2: an absolute URI without a fragment; a server reads it, so no private-use schemes.
        if (RedirectUris.Fault(ApplicationKind.Web, settings.BackchannelLogoutUri) is { } fault) findings.Add(("backchannelLogoutUri", fault));
    }

    private static void CheckScopes(ApplicationKind kind, ApplicationSettings settings, List<(string, string)> findings)
    {
        var scopes = settings.Scopes ?? [];
        if (scopes.Count > MaxScopes) findings.Add(("scopes", $"at most {MaxScopes}"));
        if (scopes.Any(s => !Scopes.IsToken(s))) findings.Add(("scopes", "visible ASCII without blanks, quotes and backslashes"));
        if (kind == ApplicationKind.M2m && scopes.Any(Scopes.Meaningful.Contains)) findings.Add(("scopes", "no scopes about people for m2m applications"));
    }

    private static void CheckPermissions(
        ApplicationKind kind,
        ApplicationSettings settings,
        bool staffDirectory,
        IReadOnlySet<string> known,
        Func<string, bool> callerHas,
        List<(string, string)> findings)
    {
        var permissions = settings.Permissions ?? [];
        if (permissions.Count == 0) return;
        if (!staffDirectory) findings.Add(("permissions", "only for applications of a staff directory"));
        if (kind == ApplicationKind.Spa && settings.ConsentRequired != true) findings.Add(("permissions", "spa applications with permissions must ask for consent"));
        foreach (var permission in permissions)
        {
            if (!known.Contains(permission)) findings.Add(("permissions", "known permissions only"));
            else if (!callerHas(permission)) findings.Add(("permissions", "only permissions that you have"));
        }
    }

    private static void CheckNumbers(ApplicationSettings settings, List<(string, string)> findings)
    {
        if (settings.AccessTokenSeconds is < MinTokenSeconds or > MaxTokenSeconds) findings.Add(("accessTokenSeconds", $"{MinTokenSeconds} to {MaxTokenSeconds}"));
        if (settings.IdTokenSeconds is < MinTokenSeconds or > MaxTokenSeconds) findings.Add(("idTokenSeconds", $"{MinTokenSeconds} to {MaxTokenSeconds}"));
        if (settings.RefreshIdleDays is < 1 or > MaxRefreshDays) findings.Add(("refreshIdleDays", $"1 to {MaxRefreshDays}"));
        if (settings.RefreshDays is < 1 or > MaxRefreshDays) findings.Add(("refreshDays", $"1 to {MaxRefreshDays}"));
        if (settings.RefreshOverlapSeconds is < 0 or > MaxOverlapSeconds) findings.Add(("refreshOverlapSeconds", $"0 to {MaxOverlapSeconds}"));
        if (settings.SigningAlgorithm is { } algorithm && !SignatureAlgorithm.All.Contains(algorithm, StringComparer.Ordinal))
            findings.Add(("signingAlgorithm", string.Join(" or ", SignatureAlgorithm.All)));
    }
}
