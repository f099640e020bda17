using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;

namespace Custodia.Identity.Browsers;

/// <summary>
/// Notes that a browser keeps between its requests, encrypted and signed: nothing is stored here for strangers who begin something and
/// never come back, and what one browser began no other can finish. Cookies of the same site.
/// </summary>
internal sealed class ProtectedCookies(IDataProtectionProvider protection)
{
    private readonly IDataProtector _protector = protection.CreateProtector("Custodia.Identity.Browsers");

    /// <param name="name">Of the cookie; no other note has it.</param>
    /// <param name="life">How long the browser keeps it. The note itself has to say when it was made.</param>
    public void Write<T>(HttpContext http, string name, T note, TimeSpan life) =>
        http.Response.Cookies.Append(Name(http, name), _protector.CreateProtector(name).Protect(JsonSerializer.Serialize(note)), Options(http, life));

    /// <summary>Null when the request carries none, or none that we made.</summary>
    public T? Read<T>(HttpContext http, string name)
        where T : class
    {
        if (http.Request.Cookies[Name(http, name)] is not { Length: > 0 } text) return null;
        try
        {
            return JsonSerializer.Deserialize<T>(_protector.CreateProtector(name).Unprotect(text));
        }
        catch (Exception e) when (e is CryptographicException or JsonException or FormatException)
        {
            return null;
        }
    }

    public static void Forget(HttpContext http, string name) => http.Response.Cookies.Delete(Name(http, name), Options(http, null));

    private static string Name(HttpContext http, string name) => http.Request.IsHttps ? "__Host-" + name : name;

    // Lax: an identity provider sends the browser back by a link, and that must bring the cookie.
    private static CookieOptions Options(HttpContext http, TimeSpan? life) =>
        new() { HttpOnly = true, Secure = http.Request.IsHttps, SameSite = SameSiteMode.Lax, Path = "/", IsEssential = true, MaxAge = life };
}
