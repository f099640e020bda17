using Custodia.Console;
using Custodia.Integration.Api;
using Custodia.Integration.Design;
using Custodia.Integration.Engine;
using Custodia.Kernel.Access;
using Custodia.Kernel.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Integration.Pages;

/// <summary>Pages of staff: <c>/console/flows</c>, <c>/console/jobs</c>, <c>/console/runtimes</c>.</summary>
internal static class ConsolePages
{
    private const string Area = "integration";

    public static IReadOnlyList<string> Notices { get; } = ["flow-saved", "flow-deployed", "job-cancelled", "job-retried"];

    public static void MapConsolePages(this IEndpointRouteBuilder routes)
    {
        var console = routes.MapGroup("/console").ExcludeFromDescription();
        console.MapGet("/flows", List).RequirePermission(Permissions.ReadFlows);
        console.MapGet("/flows/new", New).RequirePermission(Permissions.WriteFlows);
        console.MapPost("/flows/new", Create).RequirePermission(Permissions.WriteFlows, Area);
        console.MapGet("/flows/{id:guid}", Show).RequirePermission(Permissions.ReadFlows);
        console.MapPost("/flows/{id:guid}", Save).RequirePermission(Permissions.WriteFlows, Area);
        console.MapPost("/flows/{id:guid}/deploy", Deploy).RequirePermission(Permissions.DeployFlows, Area);
        console.MapGet("/jobs/{id:guid}", Job).RequirePermission(Permissions.ReadJobs);
        console.MapPost("/jobs/{id:guid}/cancel", Cancel).RequirePermission(Permissions.WriteJobs, Area);
        console.MapPost("/jobs/{id:guid}/retry", Retry).RequirePermission(Permissions.WriteJobs, Area);
        console.MapGet("/runtimes", Runtimes).RequirePermission(Permissions.ReadFlows);
    }

    private static async Task<IResult> List(HttpContext http, FlowPages pages, CancellationToken cancellation, string? cursor = null)
    {
        if (!Paging.TryRead(cursor, 50, out var paging, out var problem)) return problem!;
        var caller = http.Caller();
        var page = await pages.ListAsync(caller.Account, paging, cancellation);
        var older = page.NextCursor is { } next ? $"/console/flows?cursor={next}" : null;
        return View.Show<FlowListPage>(new FlowListModel(page.Items, older, caller.Can(Permissions.WriteFlows)));
    }

    private static IResult New() => View.Show<NewFlowPage>(new NewFlowModel(new FormState(new Dictionary<string, string?> { ["text"] = FlowPages.Starter })));

    private static async Task<IResult> Create([FromForm] IFormCollection posted, HttpContext http, FlowPages pages, CancellationToken cancellation)
    {
        var form = new FormState(posted);
        return await pages.CreateAsync(http.Caller(), form["group"], form["project"], form.Exact("text"), cancellation) switch
        {
            DesignOutcome.Saved saved => new SeeOther($"/console/flows/{saved.Id:N}?note=flow-saved"),
            DesignOutcome.Invalid invalid => View.Show<NewFlowPage>(new NewFlowModel(form.Fail(invalid.Field, Texts.Of("Rule_" + invalid.Field))), StatusCodes.Status422UnprocessableEntity),
            _ => View.Show<NewFlowPage>(new NewFlowModel(form.Fail(Texts.Of("Problem_name-taken"))), StatusCodes.Status422UnprocessableEntity),
        };
    }

    private static async Task<IResult> Show(Guid id, HttpContext http, FlowPages pages, CancellationToken cancellation) =>
        await pages.FindAsync(http.Caller(), id, null, cancellation) is { } model ? View.Show<FlowPage>(model) : Problem.NotFound("flow");

    private static async Task<IResult> Save(Guid id, [FromForm] string text, [FromForm] int revision, HttpContext http, Designs designs, FlowPages pages, CancellationToken cancellation)
    {
        var caller = http.Caller();
        // Browsers send line ends as CR LF.
        var plain = text.ReplaceLineEndings("\n");
        var outcome = await designs.SaveFlowAsync(caller, id, plain, revision, cancellation);
        if (outcome is DesignOutcome.Saved { Deployable: true }) return new SeeOther($"/console/flows/{id:N}?note=flow-saved");
        if (outcome is DesignOutcome.Missing || await pages.FindAsync(caller, id, plain, cancellation) is not { } model) return Problem.NotFound("flow");
        var problem = outcome switch
        {
            DesignOutcome.Conflict conflict => Texts.Of("Problem_" + conflict.Code),
            DesignOutcome.Invalid invalid => Texts.Of("Rule_" + invalid.Field),
            _ => Texts.Of("SavedAsDraft"),
        };
        return View.Show<FlowPage>(model with { Problem = problem }, StatusCodes.Status422UnprocessableEntity);
    }

    private static async Task<IResult> Deploy(Guid id, [FromForm] IFormCollection posted, HttpContext http, Deployments deployments, FlowPages pages, CancellationToken cancellation)
    {
        var caller = http.Caller();
        if (await pages.FindAsync(caller, id, null, cancellation) is not { } model) return Problem.NotFound("flow");
        var outcome = await deployments.DeployAsync(caller, model.Project.ProjectId, null, cancellation);
        return outcome switch
        {
            DesignOutcome.Deployed => new SeeOther($"{model.Path}?note=flow-deployed"),
            DesignOutcome.Unchecked wrong => View.Show<FlowPage>(model with { Refused = wrong.Flows }, StatusCodes.Status422UnprocessableEntity),
            DesignOutcome.Conflict conflict => View.Show<FlowPage>(model with { Problem = Texts.Of("Problem_" + conflict.Code) }, StatusCodes.Status409Conflict),
            _ => Problem.NotFound("flow"),
        };
    }

    private static async Task<IResult> Job(Guid id, HttpContext http, IntegrationContext context, CancellationToken cancellation)
    {
        var caller = http.Caller();
        var job = await context.Jobs.AsNoTracking().Where(j => j.Account == caller.Account && j.Id == id).Select(JobApi.WithoutData).FirstOrDefaultAsync(cancellation);
        if (job is null) return Problem.NotFound("job");
        var steps = await context.JobSteps.AsNoTracking().Where(s => s.JobId == id).OrderBy(s => s.Sequence).ToListAsync(cancellation);
        var may = caller.Can(Permissions.WriteJobs);
        return View.Show<JobPage>(new JobModel(
            JobApi.Item(job),
            steps.ConvertAll(JobApi.Item),
            may && job.State is (JobState.Queued or JobState.Waiting or JobState.Running or JobState.InDoubt),
            may && (job.State is JobState.InDoubt || job is { State: JobState.Failed, ErrorCode: not "subject-erased" })));
    }

    private static async Task<IResult> Cancel(Guid id, [FromForm] IFormCollection posted, HttpContext http, JobControl control, CancellationToken cancellation) =>
        After(id, await control.CancelAsync(http.Caller(), id, cancellation), "job-cancelled");

    private static async Task<IResult> Retry(Guid id, [FromForm] IFormCollection posted, HttpContext http, JobControl control, CancellationToken cancellation) =>
        After(id, await control.RetryAsync(http.Caller(), id, cancellation), "job-retried");

    /// <summary>A job that went on meanwhile is shown as it is now.</summary>
    private static IResult After(Guid id, ControlOutcome outcome, string note) => outcome switch
    {
        ControlOutcome.Missing => Problem.NotFound("job"),
        ControlOutcome.Done => new SeeOther($"/console/jobs/{id:N}?note={note}"),
        _ => new SeeOther($"/console/jobs/{id:N}"),
    };

    private static async Task<IResult> Runtimes(HttpContext http, FlowPages pages, CancellationToken cancellation) =>
        View.Show<RuntimesPage>(new RuntimeListModel(await pages.RuntimesAsync(http.Caller().Account, cancellation)));
}
