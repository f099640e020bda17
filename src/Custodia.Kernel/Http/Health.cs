using Custodia.Kernel.Access;
using Custodia.Kernel.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Custodia.Kernel.Http;

/// <summary><c>/health/live</c>: the process answers. <c>/health/ready</c>: it can do its work; each part is named.</summary>
internal static class Health
{
    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/health/live", () => TypedResults.Json(new HealthAnswer("live", null)))
            .AllowAnyone("Health").DisableRateLimiting().ExcludeFromDescription();
        routes.MapHealthChecks("/health/ready", new HealthCheckOptions { AllowCachingResponses = false, ResponseWriter = WriteAsync })
            .AllowAnyone("Health").DisableRateLimiting();
    }

    private static Task WriteAsync(HttpContext http, HealthReport report) =>
        http.Response.WriteAsJsonAsync(new HealthAnswer(
            report.Status == HealthStatus.Healthy ? "ready" : "not-ready",
            report.Entries.ToDictionary(e => e.Key, e => e.Value.Status == HealthStatus.Healthy, StringComparer.Ordinal)));

    internal sealed record HealthAnswer(string Status, IReadOnlyDictionary<string, bool>? Parts);
}

/// <summary>Ready when a file can be written in the folders of logs and keys.</summary>
internal sealed class FoldersWritable(DataLayout layout) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            foreach (var folder in new[] { layout.Keys, layout.Streams, layout.MainStreams })
            {
                var probe = Path.Combine(folder, $".ready-{Guid.CreateVersion7():N}");
                await File.WriteAllBytesAsync(probe, [1], cancellationToken);
                File.Delete(probe);
            }

            return HealthCheckResult.Healthy();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return HealthCheckResult.Unhealthy(e.GetType().Name);
        }
    }
}
