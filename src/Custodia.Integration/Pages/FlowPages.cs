using Custodia.Integration.Api;
using Custodia.Integration.Design;
using Custodia.Integration.Engine;
using Custodia.Integration.Flows;
using Custodia.Kernel.Access;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Integration.Pages;

/// <summary>Reads what the pages of flows show.</summary>
internal sealed class FlowPages(IntegrationContext context, FlowCheck check, Designs designs, Deployments deployments, TimeProvider time)
{
    public const string Starter = """
        flow: 1
        name: my-flow
        trigger:
          event: identity.user.registered
        steps:
          - log: { level: info, category: seen }

        """;

    private const int Jobs = 20;

    public async Task<ListAnswer<FlowRow>> ListAsync(long account, Paging paging, CancellationToken cancellation)
    {
        var rows =
            from flow in context.Flows.AsNoTracking()
            join project in context.Projects on flow.ProjectId equals project.ProjectId
            join grouped in context.Groups on project.GroupId equals grouped.GroupId
            where flow.Account == account && project.DeletionRequestedAt == null
            select new { Flow = flow, Project = project, Group = grouped.Name };
        if (paging.Before is { } before) rows = rows.Where(r => r.Flow.ComponentId.CompareTo(before) < 0);
        var found = await rows.OrderByDescending(r => r.Flow.ComponentId).Take(paging.Limit + 1)
            .Select(r => new
            {
                r.Flow.ComponentId,
                r.Flow.Name,
                r.Group,
                Project = r.Project.Name,
                r.Flow.Status,
                r.Project.Version,
                Last = context.Jobs.Where(j => j.ComponentId == r.Flow.ComponentId).OrderByDescending(j => j.Id).Select(j => new { j.State, j.CreatedAt }).FirstOrDefault(),
            })
            .ToListAsync(cancellation);
        var figures = await FiguresAsync(found.ConvertAll(f => f.ComponentId), cancellation);
        return paging.Page(
            found.ConvertAll(f => new FlowRow(
                f.ComponentId, f.Name, f.Group, f.Project, f.Status, f.Version, f.Last?.State, f.Last?.CreatedAt,
                figures.GetValueOrDefault(f.ComponentId).Jobs, figures.GetValueOrDefault(f.ComponentId).Failed)),
            f => f.Id);
    }

    /// <summary>Makes the group and the project where there are none of these names.</summary>
    public async Task<DesignOutcome> CreateAsync(Caller caller, string group, string project, string text, CancellationToken cancellation)
    {
        var groupId = await context.Groups.Where(g => g.Account == caller.Account && g.Name == group && g.DeletionRequestedAt == null).Select(g => g.GroupId).FirstOrDefaultAsync(cancellation);
        if (groupId == default)
        {
            var made = await designs.CreateGroupAsync(caller, group, null, cancellation);
            if (made is not DesignOutcome.Done done) return made is DesignOutcome.Invalid invalid ? invalid with { Field = "group" } : made;
            groupId = done.Id;
        }

        var projectId = await context.Projects.Where(p => p.GroupId == groupId && p.Name == project && p.DeletionRequestedAt == null).Select(p => p.ProjectId).FirstOrDefaultAsync(cancellation);
        if (projectId == default)
        {
            var made = await designs.CreateProjectAsync(caller, groupId, project, null, null, cancellation);
            if (made is not DesignOutcome.Done done) return made is DesignOutcome.Invalid invalid ? invalid with { Field = "project" } : made;
            projectId = done.Id;
        }

        return await designs.CreateFlowAsync(caller, projectId, text.ReplaceLineEndings("\n"), cancellation);
    }

    /// <param name="edited">What was sent and refused; null: what is stored.</param>
    public async Task<FlowModel?> FindAsync(Caller caller, Guid id, string? edited, CancellationToken cancellation)
    {
        var found = await (
            from flow in context.Flows.AsNoTracking()
            join owner in context.Projects on flow.ProjectId equals owner.ProjectId
            where flow.Account == caller.Account && flow.ComponentId == id && owner.DeletionRequestedAt == null
            select new { Flow = flow, Project = owner }).FirstOrDefaultAsync(cancellation);
        if (found is null) return null;
        var text = edited ?? found.Flow.Text;
        var drawn = check.Read(text).Flow;
        var rights = new FlowRights(caller.Can(Permissions.WriteFlows), caller.Can(Permissions.DeployFlows), caller.Can(Permissions.ReadJobs));
        var jobs = rights.Jobs
            ? await context.Jobs.AsNoTracking().Where(j => j.ComponentId == id && j.Account == caller.Account).OrderByDescending(j => j.Id).Take(Jobs).Select(JobApi.WithoutData).ToListAsync(cancellation)
            : [];
        return new FlowModel(found.Flow, found.Project, text, check.Check(text).Findings, drawn?.Steps, drawn?.Trigger, jobs.ConvertAll(JobApi.Item), rights);
    }

    public async Task<IReadOnlyList<RuntimeRow>> RuntimesAsync(long account, CancellationToken cancellation)
    {
        await deployments.SandboxAsync(account, cancellation);
        var rows = await context.Runtimes.AsNoTracking().Where(r => r.Account == account).OrderBy(r => r.Name).Take(Paging.Most)
            .Select(r => new
            {
                Runtime = r,
                Instances = context.Instances.Count(i => i.RuntimeId == r.RuntimeId && i.Status == "running"),
                Running = context.Jobs.Count(j => j.State == JobState.Running && context.Instances.Any(i => i.InstanceId == j.InstanceId && i.RuntimeId == r.RuntimeId)),
                Waiting = context.Jobs.Count(j => (j.State == JobState.Queued || j.State == JobState.Waiting) && context.Instances.Any(i => i.InstanceId == j.InstanceId && i.RuntimeId == r.RuntimeId)),
            })
            .ToListAsync(cancellation);
        return rows.ConvertAll(r => new RuntimeRow(r.Runtime, r.Instances, r.Running, r.Waiting));
    }

    private async Task<Dictionary<Guid, (int Jobs, int Failed)>> FiguresAsync(List<Guid> flows, CancellationToken cancellation)
    {
        var since = time.GetUtcNow().AddDays(-1);
        var counted = await context.Jobs.Where(j => flows.Contains(j.ComponentId) && j.CreatedAt >= since)
            .GroupBy(j => j.ComponentId)
            .Select(g => new { Flow = g.Key, Jobs = g.Count(), Failed = g.Count(j => j.State == JobState.Failed || j.State == JobState.InDoubt) })
            .ToListAsync(cancellation);
        return counted.ToDictionary(c => c.Flow, c => (c.Jobs, c.Failed));
    }
}
