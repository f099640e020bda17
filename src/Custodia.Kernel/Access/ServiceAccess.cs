using Custodia.Kernel.Http;
using Custodia.Kernel.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Custodia.Kernel.Access;

/// <summary>What an account has ended takes no new data: these would have no purpose and no clock.</summary>
public static class ServiceAccess
{
    /// <summary>Code of the problem that is answered (409).</summary>
    public const string Ended = "service-ended";

    /// <summary>
    /// For endpoints that take new data of the caller's account: 409 <c>service-ended</c> once it has ended the service. Reading, closing,
    /// deleting and taking back stay possible for as long as there is something left.
    /// </summary>
    /// <param name="service">One of <see cref="AccountServices.Names"/>.</param>
    public static TBuilder WhileOpen<TBuilder>(this TBuilder endpoint, string service)
        where TBuilder : IEndpointConventionBuilder =>
        endpoint.AddEndpointFilter(async (context, next) =>
        {
            var http = context.HttpContext;
            var services = http.RequestServices.GetRequiredService<AccountServices>();
            return await services.IsOpenAsync(http.Caller().Account, service, http.RequestAborted)
                ? await next(context)
                : Problem.Conflict(Ended, "The account has ended this service.", ("service", service));
        });
}
