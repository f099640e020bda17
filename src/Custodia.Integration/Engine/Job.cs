using Custodia.Kernel.Policy;
using Custodia.Kernel.Vault;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Integration.Engine;

internal enum JobState
{
    Queued,
    Running,

    /// <summary>Waits for its next try.</summary>
    Waiting,
    Done,
    Failed,

    /// <summary>A call was begun and may have taken effect; repeating it is not safe, so a person decides.</summary>
    InDoubt,
    Cancelled,
}

/// <summary>One execution of a flow. Its data is sealed under the key of the person it is about, else under the account's day.</summary>
[Category("integration.job")]
internal sealed class Job
{
    public const string DayKey = "job";

    public Guid Id { get; init; }

    public long Account { get; init; }

    public Guid? Person { get; init; }

    public Guid InstanceId { get; init; }

    public Guid ProjectId { get; init; }

    public int Version { get; init; }

    public Guid ComponentId { get; init; }

    public required string FlowName { get; init; }

    /// <summary>Names the cause: an event's id or the caller's idempotency key. One job a cause and flow.</summary>
    public required string DedupeKey { get; init; }

    public JobState State { get; set; }

    /// <summary>Next instruction of the flow's program.</summary>
    public int Position { get; set; }

    /// <summary>Steps recorded so far.</summary>
    public int Steps { get; set; }

    /// <summary>The message before the next instruction.</summary>
    public Sealed<byte[]> Message { get; set; } = null!;

    /// <summary>What <c>respond</c> answered; null before or without.</summary>
    public Sealed<byte[]>? Response { get; set; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? FinishedAt { get; set; }

    /// <summary>When it may run (again).</summary>
    public DateTimeOffset NextAt { get; set; }

    /// <summary>Until when a worker has it; the fence counts owners, and only the newest may write.</summary>
    public DateTimeOffset? LeaseUntil { get; set; }

    public long Fence { get; set; }

    /// <summary>Stable code of the failure, e.g. <c>http-503</c>; no free text, so no personal data.</summary>
    public string? ErrorCode { get; set; }

    public string? ErrorPointer { get; set; }

    public KeyId Key => Person is { } person
        ? KeyId.Subject(Account, person)
        : KeyId.Day(Account, DayKey, DateOnly.FromDateTime(CreatedAt.UtcDateTime));

    public Place MessagePlace => new(Key, "integration.job", "message", Id.ToString("N"));

    public Place ResponsePlace => new(Key, "integration.job", "response", Id.ToString("N"));

    public static void Configure(ModelBuilder model)
    {
        var entity = model.Entity<Job>();
        entity.ToTable("jobs");
        entity.HasKey(j => j.Id);
        entity.Ignore(j => j.Key).Ignore(j => j.MessagePlace).Ignore(j => j.ResponsePlace);
        entity.HasIndex(j => new { j.ComponentId, j.DedupeKey }).IsUnique();
        entity.HasIndex(j => new { j.State, j.NextAt });
        entity.HasIndex(j => new { j.Account, j.Id });
        entity.HasIndex(j => new { j.ComponentId, j.Id });
        entity.HasIndex(j => j.Person);
        entity.HasIndex(j => j.CreatedAt);
    }
}
