using Custodia.Identity.Jobs.Imports;

namespace Custodia.Identity.Jobs;

/// <summary>A job as the API shows it.</summary>
/// <param name="Status"><c>draft</c> (its file is here, say what to do with it), <c>waiting</c>, <c>running</c>, <c>done</c>, <c>failed</c> or <c>cancelled</c>.</param>
/// <param name="Rows">Rows to do; counted by line breaks, so it may be a little too high. 0 for an export that has not begun.</param>
/// <param name="Position">Rows done.</param>
/// <param name="Failed">Rows that broke a rule; see <c>GET /api/v1/jobs/{id}/findings</c>.</param>
/// <param name="Failure">Why the job as a whole failed: <c>file-shape</c>, <c>file-encoding</c>, <c>file-columns</c>, <c>internal</c>, <c>person-erased</c>.</param>
/// <param name="DryRun">Nothing was written; the figures say what would have been.</param>
/// <param name="ExpiresAt">When the file of an export goes.</param>
internal sealed record JobAnswer(
    Guid Id,
    JobKind Kind,
    string Directory,
    JobStatus Status,
    FileFormat Format,
    DateTimeOffset CreatedAt,
    DateTimeOffset? StartedAt,
    DateTimeOffset? FinishedAt,
    int Rows,
    int Position,
    int Created,
    int Updated,
    int Skipped,
    int Failed,
    string? Failure,
    bool DryRun,
    bool HasFile,
    DateTimeOffset? ExpiresAt);

/// <summary>What an uploaded file has.</summary>
/// <param name="Suggested">What the columns mean, guessed by their names.</param>
internal sealed record ColumnsAnswer(IReadOnlyList<string> Columns, ImportMapping Suggested);

/// <summary>What would become of a row.</summary>
/// <param name="Verdict"><c>create</c>, <c>update</c>, <c>skip</c> or <c>fail</c>.</param>
internal sealed record PreviewRow(int Line, string Verdict, IReadOnlyList<FindingAnswer> Findings)
{
    public static PreviewRow Of(ImportVerdict verdict) => new(
        verdict.Line,
        verdict switch
        {
            ImportVerdict.Create => "create",
            ImportVerdict.Update => "update",
            ImportVerdict.Skip => "skip",
            _ => "fail",
        },
        verdict is ImportVerdict.Refuse refused ? [.. refused.Findings.Select(f => new FindingAnswer(verdict.Line, f.Field, f.Rule))] : []);
}

internal sealed record PreviewAnswer(IReadOnlyList<PreviewRow> Rows);

/// <param name="Line">Line of the file, from 1.</param>
/// <param name="Field">Policy name of the field, or <c>row</c>.</param>
/// <param name="Rule">Stable code of the rule it breaks. The value is not said.</param>
internal sealed record FindingAnswer(int Line, string Field, string Rule);

/// <summary>Which users are to be exported, and what of them.</summary>
/// <param name="Directory">Name of a directory of the account.</param>
/// <param name="Fields">Profile fields, e.g. <c>userName</c>, <c>email</c>; none: only number, status and times.</param>
/// <param name="Revealed">Whether values leave as they are, each on the record of reveals; else as masks.</param>
/// <param name="Purpose">For revealed values: a use that the policy declares, e.g. <c>user-administration</c>.</param>
/// <param name="Reason">For revealed values: 3 to 500 characters.</param>
/// <param name="Status"><c>NORMAL</c>, <c>LOCKED</c> or <c>FROZEN</c>.</param>
/// <param name="Group">Number of a group.</param>
internal sealed record ExportRequest(
    string Directory,
    FileFormat Format = FileFormat.Csv,
    IReadOnlyList<string>? Fields = null,
    bool Revealed = false,
    string? Purpose = null,
    string? Reason = null,
    string? Status = null,
    Guid? Group = null,
    DateTimeOffset? SignedInAfter = null,
    DateTimeOffset? SignedInBefore = null);
