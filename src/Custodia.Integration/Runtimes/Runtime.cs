using Custodia.Integration.Projects;
using Custodia.Kernel.Policy;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Integration.Runtimes;

internal enum RuntimeKind
{
    Sandbox,
    Shared,
    Private,
}

/// <summary>A worker pool that instances run on. Every account has a sandbox.</summary>
[Category("integration.metadata")]
internal sealed class Runtime : NamedMetadata
{
    public Guid RuntimeId { get; init; }

    [Field("kind", Category = "integration.design")]
    public RuntimeKind Kind { get; init; }

    /// <summary><c>running</c>, <c>creating</c>, <c>scaling</c>, <c>unavailable</c>, <c>deleting</c>, <c>deleted</c> or <c>errored</c>.</summary>
    public required string Status { get; set; }

    public static void Configure(ModelBuilder model)
    {
        var entity = model.Entity<Runtime>();
        entity.ToTable("runtimes");
        entity.HasKey(r => r.RuntimeId);
        entity.HasIndex(r => new { r.Account, r.Name }).IsUnique();
    }
}

/// <summary>A version of a project on a runtime: exactly the fields of the policy's metadata.</summary>
[Category("integration.metadata")]
internal sealed class Instance : Metadata
{
    public Guid InstanceId { get; init; }

    public Guid GroupId { get; init; }

    public Guid ProjectId { get; init; }

    public Guid RuntimeId { get; init; }

    public int Version { get; set; }

    public string? Tag { get; set; }

    /// <summary><c>running</c> or <c>stopped</c>.</summary>
    public required string Status { get; set; }

    public string? Remark { get; set; }

    public static void Configure(ModelBuilder model)
    {
        var entity = model.Entity<Instance>();
        entity.ToTable("instances");
        entity.HasKey(i => i.InstanceId);
        entity.HasIndex(i => new { i.ProjectId, i.RuntimeId }).IsUnique();
        entity.HasIndex(i => new { i.Account, i.InstanceId });
        entity.HasOne<Project>().WithMany().HasForeignKey(i => i.ProjectId).OnDelete(DeleteBehavior.Cascade);
        entity.HasOne<Runtime>().WithMany().HasForeignKey(i => i.RuntimeId).OnDelete(DeleteBehavior.Cascade);
    }
}

/// <summary>A flow of a version, as it was at deployment: never changed. Jobs run exactly this text.</summary>
[Category("integration.metadata")]
internal sealed class VersionedFlow
{
    public Guid ProjectId { get; init; }

    public int Version { get; init; }

    public Guid ComponentId { get; init; }

    [Field("name", Category = "integration.design")]
    public required string Name { get; init; }

    [Field("text", Category = "integration.design")]
    public required string Text { get; init; }

    public DateTimeOffset CreatedTime { get; init; }

    public static void Configure(ModelBuilder model)
    {
        var entity = model.Entity<VersionedFlow>();
        entity.ToTable("version_flows");
        entity.HasKey(f => new { f.ProjectId, f.Version, f.ComponentId });
        entity.HasOne<Project>().WithMany().HasForeignKey(f => f.ProjectId).OnDelete(DeleteBehavior.Cascade);
    }
}

/// <summary>What starts a deployed flow: looked up at every event and HTTP call.</summary>
[Category("integration.metadata")]
internal sealed class DeployedTrigger
{
    public Guid InstanceId { get; init; }

    public Guid ComponentId { get; init; }

    [Field("account", Category = "integration.design")]
    public long Account { get; init; }

    /// <summary>The account's <c>appId</c>, which addresses of HTTP triggers begin with; 0 where the deployment knew none.</summary>
    [Field("app-id", Category = "integration.design")]
    public long AppId { get; init; }

    /// <summary><c>event:TYPE</c> or <c>http:METHOD path</c>.</summary>
    [Field("trigger", Category = "integration.design")]
    public required string Key { get; init; }

    public static void Configure(ModelBuilder model)
    {
        var entity = model.Entity<DeployedTrigger>();
        entity.ToTable("deployed_triggers");
        entity.HasKey(t => new { t.InstanceId, t.ComponentId });
        entity.HasIndex(t => new { t.Account, t.Key });
        entity.HasIndex(t => new { t.AppId, t.Key });
        entity.HasOne<Instance>().WithMany().HasForeignKey(t => t.InstanceId).OnDelete(DeleteBehavior.Cascade);
    }

    public static string? KeyOf(Flows.Trigger? trigger) => trigger switch
    {
        Flows.Trigger.Event e => $"event:{e.Type}",
        Flows.Trigger.Http http => $"http:{http.Method} {http.Path}",
        _ => null,
    };
}
