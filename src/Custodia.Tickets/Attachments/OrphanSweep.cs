using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Custodia.Tickets.Attachments;

/// <summary>
/// Deletes files that a crash has left without a row: what lies in <c>incoming</c> for an hour, and what lies in place for an hour
/// and has no row. Runs at start and then every six hours.
/// </summary>
internal sealed partial class OrphanSweep(IServiceScopeFactory scopes, TimeProvider time, ILogger<OrphanSweep> logger) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromHours(6);
    private static readonly TimeSpan Young = TimeSpan.FromHours(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, time);
        do
        {
            try
            {
                await using var scope = scopes.CreateAsyncScope();
                var swept = await SweepAsync(scope.ServiceProvider.GetRequiredService<AttachmentFiles>(), scope.ServiceProvider.GetRequiredService<TicketsContext>(), stoppingToken);
                if (swept > 0) Log.Swept(logger, swept);
            }
#pragma warning disable CA1031 // A sweep that failed (the database is away, a folder cannot be read) must not end the sweeping, and with it the server.
            catch (Exception e) when (e is not OperationCanceledException || !stoppingToken.IsCancellationRequested)
#pragma warning restore CA1031
            {
                Log.Failed(logger, e.GetType().Name);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    /// <returns>Files deleted.</returns>
    internal async Task<int> SweepAsync(AttachmentFiles files, TicketsContext context, CancellationToken cancellation)
    {
        var root = Path.GetDirectoryName(files.Incoming)!;
        if (!Directory.Exists(root)) return 0;
        var before = time.GetUtcNow() - Young;
        var swept = 0;
        foreach (var batch in Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories).Where(f => File.GetLastWriteTimeUtc(f) < before.UtcDateTime).Chunk(200))
        {
            var names = Array.ConvertAll(batch, f => Path.GetFileName(f));
            var known = await context.Attachments.Where(a => names.Contains(a.StoredName)).Select(a => a.StoredName).ToListAsync(cancellation);
            foreach (var file in batch.Where(f => IsIncoming(f, files) || !known.Contains(Path.GetFileName(f), StringComparer.Ordinal)))
            {
                File.Delete(file);
                swept++;
            }
        }

        return swept;
    }

    private static bool IsIncoming(string file, AttachmentFiles files) => string.Equals(Path.GetDirectoryName(file), files.Incoming, StringComparison.Ordinal);

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Deleted {Count} files without a ticket")]
        public static partial void Swept(ILogger logger, int count);

        [LoggerMessage(2, LogLevel.Warning, "Files without a ticket could not be looked for: {Error}")]
        public static partial void Failed(ILogger logger, string error);
    }
}
