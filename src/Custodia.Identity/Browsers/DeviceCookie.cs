using System.Security.Cryptography;
using System.Text;
using Custodia.Identity.Protocol;
using Microsoft.AspNetCore.Http;

namespace Custodia.Identity.Browsers;

/// <summary>The long-lived cookie by which a browser is known again: a random secret, one a directory.</summary>
internal static class DeviceCookie
{
    // What browsers allow at most (RFC 6265bis, section 5.5).
    public static readonly TimeSpan Life = TimeSpan.FromDays(400);

    public static string? SecretIn(HttpContext http, string directory) =>
        http.Request.Cookies[NameFor(http, directory)] is { } secret && OpaqueToken.Looks(secret) ? secret : null;

    public static byte[] HashFor(Guid user, string secret) => SHA256.HashData(Encoding.UTF8.GetBytes($"{user:N}/{secret}"));

    public static void Write(HttpContext http, string directory, string secret, DateTimeOffset now) =>
        http.Response.Cookies.Append(NameFor(http, directory), secret, new CookieOptions
        {
            HttpOnly = true,
            Secure = http.Request.IsHttps,
            SameSite = SameSiteMode.Lax,
            Path = "/",
            Expires = now + Life,
            IsEssential = true,
        });

    private static string NameFor(HttpContext http, string directory) => (http.Request.IsHttps ? "__Host-" : "") + "device-" + directory;
}
