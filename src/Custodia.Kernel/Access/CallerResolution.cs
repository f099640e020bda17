using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Custodia.Kernel.Access;

/// <summary>Finds the caller of an endpoint that wants one. It refuses nobody: rate limits come between it and the rule.</summary>
internal sealed class CallerResolution(RequestDelegate next)
{
    public async Task InvokeAsync(HttpContext http)
    {
        // Optional: without Identity nobody is known.
        if (http.GetEndpoint()?.Metadata.GetMetadata<AccessRule>() is { } rule and not AccessRule.Anyone
            && http.RequestServices.GetServices<ICallerResolver>().FirstOrDefault() is { } resolver
            && await resolver.ResolveAsync(http, rule, http.RequestAborted) is { } caller)
        {
            http.SetCaller(caller);
        }

        await next(http);
    }
}
