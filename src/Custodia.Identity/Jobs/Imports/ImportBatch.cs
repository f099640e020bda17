using Custodia.Identity.Directories;
using Custodia.Identity.Users;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Identity.Jobs.Imports;

/// <summary>Imports some rows: users, figures, events, report and the job's position in one transaction, so never twice and never half.</summary>
internal sealed class ImportBatch(IdentityContext database, ImportMatch match, ImportWriting writing, JobProgress progress, TimeProvider time)
{
    private const int Tries = 5;

    /// <returns>How many of the rows are done; 0 when the job was cancelled or is another worker's now.</returns>
    public async Task<int> ApplyAsync(Job job, Directory directory, ImportPlan plan, IReadOnlyList<ImportRow> rows, CancellationToken cancellation)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                return await TryAsync(job, directory, plan, rows, cancellation);
            }
            catch (DbUpdateException e) when (UniqueConflict.Caused(e) && tries < Tries)
            {
                // Somebody took a name meanwhile; now they are seen.
                database.ChangeTracker.Clear();
            }
        }
    }

    /// <summary>What would become of rows; writes nothing.</summary>
    public async Task<IReadOnlyList<ImportVerdict>> PreviewAsync(Directory directory, ImportPlan plan, IReadOnlyList<ImportRow> rows, CancellationToken cancellation) =>
        (await JudgeAsync(directory, plan, rows, new HashSet<string>(StringComparer.Ordinal), cancellation)).Verdicts;

    /// <summary>Counts what would become of the rows. Nothing is written, so who stands in the file twice is known by <paramref name="seen"/> only.</summary>
    public async Task<int> CountAsync(Job job, Directory directory, ImportPlan plan, IReadOnlyList<ImportRow> rows, HashSet<string> seen, CancellationToken cancellation)
    {
        var (verdicts, done) = await JudgeAsync(directory, plan, rows, seen, cancellation);
        return await CommitAsync(job, verdicts, done, null, cancellation);
    }

    /// <summary>Takes note of rows that were counted before an interruption.</summary>
    public async Task RememberAsync(Directory directory, ImportPlan plan, IReadOnlyList<ImportRow> rows, HashSet<string> seen, CancellationToken cancellation) =>
        await JudgeAsync(directory, plan, rows, seen, cancellation);

    private async Task<int> TryAsync(Job job, Directory directory, ImportPlan plan, IReadOnlyList<ImportRow> rows, CancellationToken cancellation)
    {
        var (verdicts, done) = await JudgeAsync(directory, plan, rows, null, cancellation);
        var creating = verdicts.OfType<ImportVerdict.Create>().ToList();
        var updating = verdicts.OfType<ImportVerdict.Update>().Select(u => u.Row).ToList();
        // Side by side, so that the keys of all of them are made in one commit of the key store.
        var prepared = await Task.WhenAll(creating.Select(c => writing.PrepareAsync(job, directory, c.Row, cancellation)));
        var all = creating.Zip(prepared, (c, p) => (p.Row.Id, c.Row)).Concat(updating.Select(r => (r.Existing!.Value, r))).ToList();
        return await CommitAsync(job, verdicts, done, token => writing.StoreAsync(directory, prepared, updating, all, token), cancellation);
    }

    private async Task<int> CommitAsync(Job job, IReadOnlyList<ImportVerdict> verdicts, int done, Func<CancellationToken, Task>? store, CancellationToken cancellation)
    {
        var step = new JobStep(
            done,
            verdicts.Count(v => v is ImportVerdict.Create),
            verdicts.Count(v => v is ImportVerdict.Update),
            verdicts.Count(v => v is ImportVerdict.Skip),
            [.. verdicts.OfType<ImportVerdict.Refuse>()]);
        return await progress.CommitAsync(job, step, store, cancellation) ? done : 0;
    }

    /// <param name="seen">Of a run that writes nothing: who stood in the file before. Null: a batch ends before somebody stands in it a second time.</param>
    private async Task<(IReadOnlyList<ImportVerdict> Verdicts, int Done)> JudgeAsync(
        Directory directory, ImportPlan plan, IReadOnlyList<ImportRow> rows, HashSet<string>? seen, CancellationToken cancellation)
    {
        var today = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);
        var groups = plan.Mapping.Groups is null ? null : await match.GroupsAsync(directory, cancellation);
        var attributes = await match.AttributesAsync(directory, plan.Mapping, cancellation);
        List<ImportVerdict> verdicts = [];
        List<MatchedRow> sound = [];
        var before = seen ?? new HashSet<string>(StringComparer.Ordinal);
        var done = 0;
        foreach (var row in rows)
        {
            var candidate = ImportCandidate.Of(row, plan.Mapping, attributes, today);
            var matched = candidate.Findings.Count > 0 ? null : await match.IndexAsync(directory, candidate, cancellation);
            var twice = matched is not null && !Distinct(before, matched);
            // The second time they are met as somebody who is there already.
            if (twice && seen is null) break;
            done++;
            if (matched is not null) matched.IsTwice = twice;
            if (matched is null) verdicts.Add(new ImportVerdict.Refuse(row.Line, candidate.Findings));
            else if (Join(matched, groups)) sound.Add(matched);
            else verdicts.Add(new ImportVerdict.Refuse(row.Line, [new Finding("groups", "unknown-value")]));
        }

        await match.FindAsync(directory, sound, cancellation);
        verdicts.AddRange(sound.Select(r => Judge(r, plan.Duplicates)));
        return (verdicts, done);
    }

    private static ImportVerdict Judge(MatchedRow row, Duplicates duplicates)
    {
        var line = row.Candidate.Line;
        if (row.Existing is null && !row.IsTwice) return new ImportVerdict.Create(line, row);
        if (duplicates == Duplicates.Skip) return new ImportVerdict.Skip(line);
        return duplicates == Duplicates.Fail || row.IsTorn
            ? new ImportVerdict.Refuse(line, [new Finding((row.ByName is null && row.EmailIndex is not null) || row.IsTorn ? "email" : "user-name", "taken")])
            : new ImportVerdict.Update(line, row);
    }

    private static bool Distinct(HashSet<string> seen, MatchedRow row)
    {
        var keys = new[] { ("n", row.NameIndex), ("e", row.EmailIndex) }.Where(k => k.Item2 is not null).Select(k => k.Item1 + Convert.ToHexString(k.Item2!)).ToArray();
        var isNew = !Array.Exists(keys, seen.Contains);
        seen.UnionWith(keys);
        return isNew;
    }

    private static bool Join(MatchedRow row, IReadOnlyDictionary<string, Guid>? groups)
    {
        foreach (var name in row.Candidate.Groups)
        {
            if (groups is null || !groups.TryGetValue(Groups.Group.KeyOf(name), out var group)) return false;
            if (!row.Groups.Contains(group)) row.Groups.Add(group);
        }

        return true;
    }
}

/// <summary>What becomes of a row.</summary>
internal abstract record ImportVerdict(int Line)
{
    public sealed record Create(int Line, MatchedRow Row) : ImportVerdict(Line);

    public sealed record Update(int Line, MatchedRow Row) : ImportVerdict(Line);

    public sealed record Skip(int Line) : ImportVerdict(Line);

    public sealed record Refuse(int Line, IReadOnlyList<Finding> Findings) : ImportVerdict(Line);
}
