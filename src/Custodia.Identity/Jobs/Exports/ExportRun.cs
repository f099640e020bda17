using System.Text.Json;
using Custodia.Identity.Directories;
using Microsoft.Extensions.DependencyInjection;

namespace Custodia.Identity.Jobs.Exports;

/// <summary>Writes users into a job's file, page by page; a page counts when it is on the disk and the position behind it has committed.</summary>
internal sealed class ExportRun(IServiceScopeFactory scopes, JobFiles files)
{
    /// <summary>How long the file can be fetched.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromHours(24);

    /// <returns>Whether it came to the end.</returns>
    public async Task<bool> RunAsync(Job job, Directory directory, CancellationToken cancellation)
    {
        var plan = JsonSerializer.Deserialize<ExportPlan>(job.Plan, JobJson.Options)!;
        await using var file = files.Continue(job, job.FilePosition);
        if (job.FilePosition == 0 && job.Format == FileFormat.Csv && !await HeadAsync(job, plan, file, cancellation)) return false;
        while (true)
        {
            await using var scope = scopes.CreateAsyncScope();
            var page = await scope.ServiceProvider.GetRequiredService<ExportPages>().NextAsync(job, directory, plan, cancellation);
            if (page is null) return true;
            if (!await WriteAsync(job, page, file, scope.ServiceProvider.GetRequiredService<ExportProgress>(), cancellation)) return false;
        }
    }

    private async Task<bool> HeadAsync(Job job, ExportPlan plan, System.IO.Stream file, CancellationToken cancellation)
    {
        await using var scope = scopes.CreateAsyncScope();
        return await WriteAsync(job, new ExportPage(ExportText.Heading(plan), 0, null), file, scope.ServiceProvider.GetRequiredService<ExportProgress>(), cancellation);
    }

    private async Task<bool> WriteAsync(Job job, ExportPage page, System.IO.Stream file, ExportProgress progress, CancellationToken cancellation)
    {
        var position = job.FilePosition;
        for (var at = 0; at < page.Content.Length; at += JobFiles.PartLength)
            position = await files.AppendAsync(job, file, position, page.Content.AsMemory(at, Math.Min(JobFiles.PartLength, page.Content.Length - at)), cancellation);
        await JobFiles.FlushAsync(file, cancellation);
        return await progress.CommitAsync(job, position, page, cancellation);
    }
}

/// <summary>Some users as they stand in the file.</summary>
/// <param name="Last">The last of them; null for the heading.</param>
internal sealed record ExportPage(byte[] Content, int Users, Guid? Last);
