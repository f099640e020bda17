using System.Globalization;
using System.Text.Json.Nodes;
using Custodia.Console;
using Custodia.Integration.Api;
using Custodia.Integration.Engine;
using Custodia.Kernel.Access;
using Custodia.Kernel.Http;
using Custodia.Kernel.Vault;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Custodia.Integration.Pages;

/// <summary>Pages of staff about jobs: <c>/console/jobs</c>.</summary>
internal static class JobConsole
{
    public static void MapJobPages(this IEndpointRouteBuilder console, string area)
    {
        console.MapGet("/jobs", List).RequirePermission(Permissions.ReadJobs);
        console.MapGet("/jobs/{id:guid}", Show).RequirePermission(Permissions.ReadJobs);
        console.MapPost("/jobs/{id:guid}/cancel", Cancel).RequirePermission(Permissions.WriteJobs, area);
        console.MapPost("/jobs/{id:guid}/retry", Retry).RequirePermission(Permissions.WriteJobs, area);
        console.MapPost("/jobs/{id:guid}/settle", Settle).RequirePermission(Permissions.WriteJobs, area);
        console.MapPost("/jobs/{id:guid}/reveal", Reveal).RequirePermission(Permissions.ReadJobs, area);
    }

    private static async Task<IResult> List(HttpContext http, JobPages pages, CancellationToken cancellation, Guid? flow = null, string? state = null, string? cursor = null)
    {
        if (!Paging.TryRead(cursor, 50, out var paging, out var problem)) return problem!;
        JobState? inState = null;
        if (state is { Length: > 0 })
        {
            if (!Words.TryRead<JobState>(state, out var known)) return Problem.Invalid(("state", "is not a state"));
            inState = known;
        }

        return View.Show<JobsPage>(await pages.ListAsync(http.Caller().Account, flow, inState, paging, cancellation));
    }

    private static async Task<IResult> Show(Guid id, HttpContext http, JobPages pages, CancellationToken cancellation, int? step = null) =>
        await pages.FindAsync(http.Caller(), id, step?.ToString(CultureInfo.InvariantCulture), new FormState(), cancellation) is { } model ? View.Show<JobPage>(model) : Problem.NotFound("job");

    private static async Task<IResult> Cancel(Guid id, [FromForm] IFormCollection posted, HttpContext http, JobControl control, CancellationToken cancellation) =>
        After(id, await control.CancelAsync(http.Caller(), id, cancellation), "job-cancelled");

    private static async Task<IResult> Retry(Guid id, [FromForm] IFormCollection posted, HttpContext http, JobControl control, CancellationToken cancellation) =>
        After(id, await control.RetryAsync(http.Caller(), id, cancellation), "job-retried");

    private static async Task<IResult> Settle(Guid id, [FromForm] IFormCollection posted, HttpContext http, DoubtDecision decision, CancellationToken cancellation) =>
        After(id, await decision.TookEffectAsync(http.Caller(), id, cancellation), "job-settled");

    /// <summary>Shows one value of the job, once.</summary>
    private static async Task<IResult> Reveal(Guid id, [FromForm] IFormCollection posted, HttpContext http, JobReveal reveal, JobPages pages, CancellationToken cancellation)
    {
        var form = new FormState(posted);
        var step = int.TryParse(form["step"], CultureInfo.InvariantCulture, out var number) ? number : (int?)null;
        if (step is null && form["step"] != JobPages.WholeMessage) return Problem.Invalid(("step", "must be the number of a step, or 'message'"));
        http.Response.Headers.CacheControl = "no-store";
        var outcome = await reveal.RevealAsync(http, id, step, new RevealWords(form["purpose"], form["reason"]), cancellation);
        var status = StatusCodes.Status422UnprocessableEntity;
        switch (outcome)
        {
            case RevealOutcome<string>.Revealed revealed:
                return View.Show<JobPage>((await pages.FindAsync(http.Caller(), id, form["step"], new FormState(), cancellation))! with { Revealed = Labels.Json(JsonNode.Parse(revealed.Value)) });
            case RevealOutcome<string>.NotOnWhitelist refused:
                status = StatusCodes.Status403Forbidden;
                form.Fail(Texts.Of("RevealRefused", string.Join(", ", refused.Whitelist)));
                break;
            case RevealOutcome<string>.Invalid invalid:
                form.Fail(invalid.Field, Texts.Of("Rule_" + invalid.Field));
                break;
            case RevealOutcome<string>.Shredded:
                status = StatusCodes.Status410Gone;
                form.Fail(Texts.Of("RevealGone"));
                break;
            default:
                status = StatusCodes.Status404NotFound;
                form.Fail(Texts.Of("RevealNothing"));
                break;
        }

        return await pages.FindAsync(http.Caller(), id, form["step"], form, cancellation) is { } model ? View.Show<JobPage>(model, status) : Problem.NotFound("job");
    }

    /// <summary>A job that went on meanwhile is shown as it is now.</summary>
    private static IResult After(Guid id, ControlOutcome outcome, string note) => outcome switch
    {
        ControlOutcome.Missing => Problem.NotFound("job"),
        ControlOutcome.Done => new SeeOther($"/console/jobs/{id:N}?note={note}"),
        _ => new SeeOther($"/console/jobs/{id:N}"),
    };
}
