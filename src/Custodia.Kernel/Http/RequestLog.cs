using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace Custodia.Kernel.Http;

/// <summary>One line a request: the route's pattern, never the path or the query, which may hold personal data.</summary>
internal sealed partial class RequestLog(RequestDelegate next, ILogger<RequestLog> logger)
{
    public async Task InvokeAsync(HttpContext http)
    {
        if (!logger.IsEnabled(LogLevel.Information))
        {
            await next(http);
            return;
        }

        var started = Stopwatch.GetTimestamp();
        try
        {
            await next(http);
        }
        finally
        {
            var elapsed = Math.Round(Stopwatch.GetElapsedTime(started).TotalMilliseconds, 1);
            Log.Answered(logger, http.Request.Method, PatternOf(http), http.Response.StatusCode, elapsed, http.Facts().RequestId);
        }
    }

    /// <summary>The pattern of the matched route, e.g. <c>/d/{directory}/sign-in</c>.</summary>
    public static string PatternOf(HttpContext http) =>
        http.GetEndpoint() is RouteEndpoint { RoutePattern.RawText: { } pattern } ? pattern.StartsWith('/') ? pattern : "/" + pattern : "(none)";

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "{Method} {Route} {Status} in {Milliseconds} ms, request {RequestId}")]
        public static partial void Answered(ILogger logger, string method, string route, int status, double milliseconds, string requestId);
    }
}
