using Custodia.Console;

namespace Custodia.Identity.Keys;

/// <summary>Texts of the console's page about signing keys.</summary>
internal static class KeyTexts
{
    private static readonly TextSource Source = new("Custodia.Identity.Keys.KeyTexts", typeof(KeyTexts).Assembly);

    public static string Of(string key, params object[] values) => Source.Of(key, values);
}
