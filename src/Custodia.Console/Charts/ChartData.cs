using System.Text.Json;
using System.Text.Json.Serialization;

namespace Custodia.Console;

/// <summary>How a <see cref="Chart"/> is drawn.</summary>
public enum ChartKind
{
    /// <summary>Development over time.</summary>
    Line,

    /// <summary>Development over time, filled.</summary>
    Area,

    /// <summary>Amounts side by side.</summary>
    Bar,

    /// <summary>Parts of a whole; uses the first series.</summary>
    Ring,
}

/// <summary>One line, or one set of bars, of a chart.</summary>
/// <param name="Name">What it shows.</param>
/// <param name="Values">One value for each label; null leaves a gap.</param>
public sealed record ChartSeries(string Name, IReadOnlyList<double?> Values);

/// <summary>A value of one country.</summary>
/// <param name="Code">ISO 3166-1 alpha-2; anything else counts as unknown.</param>
/// <param name="Value">Zero or more.</param>
public sealed record CountryValue(string Code, double Value);

/// <summary>What charts.js reads.</summary>
internal static class ChartData
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    public static string Of(
        ChartKind kind, IReadOnlyList<string> labels, IReadOnlyList<ChartSeries> series, string? unit, bool stacked) =>
        JsonSerializer.Serialize(new { Kind = KindName(kind), Labels = labels, Series = series, Unit = unit, Stacked = stacked }, Options);

    public static string OfCountries(IEnumerable<CountryValue> values, string? unit) =>
        JsonSerializer.Serialize(new { Countries = Known(values), Unit = unit }, Options);

    private static string KindName(ChartKind kind) => kind switch
    {
        ChartKind.Area => "area",
        ChartKind.Bar => "bar",
        ChartKind.Ring => "ring",
        _ => "line",
    };

    private static IEnumerable<object> Known(IEnumerable<CountryValue> values) =>
        from value in values
        let id = Country.Numeric(value.Code)
        where id is not null
        select (object)new { Id = id, Code = value.Code.ToUpperInvariant(), value.Value };
}
