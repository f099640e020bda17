using System.Text.Json;
using Custodia.Identity.Directories;
using Microsoft.Extensions.DependencyInjection;

namespace Custodia.Identity.Jobs.Imports;

/// <summary>Works through the file of an import from where it stands, batch by batch.</summary>
internal sealed class ImportRun(IServiceScopeFactory scopes, JobFiles files)
{
    private const int BatchSize = 250;

    /// <returns>Whether it came to the end of the file.</returns>
    /// <exception cref="ImportFileException">The file cannot be read on.</exception>
    public async Task<bool> RunAsync(Job job, Directory directory, CancellationToken cancellation)
    {
        var plan = JsonSerializer.Deserialize<ImportPlan>(job.Plan, JobJson.Options)!;
        await using var file = files.Open(job);
        await using var rows = Rows(job.Format, file, cancellation).GetAsyncEnumerator(cancellation);
        var seen = plan.DryRun ? new HashSet<string>(StringComparer.Ordinal) : null;
        List<ImportRow> batch = new(BatchSize);
        for (var behind = 0; behind < job.Position; behind += batch.Count)
        {
            await FillAsync(batch, rows, Math.Min(BatchSize, job.Position - behind));
            if (batch.Count == 0) return true;
            if (seen is not null) await WithBatchAsync(b => b.RememberAsync(directory, plan, batch, seen, cancellation));
        }

        batch.Clear();
        while (true)
        {
            await FillAsync(batch, rows, BatchSize, batch.Count);
            if (batch.Count == 0) return true;
            var done = 0;
            await WithBatchAsync(async b => done = seen is null
                ? await b.ApplyAsync(job, directory, plan, batch, cancellation)
                : await b.CountAsync(job, directory, plan, batch, seen, cancellation));
            if (done == 0) return false;
            batch.RemoveRange(0, done);
        }
    }

    private static async Task FillAsync(List<ImportRow> batch, IAsyncEnumerator<ImportRow> rows, int count, int kept = 0)
    {
        batch.RemoveRange(kept, batch.Count - kept);
        while (batch.Count < count && await rows.MoveNextAsync()) batch.Add(rows.Current);
    }

    private async Task WithBatchAsync(Func<ImportBatch, Task> work)
    {
        await using var scope = scopes.CreateAsyncScope();
        await work(scope.ServiceProvider.GetRequiredService<ImportBatch>());
    }

    public static IAsyncEnumerable<ImportRow> Rows(FileFormat format, System.IO.Stream file, CancellationToken cancellation) =>
        format == FileFormat.Csv ? CsvRows.ReadAsync(file, cancellation) : NdjsonRows.ReadAsync(file, cancellation);

    public static Task<IReadOnlyList<string>> ColumnsAsync(FileFormat format, System.IO.Stream file, CancellationToken cancellation) =>
        format == FileFormat.Csv ? CsvRows.ColumnsAsync(file) : NdjsonRows.ColumnsAsync(file, cancellation);
}
