using Custodia.Console;

namespace Custodia.Identity.Merging;

/// <summary>Texts about making one account of two.</summary>
internal static class MergeTexts
{
    private static readonly TextSource Source = new("Custodia.Identity.Merging.MergeTexts", typeof(MergeTexts).Assembly);

    public static string Of(string key, params object[] values) => Source.Of(key, values);
}
