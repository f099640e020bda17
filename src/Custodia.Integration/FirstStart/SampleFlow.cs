using Custodia.Integration.Design;
using Custodia.Kernel.Access;
using Custodia.Kernel.Hosting;
using Custodia.Kernel.Storage;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Integration.FirstStart;

/// <summary>Development only: a deployed flow that greets everybody who registers.</summary>
internal sealed class SampleFlow(IntegrationContext context, Designs designs, Deployments deployments) : IFirstStart
{
    private const string GroupName = "Demo";
    private const string ProjectName = "Onboarding";

    public const string Welcome = """
        flow: 1
        name: welcome
        description: Greets everybody who registers.
        trigger:
          event: identity.user.registered
        steps:
          - id: named
            choice:
              - when: ${ .payload.displayName != null }
                steps:
                  - set: { name: "${ .payload.displayName }" }
              - otherwise: true
                steps:
                  - set: { name: "${ .payload.email }" }
          - id: reachable
            choice:
              - when: ${ .payload.email != null }
                steps:
                  - id: greet
                    call: mail.send
                    with:
                      to: ${ .payload.email }
                      subject: "Welcome, ${ .variables.name }"
                      text: "Hello ${ .variables.name },\n\nit is good to have you here."
                    retry: { times: 3, backoff: 1s }
          - log: { level: info, category: greeted }

        """;

    public async Task RunAsync(Kernel.Hosting.FirstStart start, CancellationToken cancellation)
    {
        if (!start.Services.Contains(AccountServices.Integration, StringComparer.Ordinal)) return;
        await deployments.SandboxAsync(start.Account, cancellation);
        if (!start.SampleContent) return;
        // Whoever deletes the sample does not want it back: the group stays as long as its deletion is on record.
        var caller = Caller.System(start.Account);
        var group = await context.Groups.Where(g => g.Account == start.Account && g.Name == GroupName).Select(g => g.GroupId).FirstOrDefaultAsync(cancellation);
        if (group == default && await designs.CreateGroupAsync(caller, GroupName, null, cancellation) is DesignOutcome.Done made) group = made.Id;
        var project = await context.Projects.Where(p => p.GroupId == group && p.Name == ProjectName).FirstOrDefaultAsync(cancellation);
        if (project is { Version: > 0 } or { DeletionRequestedAt: not null }) return;
        if (project is null && await designs.CreateProjectAsync(caller, group, ProjectName, "sample", null, cancellation) is not DesignOutcome.Done) return;
        var projectId = await context.Projects.Where(p => p.GroupId == group && p.Name == ProjectName).Select(p => p.ProjectId).FirstAsync(cancellation);
        if (!await context.Flows.AnyAsync(f => f.ProjectId == projectId, cancellation)) await designs.CreateFlowAsync(caller, projectId, Welcome, cancellation);
        if (await deployments.DeployAsync(caller, projectId, null, cancellation) is not DesignOutcome.Deployed)
            throw new InvalidOperationException("The sample flow cannot be deployed.");
    }
}
