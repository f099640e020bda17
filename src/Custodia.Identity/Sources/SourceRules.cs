using System.Text.RegularExpressions;
using Custodia.Identity.Administration;

namespace Custodia.Identity.Sources;

/// <summary>What a source may be set to; reports every finding at once.</summary>
internal static partial class SourceRules
{
    private const int MaxClientId = 255;
    private const int MaxSecret = 1000;
    private const int MaxScopes = 20;

    public static void CheckName(Findings findings, string? name)
    {
        if (name is null || !NameShape().IsMatch(name)) findings.Add("name", "directory-name");
    }

    /// <summary>Checks what is set, and that the whole is complete for its kind.</summary>
    /// <param name="whole">The source with the settings applied.</param>
    public static void Check(Findings findings, SourceSettings settings, AuthenticationSource whole)
    {
        findings.CheckLine("title", whole.Title, AuthenticationSource.MaxTitle, "length-1-60");
        if (whole.ClientId.Length is 0 or > MaxClientId) findings.Add("clientId", "length-1-255");
        if (settings.ClientSecret is { Length: > MaxSecret }) findings.Add("clientSecret", "too-long");
        if (settings.Scopes is { } scopes && (scopes.Count > MaxScopes || scopes.Any(s => !Protocol.Scopes.IsToken(s)))) findings.Add("scopes", "scope-values");
        CheckClaim(findings, "subjectClaim", whole.SubjectClaim);
        CheckClaim(findings, "emailClaim", whole.EmailClaim);
        CheckClaim(findings, "nameClaim", whole.NameClaim);
        if (whole.Kind == SourceKind.OpenIdConnect)
        {
            CheckAddress(findings, "issuer", whole.Issuer);
            return;
        }

        CheckAddress(findings, "authorizationEndpoint", whole.AuthorizationEndpoint);
        CheckAddress(findings, "tokenEndpoint", whole.TokenEndpoint);
        CheckAddress(findings, "userinfoEndpoint", whole.UserinfoEndpoint);
    }

    /// <summary>https, or http to a loopback host; no user part, no fragment (and for an issuer no query: OpenID Connect Discovery section 3).</summary>
    public static bool IsAddress(string text, bool queryAllowed) =>
        text.Length <= AuthenticationSource.MaxAddress
        && Uri.TryCreate(text, UriKind.Absolute, out var address)
        && (address.Scheme == Uri.UriSchemeHttps || (address.Scheme == Uri.UriSchemeHttp && address.IsLoopback))
        && address.UserInfo.Length == 0
        && address.Fragment.Length == 0
        && (queryAllowed || address.Query.Length == 0);

    private static void CheckAddress(Findings findings, string field, string value)
    {
        if (!IsAddress(value, queryAllowed: field != "issuer")) findings.Add(field, "https-address");
    }

    private static void CheckClaim(Findings findings, string field, string value)
    {
        if (!ClaimShape().IsMatch(value)) findings.Add(field, "claim-name");
    }

    [GeneratedRegex("^[a-z0-9](-?[a-z0-9]){1,39}$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 200)]
    private static partial Regex NameShape();

    [GeneratedRegex("^[A-Za-z0-9_:/.-]{1,100}$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 200)]
    private static partial Regex ClaimShape();
}
