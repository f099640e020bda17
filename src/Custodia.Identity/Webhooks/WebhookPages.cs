using Custodia.Console;
using Custodia.Identity.Administration;
using Custodia.Identity.Protocol;
using Custodia.Kernel.Access;
using Custodia.Kernel.Http;
using Custodia.Kernel.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Directory = Custodia.Identity.Directories.Directory;

namespace Custodia.Identity.Webhooks;

/// <summary><c>/console/directories/{name}/webhooks</c>.</summary>
internal static class WebhookPages
{
    public const string Section = "webhooks";

    private const string Tested = "webhook-tested";
    private const string Resent = "webhook-resent";
    private const string Off = "webhook-off";
    private const int PageSize = 50;

    public static readonly IReadOnlyList<(string Code, Tone Tone)> Notes = [(Tested, Tone.Info), (Resent, Tone.Info), (Off, Tone.Warning)];

    public static void MapWebhookPages(this IEndpointRouteBuilder routes)
    {
        var pages = routes.MapGroup("/console/directories/{name}/" + Section).ExcludeFromDescription();
        pages.MapGet("", ListAsync).RequirePermission(Permissions.DirectoriesRead);
        pages.MapGet("/new", NewAsync).RequirePermission(Permissions.DirectoriesWrite);
        pages.MapPost("/new", CreateAsync).RequirePermission(Permissions.DirectoriesWrite, WebhooksApi.Area).WhileOpen(AccountServices.Identity);
        pages.MapGet("/{id:guid}", ShowAsync).RequirePermission(Permissions.DirectoriesRead);
        pages.MapPost("/{id:guid}", SaveAsync).RequirePermission(Permissions.DirectoriesWrite, WebhooksApi.Area);
        pages.MapPost("/{id:guid}/secret", RotateAsync).RequirePermission(Permissions.DirectoriesWrite, WebhooksApi.Area);
        pages.MapPost("/{id:guid}/test", TestAsync).RequirePermission(Permissions.DirectoriesWrite, WebhooksApi.Area);
        pages.MapPost("/{id:guid}/delete", DeleteAsync).RequirePermission(Permissions.DirectoriesWrite, WebhooksApi.Area);
        pages.MapPost("/{id:guid}/deliveries/{eventId:guid}/resend", ResendAsync).RequirePermission(Permissions.DirectoriesWrite, WebhooksApi.Area);
    }

    private static async Task<IResult> ListAsync(HttpContext http, string name, [AsParameters] WebhookParts parts, CancellationToken cancellation)
    {
        if (await parts.Users.DirectoryAsync(http.Caller().Account, name, cancellation) is not { } directory) return Problem.NotFound("directory");
        var webhooks = await parts.Registry.PageAsync(directory, null, WebhookRegistry.MaxWebhooks, cancellation);
        return View.Show<WebhooksPage>(new WebhooksModel(directory, webhooks.ConvertAll(parts.View), MayWrite(http)));
    }

    private static async Task<IResult> NewAsync(HttpContext http, string name, [AsParameters] WebhookParts parts, CancellationToken cancellation)
    {
        if (await parts.Users.DirectoryAsync(http.Caller().Account, name, cancellation) is not { } directory) return Problem.NotFound("directory");
        return View.Show<WebhookPage>(new WebhookModel(directory, null, new FormState(), [], null, MayWrite: true));
    }

    private static async Task<IResult> CreateAsync(
        HttpContext http, string name, [FromForm] IFormCollection posted, [AsParameters] WebhookParts parts, CancellationToken cancellation)
    {
        if (await parts.Users.DirectoryAsync(http.Caller().Account, name, cancellation) is not { } directory) return Problem.NotFound("directory");
        var form = new FormState(posted);
        var outcome = await parts.Registry.CreateAsync(directory, WebhookForm.Read(form, creating: true), cancellation);
        if (outcome is WebhookOutcome.Done { Secret: { } secret } done) return Secret(http, directory, parts.View(done.Webhook), secret);
        WebhookForm.Explain(form, outcome);
        return View.Invalid<WebhookPage>(new WebhookModel(directory, null, form, [], null, MayWrite: true));
    }

    private static async Task<IResult> ShowAsync(
        HttpContext http, string name, Guid id, [AsParameters] DeliverySearch search, DeliveryLog log, [AsParameters] WebhookParts parts, CancellationToken cancellation)
    {
        if (Cursor.Read(search.Cursor, null, out var before) is { } invalid) return invalid;
        if (!search.TryStatus(out var status)) return Problem.Invalid(("status", "waiting, delivered or failed"));
        if (await parts.FindAsync(http, name, id, cancellation) is not { } found) return Problem.NotFound("webhook");
        var (page, next) = Cursor.Cut(await log.PageAsync(found.Webhook, status, before, PageSize, cancellation), PageSize, d => d.EventId);
        var older = next is null ? null : $"{PathOf(found.Directory, id)}?status={search.Status}&cursor={next}";
        return View.Show<WebhookPage>(new WebhookModel(
            found.Directory, parts.View(found.Webhook), new FormState(), page.ConvertAll(DeliveryView.Of), older, MayWrite(http)));
    }

    private static async Task<IResult> SaveAsync(
        HttpContext http, string name, Guid id, [FromForm] IFormCollection posted, DeliveryLog log, [AsParameters] WebhookParts parts, CancellationToken cancellation)
    {
        if (await parts.FindAsync(http, name, id, cancellation) is not { } found) return Problem.NotFound("webhook");
        var form = new FormState(posted);
        var outcome = await parts.Registry.UpdateAsync(found.Directory, id, WebhookForm.Read(form, creating: false), cancellation);
        if (outcome is WebhookOutcome.Done) return new SeeOther($"{PathOf(found.Directory, id)}?note=saved");
        if (outcome is WebhookOutcome.NotFound) return Problem.NotFound("webhook");
        WebhookForm.Explain(form, outcome);
        var (page, _) = Cursor.Cut(await log.PageAsync(found.Webhook, null, null, PageSize, cancellation), PageSize, d => d.EventId);
        return View.Invalid<WebhookPage>(new WebhookModel(found.Directory, parts.View(found.Webhook), form, page.ConvertAll(DeliveryView.Of), null, MayWrite: true));
    }

    private static async Task<IResult> RotateAsync(
        HttpContext http, string name, Guid id, [FromForm] IFormCollection posted, [AsParameters] WebhookParts parts, CancellationToken cancellation)
    {
        _ = posted;
        if (await parts.FindAsync(http, name, id, cancellation) is not { } found) return Problem.NotFound("webhook");
        return await parts.Registry.RotateAsync(found.Directory, id, cancellation) switch
        {
            WebhookOutcome.Done { Secret: { } secret } done => Secret(http, found.Directory, parts.View(done.Webhook), secret),
            WebhookOutcome.Overtaken => Problem.Conflict("overtaken", "Somebody else made a new secret at the same time."),
            _ => Problem.NotFound("webhook"),
        };
    }

    private static async Task<IResult> TestAsync(
        HttpContext http, string name, Guid id, [FromForm] IFormCollection posted, DeliveryLog log, [AsParameters] WebhookParts parts, CancellationToken cancellation)
    {
        _ = posted;
        if (await parts.FindAsync(http, name, id, cancellation) is not { } found) return Problem.NotFound("webhook");
        var note = await log.TestAsync(found.Webhook, name, cancellation) is null ? Off : Tested;
        return new SeeOther($"{PathOf(found.Directory, id)}?note={note}");
    }

    private static async Task<IResult> ResendAsync(
        HttpContext http, string name, Guid id, Guid eventId, [FromForm] IFormCollection posted, DeliveryLog log, [AsParameters] WebhookParts parts, CancellationToken cancellation)
    {
        _ = posted;
        if (await parts.FindAsync(http, name, id, cancellation) is not { } found) return Problem.NotFound("webhook");
        return await log.ResendAsync(found.Webhook, eventId, cancellation) switch
        {
            ResendOutcome.Started => new SeeOther($"{PathOf(found.Directory, id)}?note={Resent}"),
            ResendOutcome.Off => new SeeOther($"{PathOf(found.Directory, id)}?note={Off}"),
            _ => Problem.NotFound("delivery"),
        };
    }

    private static async Task<IResult> DeleteAsync(
        HttpContext http, string name, Guid id, [FromForm] IFormCollection posted, [AsParameters] WebhookParts parts, CancellationToken cancellation)
    {
        if (posted["confirmed"] != "true") return Problem.Invalid(("confirmed", "is required"));
        return await parts.FindAsync(http, name, id, cancellation) is { } found && await parts.Registry.RemoveAsync(found.Webhook, "webhook removed", cancellation)
            ? new SeeOther($"/console/directories/{found.Directory.Name}/{Section}?note=deleted")
            : Problem.NotFound("webhook");
    }

    // Not a redirect: the answer to this post is the only page that ever shows the secret.
    private static IResult Secret(HttpContext http, Directory directory, WebhookView webhook, string secret)
    {
        ProtocolAnswers.NoStore(http);
        return View.Show<WebhookSecretPage>(new WebhookSecretModel(directory, webhook, secret));
    }

    private static bool MayWrite(HttpContext http) => http.Caller().Can(Permissions.DirectoriesWrite);

    private static string PathOf(Directory directory, Guid id) => $"/console/directories/{directory.Name}/{Section}/{id}";
}

internal sealed record WebhooksModel(Directory Directory, IReadOnlyList<WebhookView> Webhooks, bool MayWrite)
{
    public string Home => $"/console/directories/{Directory.Name}/webhooks";
}

/// <param name="Webhook">Null for a new one.</param>
internal sealed record WebhookModel(
    Directory Directory, WebhookView? Webhook, FormState Form, IReadOnlyList<DeliveryView> Deliveries, string? Older, bool MayWrite)
{
    public string Home => $"/console/directories/{Directory.Name}/webhooks";

    public string Path => Webhook is null ? $"{Home}/new" : $"{Home}/{Webhook.Id}";
}

internal sealed record WebhookSecretModel(Directory Directory, WebhookView Webhook, string Secret)
{
    public string Home => $"/console/directories/{Directory.Name}/webhooks";

    /// <summary>Never the content: it holds a secret.</summary>
    public override string ToString() => "(webhook with secret)";
}
