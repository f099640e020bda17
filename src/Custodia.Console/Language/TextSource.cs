using System.Globalization;
using System.Resources;

namespace Custodia.Console;

/// <summary>
/// The texts of one resource file and its translations, read in the language of the current request. A key that is
/// missing is a mistake in the code and throws.
/// </summary>
/// <param name="resourceName">Full name of the embedded resource without language and extension, for example <c>Custodia.Tickets.Texts</c>.</param>
/// <param name="assembly">The assembly that holds it.</param>
/// <example><code>
/// internal static class Texts
/// {
///     private static readonly TextSource Source = new("Custodia.Tickets.Texts", typeof(Texts).Assembly);
///     public static string Of(string key, params object[] values) => Source.Of(key, values);
/// }
/// </code></example>
public sealed class TextSource(string resourceName, System.Reflection.Assembly assembly)
{
    private readonly ResourceManager _resources = new(resourceName, assembly);

    /// <summary>The text of a key in the language of the request (<see cref="CultureInfo.CurrentUICulture"/>).</summary>
    /// <exception cref="MissingManifestResourceException">Neither the language nor the default has the key.</exception>
    public string this[string key] =>
        _resources.GetString(key, CultureInfo.CurrentUICulture)
        ?? throw new MissingManifestResourceException($"The text '{key}' is missing in {resourceName}.");

    /// <summary>The text of a key in a given language, its placeholders as they stand.</summary>
    /// <exception cref="MissingManifestResourceException">Neither the language nor the default has the key.</exception>
    public string In(CultureInfo culture, string key) =>
        _resources.GetString(key, culture) ?? throw new MissingManifestResourceException($"The text '{key}' is missing in {resourceName}.");

    /// <summary>The text of a key with its placeholders <c>{0}</c>, <c>{1}</c> … filled.</summary>
    public string Of(string key, params object?[] values) =>
        values.Length == 0 ? this[key] : string.Format(CultureInfo.CurrentCulture, this[key], values);

    /// <summary>The keys of one language, without falling back to the default; empty if there is no such translation.</summary>
    public IReadOnlyCollection<string> Keys(CultureInfo culture)
    {
        if (_resources.GetResourceSet(culture, createIfNotExists: true, tryParents: false) is not { } set)
            return [];
        return [.. set.Cast<System.Collections.DictionaryEntry>().Select(e => (string)e.Key)];
    }
}
