using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Localization;
using Microsoft.Extensions.Primitives;

namespace Custodia.Console;

/// <summary>The languages of the pages, and how a request's language is chosen.</summary>
public static class LanguageChoice
{
    /// <summary>The cookie that keeps a person's choice. Its value is one of <see cref="Supported"/>; nothing personal.</summary>
    public const string CookieName = "custodia_lang";

    /// <summary>BCP 47 tags of the languages, the default first.</summary>
    public static IReadOnlyList<string> Supported { get; } = ["en", "zh"];

    /// <summary>
    /// Sets the language of each request: <c>?ui_locales=</c> (OpenID Connect Core, section 3.1.2.1; tags separated by
    /// spaces), else the cookie, else Accept-Language, else English.
    /// </summary>
    /// <example><code>app.UseConsoleLocalization();</code></example>
    public static IApplicationBuilder UseConsoleLocalization(this IApplicationBuilder app)
    {
        var options = new RequestLocalizationOptions { ApplyCurrentCultureToResponseHeaders = true }
            .SetDefaultCulture(Supported[0])
            .AddSupportedCultures([.. Supported])
            .AddSupportedUICultures([.. Supported]);
        options.RequestCultureProviders =
        [
            new CustomRequestCultureProvider(http => Chosen(Tags(http.Request.Query["ui_locales"]))),
            new CustomRequestCultureProvider(http => Chosen([http.Request.Cookies[CookieName] ?? ""])),
            new AcceptLanguageHeaderRequestCultureProvider(),
        ];
        return app.UseRequestLocalization(options);
    }

    internal static string? Match(string tag) =>
        Supported.FirstOrDefault(known =>
            tag.StartsWith(known, StringComparison.OrdinalIgnoreCase) && (tag.Length == known.Length || tag[known.Length] == '-'));

    private static string[] Tags(StringValues value) =>
        value.ToString() is { Length: > 0 and < 200 } text ? text.Split(' ', StringSplitOptions.RemoveEmptyEntries) : [];

    private static Task<ProviderCultureResult?> Chosen(string[] tags)
    {
        var found = tags.Select(Match).FirstOrDefault(t => t is not null);
        return Task.FromResult(found is null ? null : new ProviderCultureResult(found));
    }
}
