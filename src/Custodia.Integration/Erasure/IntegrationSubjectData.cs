using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using Custodia.Integration.Api;
using Custodia.Integration.Engine;
using Custodia.Kernel.Deletion;
using Custodia.Kernel.Vault;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Integration.Erasure;

/// <summary>A person's jobs: shown with what they worked on, deleted with their steps.</summary>
internal sealed class IntegrationSubjectData(IntegrationContext context, DataVault vault) : ISubjectData
{
    private const string Category = "integration.job";
    private const string Use = "subject-rights";
    private const int BatchSize = 200;

    public string Module => "integration";

    public async IAsyncEnumerable<ExportedItem> ExportAsync(Subject subject, [EnumeratorCancellation] CancellationToken cancellation)
    {
        // In batches and not row by row: a job's steps are another question, and PostgreSQL answers one at a time on a connection.
        var after = Guid.Empty;
        while (true)
        {
            var jobs = await context.Jobs.AsNoTracking().Where(j => j.Person == subject.Person && j.Account == subject.Account && j.Id > after)
                .OrderBy(j => j.Id).Take(BatchSize).ToListAsync(cancellation);
            foreach (var job in jobs) yield return await ItemAsync(job, cancellation);
            if (jobs.Count < BatchSize) yield break;
            after = jobs[^1].Id;
        }
    }

    private async Task<ExportedItem> ItemAsync(Job job, CancellationToken cancellation)
    {
        var message = await vault.OpenAsync(job.MessagePlace, job.Message, Use, cancellation);
        var response = job.Response is null ? null : await vault.OpenAsync(job.ResponsePlace, job.Response, Use, cancellation);
        var steps = await StepsAsync(job, cancellation);
        return new ExportedItem(
            Category,
            job.Id.ToString("N"),
            [
                new("flow-name", job.FlowName),
                new("state", Words.Of(job.State)),
                new("created-at", job.CreatedAt.ToString("O", CultureInfo.InvariantCulture)),
                new("message", message is null ? null : Encoding.UTF8.GetString(message)),
                new("response", response is null ? null : Encoding.UTF8.GetString(response)),
                .. steps.Select(data => KeyValuePair.Create<string, string?>("step-data", data)),
            ]);
    }

    private async Task<List<string>> StepsAsync(Job job, CancellationToken cancellation)
    {
        var opened = new List<string>();
        foreach (var step in await context.JobSteps.AsNoTracking().Where(s => s.JobId == job.Id && s.Data != null).OrderBy(s => s.Sequence).ToListAsync(cancellation))
        {
            if (await vault.OpenAsync(step.DataPlace(job.Key), step.Data!, Use, cancellation) is { } data) opened.Add(Encoding.UTF8.GetString(data));
        }

        return opened;
    }

    public async Task<ErasureReport> EraseAsync(Subject subject, CancellationToken cancellation)
    {
        var deleted = 0;
        while (true)
        {
            var ids = await context.Jobs.Where(j => j.Person == subject.Person && j.Account == subject.Account).OrderBy(j => j.Id).Take(BatchSize).Select(j => j.Id).ToListAsync(cancellation);
            if (ids.Count == 0) return new ErasureReport([new ErasedCategory(Category, deleted, deleted, 0, null)]);
            deleted += await context.InTransactionAsync(
                async token =>
                {
                    await context.JobSteps.Where(s => ids.Contains(s.JobId)).ExecuteDeleteAsync(token);
                    return await context.Jobs.Where(j => ids.Contains(j.Id)).ExecuteDeleteAsync(token);
                },
                cancellation);
        }
    }
}
