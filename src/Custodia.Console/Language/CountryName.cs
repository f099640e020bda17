using System.Globalization;

namespace Custodia.Console;

/// <summary>Names of countries and regions.</summary>
public static class CountryName
{
    /// <summary>The name in the language of the request (Unicode CLDR, as the platform has it); the letters where it has none.</summary>
    /// <param name="letters">ISO 3166-1 alpha-2.</param>
    public static string Of(string letters)
    {
        // With ICU, RegionInfo.DisplayName is the name in the country's own language. The own name of "our language, there" is in ours.
        var language = CultureInfo.CurrentUICulture.TwoLetterISOLanguageName == "zh" ? "zh-Hans" : "en";
        try
        {
            return new RegionInfo($"{language}-{letters}").NativeName;
        }
        catch (ArgumentException)
        {
            return letters;
        }
    }
}
