namespace Custodia.Identity.Branding;

/// <summary>The look of a directory. In a change, null leaves a value as it is and empty clears it.</summary>
/// <param name="Colour"><c>#rrggbb</c>; contrast is corrected for both themes.</param>
/// <param name="Logo">A data: image (PNG, JPEG, GIF, WebP or SVG in base64) up to 64 KiB, or a path of this server.</param>
/// <param name="Lead">One sentence above the sign-in form, up to 200 characters.</param>
/// <param name="LeadZh">The same in Chinese; else the English one is shown.</param>
/// <param name="SupportAddress">https or mailto: address.</param>
/// <param name="TermsAddress">https address.</param>
/// <param name="PrivacyAddress">https address.</param>
/// <param name="CustomDomain">Host at which people sign in, with a port where it is not the usual one. It must lead to this server.</param>
internal sealed record BrandingSettings(
    string? Colour = null,
    string? Logo = null,
    string? Lead = null,
    string? LeadZh = null,
    string? SupportAddress = null,
    string? TermsAddress = null,
    string? PrivacyAddress = null,
    string? CustomDomain = null)
{
    public static BrandingSettings Of(DirectoryBranding? branding) => branding is null
        ? new BrandingSettings()
        : new BrandingSettings(
            branding.Colour, branding.Logo, branding.Lead, branding.LeadZh, branding.SupportAddress, branding.TermsAddress, branding.PrivacyAddress, branding.CustomDomain);

    public void ApplyTo(DirectoryBranding branding)
    {
        branding.Colour = Set(Colour, branding.Colour);
        branding.Logo = Set(Logo, branding.Logo);
        branding.Lead = Set(Lead, branding.Lead);
        branding.LeadZh = Set(LeadZh, branding.LeadZh);
        branding.SupportAddress = Set(SupportAddress, branding.SupportAddress);
        branding.TermsAddress = Set(TermsAddress, branding.TermsAddress);
        branding.PrivacyAddress = Set(PrivacyAddress, branding.PrivacyAddress);
        branding.CustomDomain = Set(CustomDomain, branding.CustomDomain)?.ToLowerInvariant();
    }

    private static string? Set(string? wanted, string? now) => wanted is null ? now : string.IsNullOrWhiteSpace(wanted) ? null : wanted.Trim();
}
