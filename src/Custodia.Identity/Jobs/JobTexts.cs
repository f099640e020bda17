using System.Collections.Frozen;
using System.Globalization;
using Custodia.Console;

namespace Custodia.Identity.Jobs;

/// <summary>Texts of the pages about imports and exports.</summary>
internal static class JobTexts
{
    private static readonly TextSource Source = new("Custodia.Identity.Jobs.JobTexts", typeof(JobTexts).Assembly);

    private static readonly FrozenSet<string> Own = Source.Keys(CultureInfo.InvariantCulture).ToFrozenSet(StringComparer.Ordinal);
    private static readonly FrozenSet<string> Shared = Texts.Source.Keys(CultureInfo.InvariantCulture).ToFrozenSet(StringComparer.Ordinal);

    public static string Of(string key, params object?[] values) => Source.Of(key, values);

    /// <summary>What people call the field of a finding; a column of the file, or an attribute, by its own name.</summary>
    public static string Field(string name) => Told("Field_" + name) ?? name;

    /// <summary>The rule of a finding in words; its code where there are none.</summary>
    public static string Rule(string rule) => Told("Rule_" + rule) ?? rule;

    private static string? Told(string key) => Own.Contains(key) ? Source[key] : Shared.Contains(key) ? Texts.Source[key] : null;
}
