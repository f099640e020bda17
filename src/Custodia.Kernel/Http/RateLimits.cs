using System.Buffers.Binary;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Threading.RateLimiting;
using Custodia.Kernel.Access;
using Custodia.Kernel.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.Options;

namespace Custodia.Kernel.Http;

/// <summary>
/// A sliding minute per caller, or per client address where nobody is signed in. Addresses of one IPv6 network (/64) count as
/// one, since a single host has all of them. Endpoints with stricter needs add a limiter of their own.
/// </summary>
internal sealed class RateLimits : IDisposable
{
    private static readonly Counter<long> Refused = Telemetry.Meter.CreateCounter<long>("custodia.requests.limited", "{request}", "Requests refused because there were too many.");

    private readonly PartitionedRateLimiter<HttpContext> _limiter;

    public RateLimits(IOptions<CustodiaOptions> options)
    {
        var (ofCaller, ofAddress) = (Window(options.Value.Http.RequestsPerMinutePerCaller), Window(options.Value.Http.RequestsPerMinute));
        _limiter = PartitionedRateLimiter.Create<HttpContext, Requester>(http => http.TryCaller() is { } caller
            ? RateLimitPartition.Get(Requester.Of(caller), ofCaller)
            : RateLimitPartition.Get(Requester.Of(http.Facts().ClientIp), ofAddress));
    }

    /// <summary>Null when the request may go on; else how long to wait.</summary>
    public TimeSpan? Refuse(HttpContext http)
    {
        using var lease = _limiter.AttemptAcquire(http);
        if (lease.IsAcquired) return null;
        Refused.Add(1);
        return lease.TryGetMetadata(MetadataName.RetryAfter, out var after) ? after : TimeSpan.FromSeconds(10);
    }

    public void Dispose() => _limiter.Dispose();

    // All windows move on together, by the limiter of all.
    private static Func<Requester, RateLimiter> Window(int permits)
    {
        var options = new SlidingWindowRateLimiterOptions
        {
            PermitLimit = permits,
            Window = TimeSpan.FromMinutes(1),
            SegmentsPerWindow = 6,
            QueueLimit = 0,
            AutoReplenishment = false,
        };
        return _ => new SlidingWindowRateLimiter(options);
    }
}

/// <summary>Whose requests are counted together.</summary>
internal readonly record struct Requester(long Account, Guid Person, string? Name, ulong Network, bool IsIpv6)
{
    public static Requester Of(Caller caller) => new(caller.Account, caller.Person ?? default, caller.Person is null ? caller.Name : null, 0, false);

    public static Requester Of(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        if (!address.TryWriteBytes(bytes, out _)) return default;
        var isIpv6 = address.AddressFamily == AddressFamily.InterNetworkV6;
        return new Requester(0, default, null, isIpv6 ? BinaryPrimitives.ReadUInt64BigEndian(bytes) : BinaryPrimitives.ReadUInt32BigEndian(bytes), isIpv6);
    }
}

/// <summary>Asks <see cref="RateLimits"/> for each request, but not for health checks.</summary>
internal sealed class RateLimiting(RequestDelegate next, RateLimits limits)
{
    public Task InvokeAsync(HttpContext http)
    {
        if (http.GetEndpoint()?.Metadata.GetMetadata<DisableRateLimitingAttribute>() is not null || limits.Refuse(http) is not { } wait) return next(http);
        http.Response.Headers.RetryAfter = Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        return Problem.Of(StatusCodes.Status429TooManyRequests, "too-many-requests", "Too many requests; try again later.").ExecuteAsync(http);
    }
}
