using Custodia.Identity.Protocol;
using Custodia.Kernel.Hosting;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Custodia.Identity.Keys;

/// <summary>Makes successors in time, in the process that has the role <c>scheduler</c>. Removal is retention's.</summary>
internal sealed class KeyRotation(IServiceScopeFactory scopes, IOptions<CustodiaOptions> options, TimeProvider time, ILogger<KeyRotation> logger)
    : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromHours(1);

    /// <summary>One round over all directories that have keys.</summary>
    public static async Task RotateAsync(IServiceProvider services, CancellationToken cancellation)
    {
        var context = services.GetRequiredService<IdentityContext>();
        var stock = services.GetRequiredService<KeyStock>();
        var issuers = services.GetRequiredService<Issuers>();
        var inUse = await context.SigningKeys.AsNoTracking()
            .Select(k => new { k.DirectoryId, k.Algorithm })
            .Distinct()
            .Join(context.Directories, k => k.DirectoryId, d => d.Id, (k, d) => new { d.Name, k.Algorithm })
            .ToListAsync(cancellation);
        foreach (var use in inUse)
        {
            if (await issuers.FindAsync(use.Name, cancellation) is { } issuer) await stock.EnsureAsync(issuer, use.Algorithm, cancellation);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!options.Value.HasRole("scheduler")) return;
        using var timer = new PeriodicTimer(Pause, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await using var scope = scopes.CreateAsyncScope();
                await RotateAsync(scope.ServiceProvider, stoppingToken);
            }
            catch (Exception exception) when (exception is not OperationCanceledException || !stoppingToken.IsCancellationRequested)
            {
                KeyLog.RotationFailed(logger, exception);
            }
        }
    }
}

internal static partial class KeyLog
{
    [LoggerMessage(LogLevel.Error, "A round of signing key rotation failed; it is tried again in an hour.")]
    public static partial void RotationFailed(ILogger logger, Exception exception);
}
