using Custodia.Console;

namespace Custodia.Identity.Statistics;

/// <summary>How figures are counted.</summary>
internal static class StatisticsTexts
{
    private static readonly TextSource Source = new("Custodia.Identity.Statistics.StatisticsTexts", typeof(StatisticsTexts).Assembly);

    public static string Of(string key, params object?[] values) => Source.Of(key, values);
}
