using System.Security.Cryptography;
using Custodia.Identity.Directories;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace Custodia.Identity.Sessions;

/// <summary>
/// The cookie of a directory's session: a random secret and nothing else. One cookie a directory, so that a person can be signed
/// in to several; <c>__Host-</c> over https (RFC 6265bis, section 4.1.3.2), so that no other host and no plain page can set it.
/// </summary>
internal static class SessionCookie
{
    private const string Prefix = "custodia-";
    private const string HostPrefix = "__Host-" + Prefix;
    private const int SecretLength = 32;

    public static string NewSecret(out byte[] hash)
    {
        var secret = RandomNumberGenerator.GetBytes(SecretLength);
        hash = SHA256.HashData(secret);
        return WebEncoders.Base64UrlEncode(secret);
    }

    /// <summary>Hash of the secret that the request carries for a directory; null when there is none or it has no such form.</summary>
    public static byte[]? HashFor(HttpContext http, string directory) => HashOf(http.Request.Cookies[NameFor(http, directory)]);

    /// <summary>Directories for which the request carries a session cookie, at most eight.</summary>
    public static IEnumerable<string> Directories(HttpContext http)
    {
        var prefix = http.Request.IsHttps ? HostPrefix : Prefix;
        return http.Request.Cookies.Keys
            .Where(name => name.StartsWith(prefix, StringComparison.Ordinal) && name.Length <= prefix.Length + Directory.MaxName)
            .Select(name => name[prefix.Length..])
            .Take(8);
    }

    public static void Write(HttpContext http, string directory, string secret, DateTimeOffset expires) =>
        http.Response.Cookies.Append(NameFor(http, directory), secret, Options(http, expires));

    public static void Delete(HttpContext http, string directory) =>
        http.Response.Cookies.Delete(NameFor(http, directory), Options(http, null));

    private static string NameFor(HttpContext http, string directory) => (http.Request.IsHttps ? HostPrefix : Prefix) + directory;

    private static byte[]? HashOf(string? value)
    {
        if (value is not { Length: 43 }) return null;
        try
        {
            return SHA256.HashData(WebEncoders.Base64UrlDecode(value));
        }
        catch (FormatException)
        {
            return null;
        }
    }

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
