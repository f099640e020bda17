using System.Collections.Concurrent;
using System.Text.Json;
using Custodia.Identity.Protocol;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;

namespace Custodia.Identity.Demo;

/// <summary>Who is signed in to the demo, in memory: it is a development page, and what it knows ends with the process.</summary>
internal sealed class DemoSessions(IDataProtectionProvider protection)
{
    private const string SessionCookie = "custodia_demo";
    private const string LoginCookie = "custodia_demo_login";
    private const int MaxSessions = 1000;

    private readonly ConcurrentDictionary<string, DemoTokens> _sessions = new(StringComparer.Ordinal);
    private readonly IDataProtector _protector = protection.CreateProtector("Custodia.Demo");

    public DemoTokens? Of(HttpContext http) =>
        http.Request.Cookies[SessionCookie] is { } id && _sessions.TryGetValue(id, out var tokens) ? tokens : null;

    public void Begin(HttpContext http, DemoTokens tokens)
    {
        if (_sessions.Count >= MaxSessions) _sessions.Clear();
        var id = OpaqueToken.Create().Text;
        _sessions[id] = tokens;
        http.Response.Cookies.Append(SessionCookie, id, Options(http));
    }

    public void End(HttpContext http)
    {
        if (http.Request.Cookies[SessionCookie] is { } id) _sessions.TryRemove(id, out _);
        http.Response.Cookies.Delete(SessionCookie, Options(http));
    }

    /// <summary>Keeps what a sign-in needs to be finished by the browser that began it.</summary>
    public void Remember(HttpContext http, DemoLogin login) =>
        http.Response.Cookies.Append(LoginCookie, _protector.Protect(JsonSerializer.Serialize(login)), Options(http));

    /// <summary>The sign-in this browser began; it can be finished once.</summary>
    public DemoLogin? Recall(HttpContext http)
    {
        if (http.Request.Cookies[LoginCookie] is not { } text) return null;
        http.Response.Cookies.Delete(LoginCookie, Options(http));
        try
        {
            return JsonSerializer.Deserialize<DemoLogin>(_protector.Unprotect(text));
        }
        catch (System.Security.Cryptography.CryptographicException)
        {
            return null;
        }
    }

    private static CookieOptions Options(HttpContext http) =>
        new() { HttpOnly = true, Secure = http.Request.IsHttps, SameSite = SameSiteMode.Lax, Path = "/demo", IsEssential = true };
}

internal sealed record DemoLogin(string State, string Nonce, string Verifier);
