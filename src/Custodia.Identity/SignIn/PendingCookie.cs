using Custodia.Identity.Protocol;
using Microsoft.AspNetCore.Http;

namespace Custodia.Identity.SignIn;

/// <summary>The cookie that binds a waiting sign-in to the browser in which it began: a random secret and nothing else.</summary>
internal static class PendingCookie
{
    public static byte[]? HashFor(HttpContext http, string directory) =>
        http.Request.Cookies[NameFor(http, directory)] is { } secret && OpaqueToken.Looks(secret) ? OpaqueToken.Hash(secret) : null;

    public static void Write(HttpContext http, string directory, string secret, DateTimeOffset expires) =>
        http.Response.Cookies.Append(NameFor(http, directory), secret, Options(http, expires));

    public static void Delete(HttpContext http, string directory) =>
        http.Response.Cookies.Delete(NameFor(http, directory), Options(http, null));

    // Not of the form of session cookies, so that it is never taken for one.
    private static string NameFor(HttpContext http, string directory) => (http.Request.IsHttps ? "__Host-" : "") + "waiting-" + directory;

    private static CookieOptions Options(HttpContext http, DateTimeOffset? expires) => new()
    {
        HttpOnly = true,
        Secure = http.Request.IsHttps,
        SameSite = SameSiteMode.Lax,
        Path = "/",
        Expires = expires,
        IsEssential = true,
    };
}
