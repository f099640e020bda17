using Custodia.Kernel.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Custodia.Kernel.Access;

/// <summary>
/// Writes the records of a call between the end of its work and the first byte of its answer. An answer that never starts
/// (the client went away) is recorded as 499.
/// </summary>
internal sealed class InvocationRecorder(TimeProvider time)
{
    public IAsyncDisposable Begin(HttpContext http, AccessRule? rule)
    {
        var area = (rule as AccessRule.NeedsPermission)?.AdminArea;
        var isApi = http.Request.Path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase);
        var api = isApi ? http.RequestServices.GetServices<IApiInvocationLog>().FirstOrDefault() : null;
        var admin = area is null ? null : http.RequestServices.GetServices<IAdminActionLog>().FirstOrDefault();
        if (api is null && admin is null) return Nothing.Instance;
        var pending = new Pending(http, isApi, api, admin, area, time);
        http.Response.OnStarting(static state => ((Pending)state).RecordAsync(null), pending);
        return pending;
    }

    private sealed class Pending(HttpContext http, bool isApi, IApiInvocationLog? api, IAdminActionLog? admin, string? area, TimeProvider time) : IAsyncDisposable
    {
        // Taken now: the exception handler forgets the endpoint.
        private readonly string _pattern = RequestLog.PatternOf(http);
        private bool _done;

        public async Task RecordAsync(int? status)
        {
            if (_done) return;
            _done = true;
            var invocation = new Invocation(
                time.GetUtcNow(),
                http.TryCaller(),
                $"{http.Request.Method} {_pattern}",
                isApi ? VersionOf(_pattern) : "",
                status ?? http.Response.StatusCode,
                http.Facts());
            // Not cancelled with the request: what was done is on record although the client hung up.
            if (admin is not null) await admin.RecordAsync(invocation, area!, CancellationToken.None);
            if (api is not null) await api.RecordAsync(invocation, CancellationToken.None);
        }

        public async ValueTask DisposeAsync()
        {
            if (http.RequestAborted.IsCancellationRequested && !http.Response.HasStarted) await RecordAsync(StatusCodes.Status499ClientClosedRequest);
        }

        private static string VersionOf(string pattern) => pattern.Split('/', 4) is [_, _, var version, ..] ? version : "";
    }

    private sealed class Nothing : IAsyncDisposable
    {
        public static readonly Nothing Instance = new();

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
