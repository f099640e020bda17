using System.Text.RegularExpressions;
using Custodia.Identity.Administration;

namespace Custodia.Identity.Branding;

/// <summary>What a directory's look may be; reports every finding at once.</summary>
internal static partial class BrandingRules
{
    public static Findings Check(BrandingSettings settings)
    {
        var findings = new Findings();
        if (settings.Colour is { Length: > 0 } colour && !ColourShape().IsMatch(colour)) findings.Add("colour", "colour");
        if (settings.Logo is { Length: > 0 } logo && !LogoRules.IsLogo(logo)) findings.Add("logo", "logo");
        CheckLead(findings, "lead", settings.Lead);
        CheckLead(findings, "leadZh", settings.LeadZh);
        if (settings.SupportAddress is { Length: > 0 } support && !IsAddress(support) && !IsMail(support)) findings.Add("supportAddress", "https-or-mailto");
        if (settings.TermsAddress is { Length: > 0 } terms && !IsAddress(terms)) findings.Add("termsAddress", "https");
        if (settings.PrivacyAddress is { Length: > 0 } privacy && !IsAddress(privacy)) findings.Add("privacyAddress", "https");
        if (settings.CustomDomain is { Length: > 0 } domain && !IsHost(domain.Trim())) findings.Add("customDomain", "host");
        return findings;
    }

    private static void CheckLead(Findings findings, string field, string? text)
    {
        if (text is not null && (text.Length > DirectoryBranding.MaxLead || !ShownText.IsLine(text))) findings.Add(field, "one-line-200");
    }

    private static bool IsAddress(string text) =>
        text.Length <= DirectoryBranding.MaxAddress && Uri.TryCreate(text.Trim(), UriKind.Absolute, out var address) && address.Scheme == Uri.UriSchemeHttps && address.UserInfo.Length == 0;

    private static bool IsMail(string text) => text.StartsWith("mailto:", StringComparison.Ordinal) && Users.ProfileRules.IsEmail(text["mailto:".Length..]);

    // A last label of digits alone makes browsers read the host as an IPv4 address (URL Standard, 3.5).
    private static bool IsHost(string text) =>
        HostShape().IsMatch(text) && !text.Split(':')[0].Split('.')[^1].All(char.IsAsciiDigit) && Uri.TryCreate("https://" + text, UriKind.Absolute, out var address) && address.HostNameType == UriHostNameType.Dns;

    [GeneratedRegex("^#[0-9a-fA-F]{6}$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 200)]
    private static partial Regex ColourShape();

    [GeneratedRegex("^[a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?(\\.[a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?)*(:[0-9]{1,5})?$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 200)]
    private static partial Regex HostShape();
}
