using Custodia.Kernel.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Custodia.Console;

/// <summary>The forms of the display menu: they keep a choice in a cookie and go back to where the person was.</summary>
internal static class DisplaySwitches
{
    public const string LanguagePath = "/display/language";
    public const string ThemePath = "/display/theme";

    public static void MapDisplaySwitches(this IEndpointRouteBuilder app)
    {
        // Public pages stay cacheable without an antiforgery cookie; a foreign origin is refused by its headers instead.
        var switches = app.MapGroup("").ExcludeFromDescription().DisableAntiforgery();
        switches.MapPost(LanguagePath, SwitchLanguage);
        switches.MapPost(ThemePath, SwitchTheme);
    }

    private static IResult SwitchLanguage(HttpContext http, [FromForm] string? value, [FromForm(Name = "return")] string? back) =>
        LanguageChoice.Match(value ?? "") is { } language
            ? Keep(http, LanguageChoice.CookieName, language, back)
            : Problem.Invalid(("value", "language"));

    private static IResult SwitchTheme(HttpContext http, [FromForm] string? value, [FromForm(Name = "return")] string? back) =>
        value is "light" or "dark" or "auto"
            ? Keep(http, Theme.CookieName, value, back)
            : Problem.Invalid(("value", "theme"));

    private static IResult Keep(HttpContext http, string cookie, string value, string? back)
    {
        if (http.Request.Headers["Sec-Fetch-Site"].ToString() is "cross-site" or "same-site")
            return Problem.Forbidden("foreign-form", "The form is not from this site.");
        if (!LocalPath.IsLocal(back))
            return Problem.Invalid(("return", "local-path"));
        http.Response.Cookies.Append(cookie, value, new CookieOptions
        {
            HttpOnly = true,
            SameSite = SameSiteMode.Lax,
            Secure = http.Request.IsHttps,
            MaxAge = TimeSpan.FromDays(365),
            IsEssential = true,
        });
        return new SeeOther(back!);
    }
}
