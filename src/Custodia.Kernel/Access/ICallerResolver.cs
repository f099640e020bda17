using Microsoft.AspNetCore.Http;

namespace Custodia.Kernel.Access;

/// <summary>
/// Finds out who calls: Identity implements it from bearer tokens and session cookies (and no other module may).
/// It is the kernel's only question to Identity, so the kernel needs no reference to it.
/// </summary>
public interface ICallerResolver
{
    /// <summary>The caller for an access rule: by <c>Authorization: Bearer</c> or <c>X-Auth-Token</c>, else by the session of the
    /// staff directory (permission rules) or of the route's directory (user rules). Null when there is none or it is not valid.</summary>
    ValueTask<Caller?> ResolveAsync(HttpContext http, AccessRule rule, CancellationToken cancellation);

    /// <summary>Local address of the sign-in page that leads back to the current page, e.g. <c>/d/staff/sign-in?return=%2Fconsole</c>.</summary>
    string SignInPath(HttpContext http, AccessRule rule);
}
