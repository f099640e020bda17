using Custodia.Integration.Engine;
using Custodia.Integration.Flows;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Integration.Triggers;

/// <summary>A flow that a trigger starts, as it is deployed now.</summary>
internal sealed record DeployedFlow(long Account, Guid InstanceId, Guid ProjectId, int Version, Guid ComponentId, string Name)
{
    public static Task<List<DeployedFlow>> OfAsync(IntegrationContext context, long account, string key, CancellationToken cancellation) =>
        Query(context, cancellation, context.DeployedTriggers.Where(t => t.Account == account && t.Key == key));

    public static Task<List<DeployedFlow>> OfAppAsync(IntegrationContext context, long appId, string key, CancellationToken cancellation) =>
        Query(context, cancellation, context.DeployedTriggers.Where(t => t.AppId == appId && t.Key == key));

    public NewJob Job(Guid? person, string dedupeKey, Message message) =>
        new(Account, person, InstanceId, ProjectId, Version, ComponentId, Name, dedupeKey, message);

    private static Task<List<DeployedFlow>> Query(IntegrationContext context, CancellationToken cancellation, IQueryable<Runtimes.DeployedTrigger> triggers) =>
        (from trigger in triggers
         join instance in context.Instances on trigger.InstanceId equals instance.InstanceId
         join flow in context.VersionedFlows
             on new { instance.ProjectId, instance.Version, trigger.ComponentId } equals new { flow.ProjectId, flow.Version, flow.ComponentId }
         where instance.Status == "running"
         orderby trigger.ComponentId
         select new DeployedFlow(trigger.Account, instance.InstanceId, instance.ProjectId, instance.Version, trigger.ComponentId, flow.Name)).ToListAsync(cancellation);
}
