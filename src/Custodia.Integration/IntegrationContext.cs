using Custodia.Integration.Engine;
using Custodia.Integration.Projects;
using Custodia.Integration.Runtimes;
using Custodia.Kernel.Storage;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Integration;

/// <summary>Integration's own tables. Each entity configures itself beside its class.</summary>
internal sealed class IntegrationContext(DbContextOptions<IntegrationContext> options) : ModuleContext("integration", options)
{
    public DbSet<Group> Groups => Set<Group>();

    public DbSet<Project> Projects => Set<Project>();

    public DbSet<FlowDraft> Flows => Set<FlowDraft>();

    public DbSet<Runtime> Runtimes => Set<Runtime>();

    public DbSet<Instance> Instances => Set<Instance>();

    public DbSet<VersionedFlow> VersionedFlows => Set<VersionedFlow>();

    public DbSet<DeployedTrigger> DeployedTriggers => Set<DeployedTrigger>();

    public DbSet<Job> Jobs => Set<Job>();

    public DbSet<JobStep> JobSteps => Set<JobStep>();

    protected override void Configure(ModelBuilder model)
    {
        Group.Configure(model);
        Project.Configure(model);
        FlowDraft.Configure(model);
        Runtime.Configure(model);
        Instance.Configure(model);
        VersionedFlow.Configure(model);
        DeployedTrigger.Configure(model);
        Job.Configure(model);
        JobStep.Configure(model);
    }
}
