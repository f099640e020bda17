using System.Collections.Frozen;
using System.Globalization;
using Custodia.Console;

namespace Custodia.Identity.AgeGates;

/// <summary>Countries that people can say they live in.</summary>
internal static class Countries
{
    public static readonly FrozenSet<string> Codes = CultureInfo.GetCultures(CultureTypes.SpecificCultures)
        .Select(c => new RegionInfo(c.Name).TwoLetterISORegionName)
        .Where(code => code.Length == 2 && code.All(char.IsAsciiLetterUpper))
        .Concat(MinimumAges.ByCountry.Keys)
        .ToFrozenSet(StringComparer.Ordinal);

    /// <summary>All of them by their name in the language of the request.</summary>
    public static IReadOnlyList<Choice> Choices() =>
        [.. Codes.Select(code => new Choice(code, CountryName.Of(code))).OrderBy(c => c.Text, StringComparer.CurrentCulture)];
}
