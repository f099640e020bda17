using System.Linq.Expressions;
using System.Text.Json;
using Custodia.Integration.Engine;
using Custodia.Kernel.Access;
using Custodia.Kernel.Http;
using Custodia.Kernel.Vault;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Integration.Api;

/// <summary>Jobs: <c>/api/v1/integration/jobs</c>.</summary>
internal static class JobApi
{
    public static void MapJobApi(this IEndpointRouteBuilder routes)
    {
        var jobs = routes.MapGroup("/api/v1/integration/jobs").WithTags("Integration");
        jobs.MapGet("", List).RequirePermission(Permissions.ReadJobs).Produces<ListAnswer<JobItem>>()
            .Describe("listJobs", "Jobs, newest first");
        jobs.MapGet("/{id:guid}", Get).RequirePermission(Permissions.ReadJobs).Produces<JobDetail>()
            .Describe("getJob", "A job with its steps");
        jobs.MapPost("/{id:guid}/cancel", Cancel).RequirePermission(Permissions.WriteJobs, "integration").Produces(StatusCodes.Status204NoContent)
            .Describe("cancelJob", "Stops a job before its next step", 409);
        jobs.MapPost("/{id:guid}/retry", Retry).RequirePermission(Permissions.WriteJobs, "integration").Produces(StatusCodes.Status204NoContent)
            .Describe("retryJob", "Runs a failed job again from where it failed", 409);
        jobs.MapPost("/{id:guid}/settle", Settle).RequirePermission(Permissions.WriteJobs, "integration").Produces(StatusCodes.Status204NoContent)
            .Describe("settleJob", "Goes on behind a call in doubt that was found to have taken effect", 409);
        jobs.MapPost("/{id:guid}/reveal", Reveal).RequirePermission(Permissions.ReadJobs, "integration").Produces<RevealAnswer>()
            .Describe("revealJob", "Shows what a job or one of its steps worked on, for a purpose and on record", 400, 403, 410);
    }

    public static JobItem Item(Job job) =>
        new(job.Id, job.ComponentId, job.FlowName, job.Version, Words.Of(job.State), job.ErrorCode, job.ErrorPointer, job.CreatedAt, job.FinishedAt);

    /// <summary>The steps of a job, without what they worked on.</summary>
    public static async Task<List<StepItem>> StepsAsync(IntegrationContext context, Guid job, CancellationToken cancellation)
    {
        var steps = await context.JobSteps.AsNoTracking().Where(s => s.JobId == job).OrderBy(s => s.Sequence)
            .Select(s => new { s.Sequence, s.Pointer, s.Label, s.Operation, s.State, s.Tries, s.StartedAt, s.FinishedAt, s.ErrorCode, HasData = s.Data != null })
            .ToListAsync(cancellation);
        return steps.ConvertAll(s => new StepItem(s.Sequence, s.Pointer, s.Label, s.Operation, Words.Of(s.State), s.Tries, s.StartedAt, s.FinishedAt, s.ErrorCode, s.HasData));
    }

    private static async Task<IResult> List(
        HttpContext http, IntegrationContext context, CancellationToken cancellation, Guid? flow = null, string? state = null, string? cursor = null, int limit = 25)
    {
        if (!Paging.TryRead(cursor, limit, out var paging, out var problem)) return problem!;
        var rows = context.Jobs.AsNoTracking().Where(j => j.Account == http.Caller().Account);
        if (flow is { } ofFlow) rows = rows.Where(j => j.ComponentId == ofFlow);
        if (state is not null)
        {
            if (!Words.TryRead<JobState>(state, out var inState)) return Problem.Invalid(("state", "is not a state"));
            rows = rows.Where(j => j.State == inState);
        }

        if (paging.Before is { } before) rows = rows.Where(j => j.Id.CompareTo(before) < 0);
        var page = await rows.OrderByDescending(j => j.Id).Take(limit + 1).Select(WithoutData).ToListAsync(cancellation);
        return TypedResults.Ok(paging.Page(page.ConvertAll(Item), j => j.Id));
    }

    private static async Task<IResult> Get(Guid id, HttpContext http, IntegrationContext context, CancellationToken cancellation)
    {
        var account = http.Caller().Account;
        if (await context.Jobs.AsNoTracking().Where(j => j.Account == account && j.Id == id).Select(WithoutData).FirstOrDefaultAsync(cancellation) is not { } job) return Problem.NotFound("job");
        return TypedResults.Ok(new JobDetail(Item(job), await StepsAsync(context, id, cancellation)));
    }

    private static async Task<IResult> Cancel(Guid id, HttpContext http, JobControl control, CancellationToken cancellation) =>
        Answer(await control.CancelAsync(http.Caller(), id, cancellation));

    private static async Task<IResult> Retry(Guid id, HttpContext http, JobControl control, CancellationToken cancellation) =>
        Answer(await control.RetryAsync(http.Caller(), id, cancellation));

    private static async Task<IResult> Settle(Guid id, HttpContext http, DoubtDecision decision, CancellationToken cancellation) =>
        Answer(await decision.TookEffectAsync(http.Caller(), id, cancellation));

    private static async Task<IResult> Reveal(Guid id, RevealBody body, HttpContext http, JobReveal reveal, CancellationToken cancellation)
    {
        http.Response.Headers.CacheControl = "no-store";
        return await reveal.RevealAsync(http, id, body.Step, new RevealWords(body.Purpose, body.Reason), cancellation) switch
        {
            RevealOutcome<string>.Revealed revealed => TypedResults.Ok(new RevealAnswer(JsonElement.Parse(revealed.Value))),
            RevealOutcome<string>.NotOnWhitelist refused => Problem.Forbidden("not-on-whitelist", "You are not on the whitelist of this category.", ("category", refused.Category), ("whitelist", refused.Whitelist)),
            RevealOutcome<string>.Invalid invalid => Problem.Invalid((invalid.Field, invalid.Rule)),
            RevealOutcome<string>.Shredded => Problem.Of(StatusCodes.Status410Gone, "shredded", "The key of this value was destroyed."),
            _ => Problem.NotFound(body.Step is null ? "job" : "step"),
        };
    }

    private static IResult Answer(ControlOutcome outcome) => outcome switch
    {
        ControlOutcome.Done => TypedResults.NoContent(),
        ControlOutcome.Missing => Problem.NotFound("job"),
        _ => Problem.Conflict("not-now", "The job is not in a state for this."),
    };

    /// <summary>Lists need no sealed message, which may be a megabyte.</summary>
    public static Expression<Func<Job, Job>> WithoutData { get; } = j => new Job
    {
        Id = j.Id,
        Account = j.Account,
        InstanceId = j.InstanceId,
        ProjectId = j.ProjectId,
        Version = j.Version,
        ComponentId = j.ComponentId,
        FlowName = j.FlowName,
        DedupeKey = j.DedupeKey,
        State = j.State,
        Steps = j.Steps,
        CreatedAt = j.CreatedAt,
        FinishedAt = j.FinishedAt,
        NextAt = j.NextAt,
        ErrorCode = j.ErrorCode,
        ErrorPointer = j.ErrorPointer,
    };
}
