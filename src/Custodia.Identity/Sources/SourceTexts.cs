using Custodia.Console;

namespace Custodia.Identity.Sources;

/// <summary>Texts about signing in elsewhere.</summary>
internal static class SourceTexts
{
    private static readonly TextSource Source = new("Custodia.Identity.Sources.SourceTexts", typeof(SourceTexts).Assembly);

    public static string Of(string key, params object[] values) => Source.Of(key, values);

    /// <summary>What a broken rule means; rules that other forms know too are explained there.</summary>
    public static string Rule(string rule) => rule is "directory-name" or "too-long" or "taken" or "control-characters" ? Texts.Rule(rule) : Of("Rule_" + rule);
}
