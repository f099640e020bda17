using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Threading.RateLimiting;
using Custodia.Kernel.Access;
using Custodia.Kernel.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.DependencyInjection;

namespace Custodia.Kernel.Http;

/// <summary>
/// A sliding minute per caller, or per client address where nobody is signed in. Addresses of one IPv6 network (/64) count as
/// one, since a single host has all of them. Endpoints with stricter needs add a limiter of their own.
/// </summary>
internal static class RateLimits
{
    public static IServiceCollection AddRateLimits(this IServiceCollection services, HttpOptions options) =>
        services.AddRateLimiter(limiter =>
        {
            limiter.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
            limiter.OnRejected = RejectAsync;
            limiter.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, string>(http =>
                http.TryCaller() is { } caller
                    ? RateLimitPartition.GetSlidingWindowLimiter(
                        $"caller/{caller.Account}/{caller.Person?.ToString("N") ?? caller.Name}",
                        _ => Window(options.RequestsPerMinutePerCaller))
                    : RateLimitPartition.GetSlidingWindowLimiter($"address/{Network(http.Facts().ClientIp)}", _ => Window(options.RequestsPerMinute)));
        });

    internal static string Network(IPAddress address)
    {
        if (address.AddressFamily != AddressFamily.InterNetworkV6) return address.ToString();
        var bytes = address.GetAddressBytes();
        return Convert.ToHexString(bytes, 0, 8);
    }

    private static SlidingWindowRateLimiterOptions Window(int permits) => new()
    {
        PermitLimit = permits,
        Window = TimeSpan.FromMinutes(1),
        SegmentsPerWindow = 6,
        QueueLimit = 0,
    };

    private static async ValueTask RejectAsync(OnRejectedContext context, CancellationToken cancellation)
    {
        var wait = context.Lease.TryGetMetadata(MetadataName.RetryAfter, out var after) ? after : TimeSpan.FromSeconds(10);
        context.HttpContext.Response.Headers.RetryAfter = Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        await Problem.Of(StatusCodes.Status429TooManyRequests, "too-many-requests", "Too many requests; try again later.").ExecuteAsync(context.HttpContext);
    }
}
