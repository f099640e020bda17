using System.Globalization;
using Custodia.Console;

namespace Custodia.Tickets;

/// <summary>The texts of this module.</summary>
internal static class Texts
{
    public static readonly TextSource Source = new("Custodia.Tickets.Texts", typeof(Texts).Assembly);

    public static string Of(string key, params object?[] values) => Source.Of(key, values);

    /// <summary>Speaks another language than the request's until disposed: that of the person who will read it.</summary>
    public static IDisposable In(string language) => new Spoken(language);

    private sealed class Spoken : IDisposable
    {
        private readonly CultureInfo _before = CultureInfo.CurrentUICulture;

        public Spoken(string language) =>
            CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo(language.StartsWith("zh", StringComparison.OrdinalIgnoreCase) ? "zh" : "en");

        public void Dispose() => CultureInfo.CurrentUICulture = _before;
    }
}
