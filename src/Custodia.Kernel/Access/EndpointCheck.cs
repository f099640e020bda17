using Custodia.Kernel.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Custodia.Kernel.Access;

/// <summary>Before the start: every endpoint says who may call it, by a permission that exists. All findings at once.</summary>
public static class EndpointCheck
{
    /// <exception cref="StartRefusedException">Endpoints have no access rule or an unknown permission; all are named.</exception>
    public static void Verify(IEnumerable<EndpointDataSource> sources, DataCatalogue catalogue)
    {
        var known = catalogue.Permissions.Select(p => p.Id).ToHashSet(StringComparer.Ordinal);
        var findings = sources.SelectMany(s => s.Endpoints).Select(e => Finding(e, known)).OfType<string>().Distinct(StringComparer.Ordinal).ToArray();
        if (findings.Length > 0) throw new StartRefusedException(StartRefusedException.Configuration, string.Join('\n', findings));
    }

    private static string? Finding(Endpoint endpoint, HashSet<string> known)
    {
        var name = $"{string.Join(',', endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? ["*"])} {(endpoint as RouteEndpoint)?.RoutePattern.RawText ?? endpoint.DisplayName}";
        return endpoint.Metadata.GetMetadata<AccessRule>() switch
        {
            null => $"{name}: the endpoint does not say who may call it.",
            AccessRule.NeedsPermission needed when !known.Contains(needed.Permission) => $"{name}: no module has registered the permission '{needed.Permission}'.",
            AccessRule.NeedsUser when (endpoint as RouteEndpoint)?.RoutePattern.GetParameter("directory") is null => $"{name}: a person's endpoint needs the route value 'directory'.",
            _ => null,
        };
    }
}
