using Custodia.Kernel.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace Custodia.Kernel.Http;

/// <summary>
/// Where the public address is https, plain requests of browsers are sent there and others are refused: a token that once
/// travelled in the clear must not be answered as if nothing had happened. Health checks come from inside and stay plain.
/// </summary>
internal sealed class HttpsOnly(RequestDelegate next, IOptions<CustodiaOptions> options)
{
    public Task InvokeAsync(HttpContext http)
    {
        if (http.Request.IsHttps || http.Request.Path.StartsWithSegments("/health", StringComparison.Ordinal)) return next(http);
        if (!HttpMethods.IsGet(http.Request.Method) || http.Request.Path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase))
            return Problem.Of(StatusCodes.Status400BadRequest, "https-required", "This server is reached by https only.").ExecuteAsync(http);
        http.Response.Redirect($"{options.Value.PublicUrl}{http.Request.PathBase}{http.Request.Path}{http.Request.QueryString}", permanent: true, preserveMethod: true);
        return Task.CompletedTask;
    }
}
