using Custodia.Integration.Design;
using Custodia.Integration.Flows;
using Custodia.Kernel.Access;
using Custodia.Kernel.Http;
using Custodia.Kernel.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Integration.Api;

/// <summary>Groups, projects, flows, versions, instances, runtimes: <c>/api/v1/integration</c>.</summary>
internal static class DesignApi
{
    private const string Area = "integration";

    public static void MapDesignApi(this IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/api/v1/integration").WithTags("Integration");
        api.MapGet("/groups", Groups).RequirePermission(Permissions.ReadFlows).Produces<ListAnswer<GroupItem>>()
            .Describe("listGroups", "Groups, newest first");
        api.MapPost("/groups", CreateGroup).RequirePermission(Permissions.WriteFlows, Area).WhileOpen(AccountServices.Integration).Produces<CreatedAnswer>(StatusCodes.Status201Created)
            .Describe("createGroup", "Creates a group", 409);
        api.MapDelete("/groups/{id:guid}", DeleteGroup).RequirePermission(Permissions.WriteFlows, Area).Produces(StatusCodes.Status204NoContent)
            .Describe("deleteGroup", "Asks for the deletion of a group with everything in it", 409);
        api.MapGet("/projects", Projects).RequirePermission(Permissions.ReadFlows).Produces<ListAnswer<ProjectItem>>()
            .Describe("listProjects", "Projects of the account or of one group, newest first");
        api.MapPost("/projects", CreateProject).RequirePermission(Permissions.WriteFlows, Area).WhileOpen(AccountServices.Integration).Produces<CreatedAnswer>(StatusCodes.Status201Created)
            .Describe("createProject", "Creates a project", 404, 409);
        api.MapDelete("/projects/{id:guid}", DeleteProject).RequirePermission(Permissions.WriteFlows, Area).Produces(StatusCodes.Status204NoContent)
            .Describe("deleteProject", "Asks for the deletion of a project with its flows", 409);
        api.MapPost("/projects/{id:guid}/deployments", Deploy).RequirePermission(Permissions.DeployFlows, Area).WhileOpen(AccountServices.Integration).Produces<DeployedAnswer>()
            .Describe("deployProject", "Deploys the drafts of a project as a new version, or an older version again", 409, 422);
        api.MapGet("/flows", Flows).RequirePermission(Permissions.ReadFlows).Produces<ListAnswer<FlowItem>>()
            .Describe("listFlows", "Flows of the account or of one project, newest first");
        api.MapPost("/flows", CreateFlow).RequirePermission(Permissions.WriteFlows, Area).WhileOpen(AccountServices.Integration).Produces<SavedAnswer>()
            .Describe("createFlow", "Creates a flow; one with errors is kept as a draft and answered 422", 404, 409, 413, 422);
        api.MapPost("/flows/check", Check).RequirePermission(Permissions.ReadFlows).Produces<CheckAnswer>()
            .Describe("checkFlow", "Says what is wrong with the text of a flow; stores nothing");
        api.MapGet("/flows/{id:guid}", Flow).RequirePermission(Permissions.ReadFlows).Produces<FlowAnswer>()
            .Describe("getFlow", "A flow with its text and findings");
        api.MapPut("/flows/{id:guid}", SaveFlow).RequirePermission(Permissions.WriteFlows, Area).WhileOpen(AccountServices.Integration).Produces<SavedAnswer>()
            .Describe("saveFlow", "Replaces the text of a flow; one with errors is kept as a draft and answered 422", 409, 413, 422);
        api.MapGet("/runtimes", Runtimes).RequirePermission(Permissions.ReadFlows).Produces<ListAnswer<RuntimeItem>>()
            .Describe("listRuntimes", "Runtimes of the account");
        api.MapGet("/instances", Instances).RequirePermission(Permissions.ReadFlows).Produces<ListAnswer<InstanceItem>>()
            .Describe("listInstances", "Instances of the account or of one project, newest first");
    }

    private static async Task<IResult> Groups(HttpContext http, IntegrationContext context, CancellationToken cancellation, string? cursor = null, int limit = 25)
    {
        if (!Paging.TryRead(cursor, limit, out var paging, out var problem)) return problem!;
        var rows = context.Groups.AsNoTracking().Where(g => g.Account == http.Caller().Account && g.DeletionRequestedAt == null);
        if (paging.Before is { } before) rows = rows.Where(g => g.GroupId.CompareTo(before) < 0);
        var page = await rows.OrderByDescending(g => g.GroupId).Take(limit + 1).Select(g => new GroupItem(g.GroupId, g.Name, g.Remark, g.CreatedTime, g.UpdateTime)).ToListAsync(cancellation);
        return TypedResults.Ok(paging.Page(page, g => g.Id));
    }

    private static async Task<IResult> CreateGroup(GroupBody body, HttpContext http, Designs designs, CancellationToken cancellation) =>
        DesignAnswers.Of(await designs.CreateGroupAsync(http.Caller(), body.Name, body.Remark, cancellation), "groups");

    private static async Task<IResult> DeleteGroup(Guid id, HttpContext http, Designs designs, CancellationToken cancellation) =>
        DesignAnswers.Deleted(await designs.DeleteGroupAsync(http.Caller(), id, cancellation));

    private static async Task<IResult> Projects(HttpContext http, IntegrationContext context, CancellationToken cancellation, Guid? group = null, string? cursor = null, int limit = 25)
    {
        if (!Paging.TryRead(cursor, limit, out var paging, out var problem)) return problem!;
        var rows = context.Projects.AsNoTracking().Where(p => p.Account == http.Caller().Account && p.DeletionRequestedAt == null);
        if (group is { } inGroup) rows = rows.Where(p => p.GroupId == inGroup);
        if (paging.Before is { } before) rows = rows.Where(p => p.ProjectId.CompareTo(before) < 0);
        var page = await rows.OrderByDescending(p => p.ProjectId).Take(limit + 1)
            .Select(p => new ProjectItem(p.ProjectId, p.GroupId, p.Name, p.Version, p.Tag, p.Remark, p.CreatedTime, p.UpdateTime)).ToListAsync(cancellation);
        return TypedResults.Ok(paging.Page(page, p => p.Id));
    }

    private static async Task<IResult> CreateProject(ProjectBody body, HttpContext http, Designs designs, CancellationToken cancellation) =>
        DesignAnswers.Of(await designs.CreateProjectAsync(http.Caller(), body.Group, body.Name, body.Tag, body.Remark, cancellation), "projects");

    private static async Task<IResult> DeleteProject(Guid id, HttpContext http, Designs designs, CancellationToken cancellation) =>
        DesignAnswers.Deleted(await designs.DeleteProjectAsync(http.Caller(), id, cancellation));

    private static async Task<IResult> Deploy(Guid id, DeployBody body, HttpContext http, Deployments deployments, CancellationToken cancellation) =>
        DesignAnswers.Of(await deployments.DeployAsync(http.Caller(), id, body.Version, cancellation), "instances");

    private static async Task<IResult> Flows(HttpContext http, IntegrationContext context, CancellationToken cancellation, Guid? project = null, string? cursor = null, int limit = 25)
    {
        if (!Paging.TryRead(cursor, limit, out var paging, out var problem)) return problem!;
        var rows = context.Flows.AsNoTracking().Where(f => f.Account == http.Caller().Account && context.Projects.Any(p => p.ProjectId == f.ProjectId && p.DeletionRequestedAt == null));
        if (project is { } inProject) rows = rows.Where(f => f.ProjectId == inProject);
        if (paging.Before is { } before) rows = rows.Where(f => f.ComponentId.CompareTo(before) < 0);
        var page = await rows.OrderByDescending(f => f.ComponentId).Take(limit + 1)
            .Select(f => new FlowItem(f.ComponentId, f.ProjectId, f.Name, f.Status, f.Revision, f.CreatedTime, f.UpdateTime)).ToListAsync(cancellation);
        return TypedResults.Ok(paging.Page(page, f => f.Id));
    }

    private static async Task<IResult> CreateFlow(NewFlowBody body, HttpContext http, Designs designs, CancellationToken cancellation) =>
        DesignAnswers.Of(await designs.CreateFlowAsync(http.Caller(), body.Project, body.Text, cancellation), "flows");

    private static IResult Check(CheckBody body, FlowCheck check)
    {
        var found = check.Check(body.Text);
        return TypedResults.Ok(new CheckAnswer(found.Flow is not null, FindingAnswer.Of(found.Findings)));
    }

    private static async Task<IResult> Flow(Guid id, HttpContext http, IntegrationContext context, FlowCheck check, CancellationToken cancellation)
    {
        var account = http.Caller().Account;
        var draft = await context.Flows.AsNoTracking().FirstOrDefaultAsync(
            f => f.Account == account && f.ComponentId == id && context.Projects.Any(p => p.ProjectId == f.ProjectId && p.DeletionRequestedAt == null), cancellation);
        return draft is null
            ? Problem.NotFound("flow")
            : TypedResults.Ok(new FlowAnswer(id, draft.ProjectId, draft.Name, draft.Status, draft.Revision, draft.Text, FindingAnswer.Of(check.Check(draft.Text).Findings)));
    }

    private static async Task<IResult> SaveFlow(Guid id, FlowBody body, HttpContext http, Designs designs, CancellationToken cancellation) =>
        DesignAnswers.Of(await designs.SaveFlowAsync(http.Caller(), id, body.Text, body.Revision, cancellation), "flows");

    private static async Task<IResult> Runtimes(HttpContext http, IntegrationContext context, Deployments deployments, CancellationToken cancellation)
    {
        var account = http.Caller().Account;
        await deployments.SandboxAsync(account, cancellation);
        var rows = await context.Runtimes.AsNoTracking().Where(r => r.Account == account).OrderBy(r => r.Name).Take(Paging.Most).ToListAsync(cancellation);
        return TypedResults.Ok(new ListAnswer<RuntimeItem>([.. rows.Select(r => new RuntimeItem(r.RuntimeId, r.Name, Words.Of(r.Kind), r.Status, r.Remark, r.CreatedTime, r.UpdateTime))], null));
    }

    private static async Task<IResult> Instances(HttpContext http, IntegrationContext context, CancellationToken cancellation, Guid? project = null, string? cursor = null, int limit = 25)
    {
        if (!Paging.TryRead(cursor, limit, out var paging, out var problem)) return problem!;
        var rows = context.Instances.AsNoTracking().Where(i => i.Account == http.Caller().Account);
        if (project is { } inProject) rows = rows.Where(i => i.ProjectId == inProject);
        if (paging.Before is { } before) rows = rows.Where(i => i.InstanceId.CompareTo(before) < 0);
        var page = await rows.OrderByDescending(i => i.InstanceId).Take(limit + 1)
            .Select(i => new InstanceItem(i.InstanceId, i.GroupId, i.ProjectId, i.RuntimeId, i.Version, i.Tag, i.Status, i.Remark, i.CreatedTime, i.UpdateTime)).ToListAsync(cancellation);
        return TypedResults.Ok(paging.Page(page, i => i.Id));
    }
}
