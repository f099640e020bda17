using Custodia.Kernel.Access;
using Custodia.Kernel.Deletion;
using Custodia.Kernel.Hosting;
using Custodia.Kernel.Policy.Review;
using Custodia.Kernel.Retention;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;

namespace Custodia.Kernel.Http;

/// <summary>What happens to every request, in order.</summary>
public static class HttpRegistration
{
    internal static IServiceCollection AddKernelHttp(this IServiceCollection services, CustodiaOptions options)
    {
        services.Configure<KestrelServerOptions>(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = options.Http.MaxBodyBytes;
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(15);
        });
        // A connection keeps its buffer (4 KiB) while it waits, instead of asking the system twice for each request.
        services.Configure<SocketTransportOptions>(sockets => sockets.WaitForDataBeforeAllocatingBuffer = false);
        services.ConfigureHttpJsonOptions(json => JsonRules.Apply(json.SerializerOptions));
        // Bad requests go one way in every environment: to RequestErrors.
        services.Configure<RouteHandlerOptions>(route => route.ThrowOnBadRequest = true);
        services.AddProblemDetails(problems => problems.CustomizeProblemDetails = Complete);
        services.AddExceptionHandler<RequestErrors>();
        services.AddSingleton<RateLimits>();
        services.AddHealthChecks().AddCheck<FoldersWritable>("folders");
        services.AddHsts(hsts => hsts.MaxAge = TimeSpan.FromDays(365));
        return services;
    }

    /// <summary>The first part: before routing.</summary>
    /// <param name="headers">Adds the security headers of the shared look.</param>
    /// <param name="language">Chooses the language of the request.</param>
    public static void UseKernelHttp(this WebApplication app, CustodiaOptions options, Action<IApplicationBuilder> headers, Action<IApplicationBuilder> language)
    {
        headers(app);
        app.UseMiddleware<RequestFactsMiddleware>();
        app.UseMiddleware<RequestLog>();
        language(app);
        app.UseExceptionHandler();
        app.UseStatusCodePages();
        app.UseMiddleware<HostCheck>();
        if (options.PublicUrl.StartsWith("https://", StringComparison.Ordinal))
        {
            app.UseHsts();
            app.UseMiddleware<HttpsOnly>();
        }

        app.UseRouting();
        app.UseMiddleware<CallerResolution>();
        app.UseMiddleware<RateLimiting>();
        app.UseMiddleware<AccessEnforcement>();
        app.UseAntiforgery();
    }

    /// <summary>The kernel's own endpoints: health.</summary>
    public static void MapKernel(this IEndpointRouteBuilder routes) => routes.MapHealth();

    /// <summary>The kernel's own part of <c>/api/v1</c>.</summary>
    public static void MapKernelApi(this IEndpointRouteBuilder routes)
    {
        DeletionApi.Map(routes);
        ServiceApi.Map(routes);
        PolicyApi.Map(routes);
    }

    private static void Complete(ProblemDetailsContext context)
    {
        var problem = context.ProblemDetails;
        if (problem.Type?.StartsWith("urn:custodia:", StringComparison.Ordinal) != true) problem.Type = Problem.Type(CodeOf(problem));
        problem.Extensions["requestId"] = context.HttpContext.TraceIdentifier;
        // The framework's own trace id says nothing that the request id does not.
        problem.Extensions.Remove("traceId");
        context.HttpContext.Response.Headers.CacheControl = "no-store";
    }

    private static string CodeOf(ProblemDetails problem) => problem.Status switch
    {
        400 => "bad-request",
        401 => "unauthenticated",
        403 => "forbidden",
        404 => "not-found",
        405 => "method-not-allowed",
        413 => "too-large",
        415 => "media-type",
        429 => "too-many-requests",
        503 => "unavailable",
        >= 500 => "internal",
        _ => "failed",
    };
}
