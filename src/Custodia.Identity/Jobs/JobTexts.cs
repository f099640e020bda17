using Custodia.Console;

namespace Custodia.Identity.Jobs;

/// <summary>Texts of the pages about imports and exports.</summary>
internal static class JobTexts
{
    private static readonly TextSource Source = new("Custodia.Identity.Jobs.JobTexts", typeof(JobTexts).Assembly);

    public static string Of(string key, params object?[] values) => Source.Of(key, values);
}
