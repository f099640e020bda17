using System.Text.Json.Nodes;
using Custodia.Integration.Audit;
using Custodia.Integration.Flows;
using Custodia.Kernel.Access;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Integration.Engine;

internal abstract record SampleOutcome
{
    public sealed record Started(Guid Job) : SampleOutcome;

    /// <summary>An express flow ran at once.</summary>
    public sealed record Answered(ExpressAnswer Answer) : SampleOutcome;

    /// <summary>The flow is not deployed, or nothing calls it over HTTP.</summary>
    public sealed record NotCallable : SampleOutcome;

    public sealed record TooLarge : SampleOutcome;
}

/// <summary>Starts the deployed version of a flow by hand, as a call over HTTP would. Whatever it calls is called.</summary>
internal sealed class SampleStart(IntegrationContext context, ProgramCache programs, JobStore jobs, ExpressRun express, AuditLog audit)
{
    public async Task<SampleOutcome> RunAsync(Caller caller, Guid flow, JsonNode? payload, CancellationToken cancellation)
    {
        var found = await (
            from trigger in context.DeployedTriggers
            join instance in context.Instances on trigger.InstanceId equals instance.InstanceId
            join project in context.Projects on instance.ProjectId equals project.ProjectId
            join version in context.VersionedFlows
                on new { instance.ProjectId, instance.Version, trigger.ComponentId } equals new { version.ProjectId, version.Version, version.ComponentId }
            where trigger.Account == caller.Account && trigger.ComponentId == flow && instance.Status == "running"
            select new { Instance = instance, version.Name, Project = project.Name }).FirstOrDefaultAsync(cancellation);
        if (found is null || await programs.FindAsync(found.Instance.ProjectId, found.Instance.Version, flow, cancellation) is not { Flow.Trigger: Trigger.Http http } program)
            return new SampleOutcome.NotCallable();
        var message = new Message { Payload = payload, Attributes = new JsonObject { ["method"] = http.Method, ["path"] = http.Path, ["query"] = new JsonObject(), ["sample"] = true } };
        if (MessageSize.Of(message.ToDocument()) > MessageSize.Most) return new SampleOutcome.TooLarge();
        var request = new NewJob(caller.Account, null, found.Instance.InstanceId, found.Instance.ProjectId, found.Instance.Version, flow, found.Name, $"sample:{Guid.CreateVersion7():N}", message);
        await audit.RecordAsync(caller, "flows", "run", $"{found.Name} {flow:N}", found.Project, succeeded: true, cancellation);
        if (program.Flow.Mode == FlowMode.Express) return new SampleOutcome.Answered(await express.RunAsync(request, program, cancellation));
        return new SampleOutcome.Started(await jobs.AddAsync(request, cancellation));
    }
}
