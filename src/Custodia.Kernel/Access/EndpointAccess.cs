using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;

namespace Custodia.Kernel.Access;

/// <summary>
/// Every endpoint says who may call it, once, by one of these. An endpoint that does not say stops the start.
/// What the caller may not have is answered 401 or 403 as a problem (API) or by the sign-in page (browser).
/// </summary>
public static class EndpointAccess
{
    /// <summary>Staff or an application with this permission. Mutations say with <paramref name="adminArea"/> which log area
    /// of <c>identity.admin-action-log</c> they are recorded under, durably, before they are answered.</summary>
    public static TBuilder RequirePermission<TBuilder>(this TBuilder endpoint, string permission, string? adminArea = null)
        where TBuilder : IEndpointConventionBuilder
    {
        endpoint.WithMetadata(new AccessRule.NeedsPermission(permission, adminArea));
        return endpoint;
    }

    /// <summary>A signed-in person of the directory named by the route value <c>directory</c>.</summary>
    /// <param name="staffToo">Members of staff as well, where the directory is theirs; otherwise people of customer directories alone.</param>
    public static TBuilder RequireUser<TBuilder>(this TBuilder endpoint, bool staffToo = false)
        where TBuilder : IEndpointConventionBuilder
    {
        endpoint.WithMetadata(new AccessRule.NeedsUser(staffToo));
        return endpoint;
    }

    /// <summary>Anybody, for a stated reason (protocol endpoints, sign-in pages, health).</summary>
    public static TBuilder AllowAnyone<TBuilder>(this TBuilder endpoint, string reason)
        where TBuilder : IEndpointConventionBuilder
    {
        endpoint.WithMetadata(new AccessRule.Anyone(reason), new AllowAnonymousAttribute());
        return endpoint;
    }
}

/// <summary>Who may call an endpoint.</summary>
public abstract record AccessRule
{
    public sealed record NeedsPermission(string Permission, string? AdminArea) : AccessRule;

    public sealed record NeedsUser(bool StaffToo) : AccessRule;

    public sealed record Anyone(string Reason) : AccessRule;
}
