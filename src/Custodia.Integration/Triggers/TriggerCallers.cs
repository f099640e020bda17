using Custodia.Kernel.Access;
using Microsoft.AspNetCore.Http;

namespace Custodia.Integration.Triggers;

/// <summary>
/// Who calls a trigger. The endpoint is open, since each flow says itself whether it needs a token, so nobody has been looked up
/// yet. Sessions of browsers do not count: another site could use them.
/// </summary>
internal sealed class TriggerCallers(IEnumerable<ICallerResolver> resolvers)
{
    private static readonly AccessRule Rule = new AccessRule.NeedsPermission(Permissions.InvokeFlows, null);

    public async ValueTask<Caller?> OfTokenAsync(HttpContext http, CancellationToken cancellation)
    {
        if (!http.Request.Headers.ContainsKey("Authorization") && !http.Request.Headers.ContainsKey("X-Auth-Token")) return null;
        return resolvers.FirstOrDefault() is { } resolver ? await resolver.ResolveAsync(http, Rule, cancellation) : null;
    }
}
