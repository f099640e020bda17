using Custodia.Kernel.Policy;
using Custodia.Kernel.Vault;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Identity.Jobs;

/// <summary>
/// Work on many users that outlives requests and restarts. Each batch commits together with the position behind it, so a job that was
/// interrupted goes on with the row after the last one that counted.
/// </summary>
[Category(Category)]
internal sealed class Job
{
    public const string Category = "identity.job";

    /// <summary>Use of the category: doing the work and showing how far it is.</summary>
    public const string UseWork = "user-administration";

    public Guid Id { get; init; }

    /// <summary>The account's <c>uin</c>.</summary>
    public long Account { get; init; }

    public Guid DirectoryId { get; init; }

    public JobKind Kind { get; init; }

    public JobStatus Status { get; set; }

    /// <summary>Format of the file that comes in or goes out.</summary>
    public FileFormat Format { get; init; }

    /// <summary>The member of staff who started it; null for an application.</summary>
    public Guid? StartedBy { get; set; }

    /// <summary>Who it was, with the roles that opened sealed values then: for the record of reveals. Under the job's key.</summary>
    public Sealed<string>? Caller { get; set; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? StartedAt { get; set; }

    public DateTimeOffset? FinishedAt { get; set; }

    /// <summary>What is to be done, as JSON: an <see cref="Imports.ImportPlan"/> or <see cref="Exports.ExportPlan"/>. Names columns and choices, nobody.</summary>
    public string Plan { get; set; } = "{}";

    /// <summary>Whether its file is still there.</summary>
    public bool HasFile { get; set; }

    public long FileBytes { get; set; }

    /// <summary>Rows that there are to do, as counted before; a little more when values hold line breaks.</summary>
    public int Rows { get; set; }

    /// <summary>Rows done; of an export the last user of it is <see cref="After"/>.</summary>
    public int Position { get; set; }

    /// <summary>Bytes of the file that count; an export that was interrupted cuts the rest off.</summary>
    public long FilePosition { get; set; }

    /// <summary>Where an export goes on.</summary>
    public Guid? After { get; set; }

    public int Created { get; set; }

    public int Updated { get; set; }

    public int Skipped { get; set; }

    public int Failed { get; set; }

    /// <summary>Why the job as a whole failed: a stable code.</summary>
    public string? Failure { get; set; }

    /// <summary>Which process works on it.</summary>
    public Guid? Worker { get; set; }

    /// <summary>Until when; renewed by every batch. Afterwards another process may go on.</summary>
    public DateTimeOffset? WorkedUntil { get; set; }

    /// <summary>When the file of an export goes.</summary>
    public DateTimeOffset? ExpiresAt { get; set; }

    /// <summary>Everything of the job that is sealed is under this key, which goes with its file.</summary>
    public KeyId Key => KeyId.Record(Account, "job", Id);

    public Place CallerPlace => new(Key, Category, "caller", Id.ToString("N"));

    public bool IsOver => Status is JobStatus.Done or JobStatus.Failed or JobStatus.Cancelled;

    public static void Configure(ModelBuilder model)
    {
        var job = model.Entity<Job>();
        job.ToTable("jobs");
        job.HasKey(j => j.Id);
        job.Ignore(j => j.Key);
        job.Ignore(j => j.CallerPlace);
        job.Ignore(j => j.IsOver);
        job.Property(j => j.Kind).HasMaxLength(16);
        job.Property(j => j.Status).HasMaxLength(16);
        job.Property(j => j.Format).HasMaxLength(16);
        job.Property(j => j.Failure).HasMaxLength(64);
        job.HasIndex(j => new { j.Account, j.Id });
        job.HasIndex(j => j.Status);
        job.HasIndex(j => j.CreatedAt);
        job.HasIndex(j => j.StartedBy);
    }
}

internal enum JobKind
{
    Import,
    Export,
}

internal enum JobStatus
{
    /// <summary>The file is here; what is to be done with it has not been said.</summary>
    Draft,
    Waiting,
    Running,
    Done,
    Failed,
    Cancelled,
}

internal enum FileFormat
{
    Csv,
    Ndjson,
}

/// <summary>A row that could not be imported: where, which field, which rule. Never the value.</summary>
[Category(Job.Category)]
internal sealed class JobFinding
{
    public const int MaxField = 64;

    public Guid JobId { get; init; }

    public int Number { get; init; }

    /// <summary>Line of the file, from 1; the heading is line 1 of a CSV file.</summary>
    public int Line { get; init; }

    /// <summary>Policy name of the field, with the name of a custom attribute behind a dot, or <c>row</c>.</summary>
    public required string Field { get; init; }

    /// <summary>Stable code of the rule it breaks.</summary>
    public required string Rule { get; init; }

    public static void Configure(ModelBuilder model)
    {
        var finding = model.Entity<JobFinding>();
        finding.ToTable("job_findings");
        finding.HasKey(f => new { f.JobId, f.Number });
        finding.Property(f => f.Field).HasMaxLength(MaxField);
        finding.Property(f => f.Rule).HasMaxLength(64);
    }
}

/// <summary>What lies in a job's file: rows about people, sealed in parts under the job's key.</summary>
[Category(Category)]
internal sealed record JobFilePart(byte[] Content)
{
    public const string Category = "identity.job-file";
    public const string Field = "content";
    public const string UseWork = "user-administration";
}
