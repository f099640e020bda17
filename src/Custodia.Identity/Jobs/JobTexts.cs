using System.Collections.Frozen;
using System.Globalization;
using Custodia.Console;
using Custodia.Identity.Registration;

namespace Custodia.Identity.Jobs;

/// <summary>Texts of the pages about imports and exports.</summary>
internal static class JobTexts
{
    private static readonly TextSource Source = new("Custodia.Identity.Jobs.JobTexts", typeof(JobTexts).Assembly);

    // Where a key stands; ours first.
    private static readonly FrozenDictionary<string, TextSource> Homes = new[] { Source, Texts.Source, RegistrationTexts.Source }
        .SelectMany(source => source.Keys(CultureInfo.InvariantCulture).Select(key => (Key: key, Source: source)))
        .DistinctBy(home => home.Key, StringComparer.Ordinal)
        .ToFrozenDictionary(home => home.Key, home => home.Source, StringComparer.Ordinal);

    public static string Of(string key, params object?[] values) => Source.Of(key, values);

    /// <summary>What people call the field of a finding; a column of the file, or an attribute, by its own name.</summary>
    public static string Field(string name) => Told("Field_" + name) ?? name;

    /// <summary>The rule of a finding in words; its code where there are none.</summary>
    public static string Rule(string rule) => Told("Rule_" + rule) ?? rule;

    private static string? Told(string key) => Homes.GetValueOrDefault(key)?[key];
}
