using Custodia.Console;

namespace Custodia.Identity.Branding;

/// <summary>Texts about the look of a directory.</summary>
internal static class BrandingTexts
{
    private static readonly TextSource Source = new("Custodia.Identity.Branding.BrandingTexts", typeof(BrandingTexts).Assembly);

    public static string Of(string key, params object[] values) => Source.Of(key, values);

    public static string Rule(string rule) => Of("Rule_" + rule);
}
