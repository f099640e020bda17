using Custodia.Integration.Api;
using Custodia.Integration.Design;
using Custodia.Integration.Engine;
using Custodia.Integration.Flows;
using Custodia.Integration.Projects;
using Custodia.Kernel.Access;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Integration.Pages;

/// <summary>Reads what the pages of flows show.</summary>
internal sealed class FlowPages(IntegrationContext context, FlowCheck check, Designs designs, TimeProvider time)
{
    private const int Jobs = 10;
    private const int Versions = 10;
    private const int Names = 100;

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

    /// <summary>Names of the account's groups and projects, to choose from.</summary>
    public async Task<(IReadOnlyList<string> Groups, IReadOnlyList<string> Projects)> NamesAsync(long account, CancellationToken cancellation) =>
        (await context.Groups.Where(g => g.Account == account && g.DeletionRequestedAt == null).Select(g => g.Name).Order().Take(Names).ToListAsync(cancellation),
         await context.Projects.Where(p => p.Account == account && p.DeletionRequestedAt == null).Select(p => p.Name).Distinct().Order().Take(Names).ToListAsync(cancellation));

    public IReadOnlyList<Finding> Findings(string text) => check.Check(text).Findings;

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

        return await designs.CreateFlowAsync(caller, projectId, text, cancellation);
    }

    /// <param name="edited">What was sent and is not stored; null: what is stored.</param>
    public async Task<FlowModel?> FindAsync(Caller caller, Guid id, string? edited, CancellationToken cancellation)
    {
        var found = await (
            from flow in context.Flows.AsNoTracking()
            join owner in context.Projects on flow.ProjectId equals owner.ProjectId
            join grouped in context.Groups on owner.GroupId equals grouped.GroupId
            where flow.Account == caller.Account && flow.ComponentId == id && owner.DeletionRequestedAt == null
            select new { Flow = flow, Project = owner, Group = grouped.Name }).FirstOrDefaultAsync(cancellation);
        if (found is null) return null;
        var text = edited ?? found.Flow.Text;
        var drawn = check.Read(text).Flow;
        var rights = new FlowRights(caller.Can(Permissions.WriteFlows), caller.Can(Permissions.DeployFlows), caller.Can(Permissions.InvokeFlows), caller.Can(Permissions.ReadJobs));
        var jobs = rights.Jobs
            ? await context.Jobs.AsNoTracking().Where(j => j.ComponentId == id && j.Account == caller.Account).OrderByDescending(j => j.Id).Take(Jobs).Select(JobApi.WithoutData).ToListAsync(cancellation)
            : [];
        var place = await PlaceAsync(found.Group, found.Project, id, cancellation);
        return new FlowModel(found.Flow, place, text, check.Check(text).Findings, drawn?.Steps, drawn?.Trigger, jobs.ConvertAll(JobApi.Item), rights);
    }

    private async Task<FlowPlace> PlaceAsync(string group, Project project, Guid flow, CancellationToken cancellation)
    {
        var deployed = await context.Instances.Where(i => i.ProjectId == project.ProjectId && i.Status == "running").Select(i => i.Version).FirstOrDefaultAsync(cancellation);
        var callable = await context.DeployedTriggers.AnyAsync(t => t.ComponentId == flow && t.Account == project.Account && t.Key.StartsWith("http:"), cancellation);
        var versions = await context.VersionedFlows.Where(f => f.ProjectId == project.ProjectId)
            .GroupBy(f => f.Version)
            .Select(g => new { Number = g.Key, Created = g.Max(f => f.CreatedTime), Flows = g.Count() })
            .OrderByDescending(v => v.Number).Take(Versions).ToListAsync(cancellation);
        return new FlowPlace(group, project, deployed, callable, versions.ConvertAll(v => new VersionRow(v.Number, v.Created, v.Flows)));
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
