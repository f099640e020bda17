using System.Text.Json;
using System.Text.Json.Nodes;
using Custodia.Console;
using Custodia.Integration.Api;
using Custodia.Integration.Contracts;
using Custodia.Integration.Design;
using Custodia.Integration.Engine;
using Custodia.Kernel.Access;
using Custodia.Kernel.Http;
using Custodia.Kernel.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Custodia.Integration.Pages;

/// <summary>Pages of staff about designs: <c>/console/flows</c> and <c>/console/runtimes</c>.</summary>
internal static class ConsolePages
{
    private const string Area = "integration";

    public static IReadOnlyList<string> Notices { get; } = ["flow-saved", "flow-draft", "flow-deployed", "job-started", "job-cancelled", "job-retried", "job-settled"];

    public static void MapConsolePages(this IEndpointRouteBuilder routes)
    {
        var console = routes.MapGroup("/console").ExcludeFromDescription();
        console.MapGet("/flows", List).RequirePermission(Permissions.ReadFlows);
        console.MapGet("/flows/new", New).RequirePermission(Permissions.WriteFlows);
        console.MapPost("/flows/new", Create).RequirePermission(Permissions.WriteFlows, Area).WhileOpen(AccountServices.Integration);
        console.MapGet("/flows/{id:guid}", Show).RequirePermission(Permissions.ReadFlows);
        console.MapPost("/flows/{id:guid}", Save).RequirePermission(Permissions.WriteFlows, Area).WhileOpen(AccountServices.Integration);
        console.MapPost("/flows/{id:guid}/try", Try).RequirePermission(Permissions.ReadFlows);
        console.MapPost("/flows/{id:guid}/run", Run).RequirePermission(Permissions.InvokeFlows, Area).WhileOpen(AccountServices.Integration);
        console.MapPost("/flows/{id:guid}/deploy", Deploy).RequirePermission(Permissions.DeployFlows, Area).WhileOpen(AccountServices.Integration);
        console.MapGet("/runtimes", Runtimes).RequirePermission(Permissions.ReadFlows);
        console.MapJobPages(Area);
    }

    private static async Task<IResult> List(HttpContext http, FlowPages pages, CancellationToken cancellation, string? cursor = null)
    {
        if (!Paging.TryRead(cursor, 50, out var paging, out var problem)) return problem!;
        var caller = http.Caller();
        var page = await pages.ListAsync(caller.Account, paging, cancellation);
        var older = page.NextCursor is { } next ? $"/console/flows?cursor={next}" : null;
        return View.Show<FlowListPage>(new FlowListModel(page.Items, older, caller.Can(Permissions.WriteFlows)));
    }

    private static async Task<IResult> New(HttpContext http, FlowPages pages, CancellationToken cancellation, string? start = null)
    {
        var starter = Starter.Of(start);
        return await NewPage(http, pages, starter, new FormState(new Dictionary<string, string?> { ["text"] = starter.Text }), StatusCodes.Status200OK, cancellation);
    }

    private static async Task<IResult> Create([FromForm] IFormCollection posted, HttpContext http, FlowPages pages, CancellationToken cancellation, string? start = null)
    {
        var form = new FormState(posted);
        switch (await pages.CreateAsync(http.Caller(), form["group"], form["project"], Plain(form), cancellation))
        {
            case DesignOutcome.Saved saved:
                return new SeeOther($"/console/flows/{saved.Id:N}?note={(saved.Deployable ? "flow-saved" : "flow-draft")}");
            case DesignOutcome.Invalid invalid:
                form.Fail(invalid.Field, Texts.Of("Rule_" + invalid.Field));
                break;
            default:
                form.Fail(Texts.Of("Problem_name-taken"));
                break;
        }

        return await NewPage(http, pages, Starter.Of(start), form, StatusCodes.Status422UnprocessableEntity, cancellation);
    }

    private static async Task<IResult> NewPage(HttpContext http, FlowPages pages, Starter starter, FormState form, int status, CancellationToken cancellation)
    {
        var (groups, projects) = await pages.NamesAsync(http.Caller().Account, cancellation);
        return View.Show<NewFlowPage>(new NewFlowModel(form, starter.Name, pages.Findings(Plain(form)), groups, projects), status);
    }

    private static async Task<IResult> Show(Guid id, HttpContext http, FlowPages pages, CancellationToken cancellation) =>
        await pages.FindAsync(http.Caller(), id, null, cancellation) is { } model ? View.Show<FlowPage>(model) : Problem.NotFound("flow");

    private static async Task<IResult> Save(Guid id, [FromForm] IFormCollection posted, HttpContext http, Designs designs, FlowPages pages, CancellationToken cancellation)
    {
        var form = new FormState(posted);
        if (RevisionOf(form) is not { } revision) return Problem.Invalid(("revision", "must be a whole number"));
        var outcome = await designs.SaveFlowAsync(http.Caller(), id, Plain(form), revision, cancellation);
        if (outcome is DesignOutcome.Saved { Deployable: true }) return new SeeOther($"/console/flows/{id:N}?note=flow-saved");
        if (outcome is DesignOutcome.Missing || await EditedAsync(http, id, form, pages, cancellation) is not { } model) return Problem.NotFound("flow");
        return outcome switch
        {
            DesignOutcome.Conflict conflict => Refused(model, Texts.Of("Problem_" + conflict.Code), StatusCodes.Status409Conflict),
            DesignOutcome.Invalid invalid => Refused(model, Texts.Of("Rule_" + invalid.Field)),
            _ => Refused(model with { Revision = model.Draft.Revision }, Texts.Of("SavedAsDraft")),
        };
    }

    /// <summary>Shows which way the text in the editor goes, without asking any connector; nothing is stored.</summary>
    private static async Task<IResult> Try(Guid id, [FromForm] IFormCollection posted, HttpContext http, FlowRehearsal rehearsal, FlowPages pages, CancellationToken cancellation)
    {
        var form = new FormState(posted);
        if (await EditedAsync(http, id, form, pages, cancellation) is not { } model) return Problem.NotFound("flow");
        try
        {
            return View.Show<FlowPage>(model with { Trace = rehearsal.Run(model.Text, form["payload"] is { Length: > 0 } payload ? payload : null).Lines });
        }
        catch (JsonException)
        {
            return Refused(model, Texts.Of("Rule_payload"));
        }
    }

    private static async Task<IResult> Run(Guid id, [FromForm] IFormCollection posted, HttpContext http, SampleStart start, FlowPages pages, CancellationToken cancellation)
    {
        var form = new FormState(posted);
        if (await EditedAsync(http, id, form, pages, cancellation) is not { } model) return Problem.NotFound("flow");
        // The page of the job would take the place of what was typed.
        if (model.Text != model.Draft.Text) return Refused(model, Texts.Of("SaveFirst"));
        JsonNode? payload;
        try
        {
            payload = form["payload"] is { Length: > 0 } text ? JsonNode.Parse(text, documentOptions: new JsonDocumentOptions { MaxDepth = 32 }) : null;
        }
        catch (JsonException)
        {
            return Refused(model, Texts.Of("Rule_payload"));
        }

        return await start.RunAsync(http.Caller(), id, payload, cancellation) switch
        {
            SampleOutcome.Started started => new SeeOther($"/console/jobs/{started.Job:N}?note=job-started"),
            SampleOutcome.Answered answered => View.Show<FlowPage>(model with { Answer = answered.Answer }),
            SampleOutcome.TooLarge => Refused(model, Texts.Of("Rule_payload-size", MessageSize.Most), StatusCodes.Status413PayloadTooLarge),
            _ => Refused(model, Texts.Of("NotCallable"), StatusCodes.Status409Conflict),
        };
    }

    private static async Task<IResult> Deploy(Guid id, [FromForm] IFormCollection posted, HttpContext http, Deployments deployments, FlowPages pages, CancellationToken cancellation)
    {
        var caller = http.Caller();
        if (await pages.FindAsync(caller, id, null, cancellation) is not { } model) return Problem.NotFound("flow");
        var again = new FormState(posted)["version"] is { Length: > 0 } asked ? int.TryParse(asked, System.Globalization.CultureInfo.InvariantCulture, out var number) ? number : 0 : (int?)null;
        return await deployments.DeployAsync(caller, model.Place.Project.ProjectId, again, cancellation) switch
        {
            DesignOutcome.Deployed => new SeeOther($"{model.Path}?note=flow-deployed"),
            DesignOutcome.Unchecked wrong => View.Show<FlowPage>(model with { Refused = wrong.Flows }, StatusCodes.Status422UnprocessableEntity),
            DesignOutcome.Conflict conflict => Refused(model, Texts.Of("Problem_" + conflict.Code), StatusCodes.Status409Conflict),
            DesignOutcome.Missing missing => Problem.NotFound(missing.What),
            _ => Problem.NotFound("flow"),
        };
    }

    private static async Task<IResult> Runtimes(HttpContext http, RuntimePages pages, CancellationToken cancellation) =>
        View.Show<RuntimesPage>(await pages.ListAsync(http.Caller().Account, cancellation));

    /// <summary>The page with what was just sent, stored or not.</summary>
    private static async Task<FlowModel?> EditedAsync(HttpContext http, Guid id, FormState form, FlowPages pages, CancellationToken cancellation) =>
        await pages.FindAsync(http.Caller(), id, Plain(form), cancellation) is { } model
            ? model with { Revision = RevisionOf(form) ?? model.Draft.Revision, Payload = form.Exact("payload") }
            : null;

    private static IResult Refused(FlowModel model, string problem, int status = StatusCodes.Status422UnprocessableEntity) =>
        View.Show<FlowPage>(model with { Problem = problem }, status);

    private static int? RevisionOf(FormState form) => int.TryParse(form["revision"], System.Globalization.CultureInfo.InvariantCulture, out var revision) ? revision : null;

    /// <summary>Browsers send line ends as CR LF.</summary>
    private static string Plain(FormState form) => form.Exact("text").ReplaceLineEndings("\n");
}
