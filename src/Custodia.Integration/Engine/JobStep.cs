using Custodia.Kernel.Policy;
using Custodia.Kernel.Vault;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Integration.Engine;

internal enum JobStepState
{
    Started,
    Done,
    Failed,
}

/// <summary>One executed step of a job, in order.</summary>
[Category("integration.job")]
internal sealed class JobStep
{
    [Field("id")]
    public Guid JobId { get; init; }

    [Field("step-sequence")]
    public int Sequence { get; init; }

    [Field("step-pointer")]
    public required string Pointer { get; init; }

    [Field("step-label")]
    public required string Label { get; init; }

    [Field("step-operation")]
    public string? Operation { get; init; }

    [Field("step-state")]
    public JobStepState State { get; set; }

    [Field("step-tries")]
    public int Tries { get; set; }

    [Field("step-started-at")]
    public DateTimeOffset StartedAt { get; init; }

    [Field("step-finished-at")]
    public DateTimeOffset? FinishedAt { get; set; }

    [Field("step-error-code")]
    public string? ErrorCode { get; set; }

    /// <summary>What the step took and gave, as JSON <c>{ input, output }</c>, under the job's key; null where there was nothing.</summary>
    [Field("step-data")]
    public Sealed<byte[]>? Data { get; set; }

    public Place DataPlace(KeyId job) => new(job, "integration.job", "step-data", $"{JobId:N}/{Sequence}");

    public static void Configure(ModelBuilder model)
    {
        var entity = model.Entity<JobStep>();
        entity.ToTable("job_steps");
        entity.HasKey(s => new { s.JobId, s.Sequence });
        entity.HasOne<Job>().WithMany().HasForeignKey(s => s.JobId).OnDelete(DeleteBehavior.Cascade);
    }
}
