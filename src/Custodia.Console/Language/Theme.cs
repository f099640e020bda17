using Microsoft.AspNetCore.Http;

namespace Custodia.Console;

/// <summary>Light or dark: the browser's wish, unless a person chose one.</summary>
internal static class Theme
{
    /// <summary>The cookie that keeps a person's choice: <c>light</c>, <c>dark</c> or <c>auto</c>.</summary>
    public const string CookieName = "custodia_theme";

    /// <summary>The chosen theme, or null to follow the browser.</summary>
    public static string? Of(HttpContext? http) => http?.Request.Cookies[CookieName] switch
    {
        "light" => "light",
        "dark" => "dark",
        _ => null,
    };
}
