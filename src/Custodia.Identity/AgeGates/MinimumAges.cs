using System.Collections.Frozen;

namespace Custodia.Identity.AgeGates;

/// <summary>
/// The age from which the law of a country lets somebody agree by themselves to the processing of their data by an online service.
/// A start for the account's own judgement and no legal advice; docs/decisions/0010-age-gate.md names the laws.
/// </summary>
internal static class MinimumAges
{
    /// <summary>By ISO 3166-1 alpha-2 code, in full years.</summary>
    public static readonly FrozenDictionary<string, int> ByCountry = new Dictionary<string, int>(StringComparer.Ordinal)
    {
        // GDPR Article 8(1) with the laws of the members and of the European Economic Area.
        ["AT"] = 14,
        ["BE"] = 13,
        ["BG"] = 14,
        ["CY"] = 14,
        ["CZ"] = 15,
        ["DE"] = 16,
        ["DK"] = 13,
        ["EE"] = 13,
        ["ES"] = 14,
        ["FI"] = 13,
        ["FR"] = 15,
        ["GR"] = 15,
        ["HR"] = 16,
        ["HU"] = 16,
        ["IE"] = 16,
        ["IS"] = 13,
        ["IT"] = 14,
        ["LI"] = 16,
        ["LT"] = 14,
        ["LU"] = 16,
        ["LV"] = 13,
        ["MT"] = 13,
        ["NL"] = 16,
        ["NO"] = 13,
        ["PL"] = 16,
        ["PT"] = 13,
        ["RO"] = 16,
        ["SE"] = 13,
        ["SI"] = 15,
        ["SK"] = 16,

        // Laws of their own.
        ["BR"] = 12,
        ["CN"] = 14,
        ["GB"] = 13,
        ["IN"] = 18,
        ["KR"] = 14,
        ["US"] = 13,
    }.ToFrozenDictionary(StringComparer.Ordinal);
}
