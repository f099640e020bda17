using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
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
        // What runs without a request's language runs in the default one, wherever the server stands.
        CultureInfo.DefaultThreadCurrentCulture = CultureInfo.DefaultThreadCurrentUICulture = CultureInfo.GetCultureInfo(Supported[0]);
        app.UseWhen(Asks, asked => asked.UseRequestLocalization(options));
        return app;
    }

    // Programs that call an API rarely do, and choosing costs more than looking.
    private static bool Asks(HttpContext http)
    {
        var request = http.Request;
        if (request.Headers.AcceptLanguage.Count > 0
            || request.QueryString.Value?.Contains("locales", StringComparison.Ordinal) == true
            || request.Headers.Cookie.ToString().Contains(CookieName, StringComparison.Ordinal))
            return true;
        http.Response.Headers.ContentLanguage = Supported[0];
        return false;
    }

    /// <summary>
    /// The languages that a request asks for, best first: <c>?ui_locales=</c>, the cookie, Accept-Language (RFC 9110, section 12.5.4).
    /// Unlike the language of the pages they can be any. At most 16; those that are no tags are left out.
    /// </summary>
    public static IReadOnlyList<string> Wanted(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var accepted = context.Request.GetTypedHeaders().AcceptLanguage
            .Where(l => l.Quality is not 0).OrderByDescending(l => l.Quality ?? 1).Select(l => l.Value.ToString());
        return [.. Tags(context.Request.Query["ui_locales"]).Append(context.Request.Cookies[CookieName] ?? "").Concat(accepted).Where(IsTag).Take(16)];
    }

    private static bool IsTag(string text) =>
        text.Length is >= 2 and <= 35 && char.IsAsciiLetter(text[0]) && text.All(c => char.IsAsciiLetterOrDigit(c) || c == '-');

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
