using Microsoft.AspNetCore.Http;

namespace Custodia.Kernel.Access;

/// <summary>The caller of the current request.</summary>
public static class CallerAccess
{
    /// <summary>The caller; endpoints behind an access rule always have one.</summary>
    /// <exception cref="InvalidOperationException">The endpoint is open to anyone and nobody is signed in.</exception>
    public static Caller Caller(this HttpContext http) =>
        http.Features.Get<Caller>() ?? throw new InvalidOperationException("This endpoint has no caller.");

    public static Caller? TryCaller(this HttpContext http) => http.Features.Get<Caller>();

    /// <summary>Set once, by authentication.</summary>
    public static void SetCaller(this HttpContext http, Caller caller) => http.Features.Set(caller);
}
