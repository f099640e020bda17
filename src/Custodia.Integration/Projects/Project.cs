using Custodia.Kernel.Policy;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Integration.Projects;

/// <summary>Holds projects.</summary>
[Category("integration.metadata")]
internal sealed class Group : NamedMetadata
{
    public Guid GroupId { get; init; }

    [Field("deletion-requested-at", Category = "integration.design")]
    public DateTimeOffset? DeletionRequestedAt { get; set; }

    public static void Configure(ModelBuilder model)
    {
        var entity = model.Entity<Group>();
        entity.ToTable("groups");
        entity.HasKey(g => g.GroupId);
        entity.HasIndex(g => new { g.Account, g.Name }).IsUnique();
        entity.HasIndex(g => g.DeletionRequestedAt);
    }
}

/// <summary>Holds flows; its versions are what is deployed.</summary>
[Category("integration.metadata")]
internal sealed class Project : NamedMetadata
{
    public Guid ProjectId { get; init; }

    public Guid GroupId { get; init; }

    /// <summary>The newest version; 0 before the first deployment.</summary>
    public int Version { get; set; }

    public string? Tag { get; set; }

    [Field("deletion-requested-at", Category = "integration.design")]
    public DateTimeOffset? DeletionRequestedAt { get; set; }

    public static void Configure(ModelBuilder model)
    {
        var entity = model.Entity<Project>();
        entity.ToTable("projects");
        entity.HasKey(p => p.ProjectId);
        entity.HasIndex(p => new { p.GroupId, p.Name }).IsUnique();
        entity.HasIndex(p => new { p.Account, p.ProjectId });
        entity.HasIndex(p => p.DeletionRequestedAt);
        entity.HasOne<Group>().WithMany().HasForeignKey(p => p.GroupId).OnDelete(DeleteBehavior.Cascade);
    }
}

/// <summary>A flow being designed: its text is kept whatever it is worth, only one that checks is deployed.</summary>
[Category("integration.metadata")]
internal sealed class FlowDraft : Metadata
{
    public Guid ComponentId { get; init; }

    public Guid ProjectId { get; init; }

    [Field("name", Category = "integration.design")]
    public required string Name { get; set; }

    /// <summary>YAML or JSON, up to 256 Ki characters.</summary>
    [Field("text", Category = "integration.design")]
    public required string Text { get; set; }

    /// <summary>Counts changes: a change names the revision it was made from, so that none is overwritten unseen.</summary>
    [Field("revision", Category = "integration.design")]
    public int Revision { get; set; }

    /// <summary><c>draft</c> (has errors) or <c>checked</c>.</summary>
    public required string Status { get; set; }

    public static void Configure(ModelBuilder model)
    {
        var entity = model.Entity<FlowDraft>();
        entity.ToTable("flows");
        entity.HasKey(f => f.ComponentId);
        entity.HasIndex(f => new { f.ProjectId, f.Name }).IsUnique();
        entity.HasIndex(f => new { f.Account, f.ComponentId });
        entity.Property(f => f.Revision).IsConcurrencyToken();
        entity.HasOne<Project>().WithMany().HasForeignKey(f => f.ProjectId).OnDelete(DeleteBehavior.Cascade);
    }
}
