using Custodia.Kernel.Policy;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Kernel.Deletion;

/// <summary>A deletion request as stored. The person is known by id only; what was held about them is in the steps' counts.</summary>
[Category("kernel.deletion-request")]
internal sealed class DeletionRequestRow
{
    public Guid Id { get; init; }

    public long Account { get; init; }

    public Guid Person { get; init; }

    /// <summary>The person's id while the request stands, null once withdrawn: at most one standing request a person.</summary>
    public Guid? Standing { get; set; }

    public required string RequestedBy { get; init; }

    public DateTimeOffset RequestedAt { get; init; }

    public DateTimeOffset ExecuteAfter { get; init; }

    public DateTimeOffset DueAt { get; init; }

    public DeletionState State { get; set; }

    public DateTimeOffset? DoneAt { get; set; }

    public string? EvidenceFile { get; set; }

    public DeadlineWarning Warned { get; set; }

    public DeletionRequest ToRequest() =>
        new(Id, Account, Person, RequestedBy, RequestedAt, ExecuteAfter, DueAt, State, DoneAt, EvidenceFile);

    public static void Configure(ModelBuilder model)
    {
        var entity = model.Entity<DeletionRequestRow>();
        entity.ToTable("deletion_requests");
        entity.HasKey(r => r.Id);
        entity.HasIndex(r => r.Standing).IsUnique();
        entity.HasIndex(r => new { r.State, r.ExecuteAfter });
        entity.HasIndex(r => new { r.Account, r.RequestedAt });
    }
}

/// <summary>One finished step of an erasure: what makes it resumable, and what its evidence is made of.</summary>
[Category("kernel.deletion-request")]
internal sealed class ErasureStepRow
{
    [Field("id")]
    public Guid RequestId { get; init; }

    public required string Step { get; init; }

    [Field("step-at")]
    public DateTimeOffset At { get; init; }

    /// <summary>An <see cref="ErasureReport"/> as JSON: categories and counts, no content.</summary>
    public required string Report { get; init; }

    public static void Configure(ModelBuilder model)
    {
        var entity = model.Entity<ErasureStepRow>();
        entity.ToTable("erasure_steps");
        entity.HasKey(s => new { s.RequestId, s.Step });
        entity.HasOne<DeletionRequestRow>().WithMany().HasForeignKey(s => s.RequestId).OnDelete(DeleteBehavior.Cascade);
    }
}
