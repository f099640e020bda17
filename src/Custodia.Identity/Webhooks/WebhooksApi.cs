using Custodia.Identity.Administration;
using Custodia.Identity.Protocol;
using Custodia.Kernel.Access;
using Custodia.Kernel.Http;
using Custodia.Kernel.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Custodia.Identity.Webhooks;

/// <summary><c>/api/v1/directories/{name}/webhooks</c>: systems elsewhere that are told what happens.</summary>
internal static class WebhooksApi
{
    public const string Area = "webhooks";

    public static void MapWebhooksApi(this IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/api/v1/directories/{name}/webhooks").WithTags("Webhooks");
        api.MapGet("", ListAsync).RequirePermission(Permissions.DirectoriesRead).Produces<ListAnswer<WebhookView>>()
            .Describe("listWebhooks", "Webhooks of a directory, newest first");
        api.MapGet("/events", EventsAsync).RequirePermission(Permissions.DirectoriesRead).Produces<ListAnswer<WebhookEventView>>()
            .Describe("listWebhookEvents", "What a webhook can be told of");
        api.MapPost("", CreateAsync).RequirePermission(Permissions.DirectoriesWrite, Area).WhileOpen(AccountServices.Identity)
            .Produces<WebhookWithSecret>(StatusCodes.Status201Created)
            .Describe("createWebhook", "Adds a webhook; the answer alone holds its secret", 409);
        api.MapGet("/{id:guid}", GetAsync).RequirePermission(Permissions.DirectoriesRead).Produces<WebhookView>()
            .Describe("getWebhook", "A webhook");
        api.MapPatch("/{id:guid}", UpdateAsync).RequirePermission(Permissions.DirectoriesWrite, Area).Produces<WebhookView>()
            .Describe("updateWebhook", "Changes a webhook; what is left out stays");
        api.MapDelete("/{id:guid}", DeleteAsync).RequirePermission(Permissions.DirectoriesWrite, Area).Produces(StatusCodes.Status204NoContent)
            .Describe("deleteWebhook", "Removes a webhook with everything that waits for it");
        api.MapPost("/{id:guid}/secret", RotateAsync).RequirePermission(Permissions.DirectoriesWrite, Area).Produces<WebhookWithSecret>()
            .Describe("rotateWebhookSecret", "Makes a new secret; the one before signs too for 24 hours", 409);
        api.MapPost("/{id:guid}/test", TestAsync).RequirePermission(Permissions.DirectoriesWrite, Area).Produces<DeliveryView>(StatusCodes.Status202Accepted)
            .Describe("testWebhook", "Sends a test event, once", 409);
        api.MapGet("/{id:guid}/deliveries", DeliveriesAsync).RequirePermission(Permissions.DirectoriesRead).Produces<ListAnswer<DeliveryView>>()
            .Describe("listWebhookDeliveries", "What was sent in the last 30 days, newest first");
        api.MapPost("/{id:guid}/deliveries/{eventId:guid}/resend", ResendAsync).RequirePermission(Permissions.DirectoriesWrite, Area)
            .Produces<DeliveryView>(StatusCodes.Status202Accepted)
            .Describe("resendWebhookDelivery", "Sends a delivery again", 409);
    }

    private static async Task<IResult> ListAsync(HttpContext http, string name, string? cursor, int? limit, [AsParameters] WebhookParts parts, CancellationToken cancellation)
    {
        if (Cursor.Read(cursor, limit, out var before) is { } invalid) return invalid;
        if (await parts.Users.DirectoryAsync(http.Caller().Account, name, cancellation) is not { } directory) return Problem.NotFound("directory");
        var wanted = limit ?? Cursor.DefaultLimit;
        var (page, next) = Cursor.Cut(await parts.Registry.PageAsync(directory, before, wanted, cancellation), wanted, w => w.Id);
        return Results.Ok(new ListAnswer<WebhookView>(page.ConvertAll(parts.View), next));
    }

    private static async Task<IResult> EventsAsync(HttpContext http, string name, [AsParameters] WebhookParts parts, CancellationToken cancellation) =>
        await parts.Users.DirectoryAsync(http.Caller().Account, name, cancellation) is null
            ? Problem.NotFound("directory")
            : Results.Ok(new ListAnswer<WebhookEventView>([.. WebhookEvents.All.Select(e => new WebhookEventView(e, WebhookTexts.Event(e)))], null));

    private static async Task<IResult> CreateAsync(HttpContext http, string name, WebhookSettings body, [AsParameters] WebhookParts parts, CancellationToken cancellation)
    {
        if (await parts.Users.DirectoryAsync(http.Caller().Account, name, cancellation) is not { } directory) return Problem.NotFound("directory");
        var outcome = await parts.Registry.CreateAsync(directory, body, cancellation);
        if (outcome is not WebhookOutcome.Done { Secret: { } secret } done) return Answer(outcome, parts);
        ProtocolAnswers.NoStore(http);
        return Results.Created($"/api/v1/directories/{name}/webhooks/{done.Webhook.Id}", new WebhookWithSecret(parts.View(done.Webhook), secret));
    }

    private static async Task<IResult> GetAsync(HttpContext http, string name, Guid id, [AsParameters] WebhookParts parts, CancellationToken cancellation) =>
        await parts.FindAsync(http, name, id, cancellation) is { } found ? Results.Ok(parts.View(found.Webhook)) : Problem.NotFound("webhook");

    private static async Task<IResult> UpdateAsync(
        HttpContext http, string name, Guid id, WebhookSettings body, [AsParameters] WebhookParts parts, CancellationToken cancellation) =>
        await parts.FindAsync(http, name, id, cancellation) is { } found
            ? Answer(await parts.Registry.UpdateAsync(found.Directory, id, body, cancellation), parts)
            : Problem.NotFound("webhook");

    private static async Task<IResult> DeleteAsync(HttpContext http, string name, Guid id, [AsParameters] WebhookParts parts, CancellationToken cancellation) =>
        await parts.FindAsync(http, name, id, cancellation) is { } found && await parts.Registry.RemoveAsync(found.Webhook, "webhook removed", cancellation)
            ? Results.NoContent()
            : Problem.NotFound("webhook");

    private static async Task<IResult> RotateAsync(HttpContext http, string name, Guid id, [AsParameters] WebhookParts parts, CancellationToken cancellation)
    {
        if (await parts.FindAsync(http, name, id, cancellation) is not { } found) return Problem.NotFound("webhook");
        var outcome = await parts.Registry.RotateAsync(found.Directory, id, cancellation);
        if (outcome is not WebhookOutcome.Done { Secret: { } secret } done) return Answer(outcome, parts);
        ProtocolAnswers.NoStore(http);
        return Results.Ok(new WebhookWithSecret(parts.View(done.Webhook), secret));
    }

    private static async Task<IResult> TestAsync(HttpContext http, string name, Guid id, DeliveryLog log, [AsParameters] WebhookParts parts, CancellationToken cancellation)
    {
        if (await parts.FindAsync(http, name, id, cancellation) is not { } found) return Problem.NotFound("webhook");
        return await log.TestAsync(found.Webhook, name, cancellation) is { } delivery ? Results.Accepted(value: DeliveryView.Of(delivery)) : Off();
    }

    private static async Task<IResult> DeliveriesAsync(
        HttpContext http, string name, Guid id, [AsParameters] DeliverySearch search, DeliveryLog log, [AsParameters] WebhookParts parts, CancellationToken cancellation)
    {
        if (Cursor.Read(search.Cursor, search.Limit, out var before) is { } invalid) return invalid;
        if (!search.TryStatus(out var status)) return Problem.Invalid(("status", "waiting, delivered or failed"));
        if (await parts.FindAsync(http, name, id, cancellation) is not { } found) return Problem.NotFound("webhook");
        var wanted = search.Limit ?? Cursor.DefaultLimit;
        var (page, next) = Cursor.Cut(await log.PageAsync(found.Webhook, status, before, wanted, cancellation), wanted, d => d.EventId);
        return Results.Ok(new ListAnswer<DeliveryView>(page.ConvertAll(DeliveryView.Of), next));
    }

    private static async Task<IResult> ResendAsync(
        HttpContext http, string name, Guid id, Guid eventId, DeliveryLog log, [AsParameters] WebhookParts parts, CancellationToken cancellation)
    {
        if (await parts.FindAsync(http, name, id, cancellation) is not { } found) return Problem.NotFound("webhook");
        return await log.ResendAsync(found.Webhook, eventId, cancellation) switch
        {
            ResendOutcome.Started started => Results.Accepted(value: DeliveryView.Of(started.Delivery)),
            ResendOutcome.Off => Off(),
            _ => Problem.NotFound("delivery"),
        };
    }

    private static IResult Off() => Problem.Conflict("webhook-off", "The webhook is off.");

    private static IResult Answer(WebhookOutcome outcome, WebhookParts parts) => outcome switch
    {
        WebhookOutcome.Done done => Results.Ok(parts.View(done.Webhook)),
        WebhookOutcome.Invalid invalid => invalid.Findings.ToProblem(),
        WebhookOutcome.TooMany => Problem.Conflict("too-many", $"A directory has at most {WebhookRegistry.MaxWebhooks} webhooks."),
        WebhookOutcome.Overtaken => Problem.Conflict("overtaken", "Somebody else made a new secret at the same time."),
        _ => Problem.NotFound("webhook"),
    };
}

/// <summary>What the administration of webhooks works with.</summary>
internal readonly record struct WebhookParts(WebhookRegistry Registry, UserQueries Users, TimeProvider Time)
{
    /// <summary>A webhook of a directory of the caller's account.</summary>
    public async Task<(Directories.Directory Directory, Webhook Webhook)?> FindAsync(HttpContext http, string name, Guid id, CancellationToken cancellation) =>
        await Users.DirectoryAsync(http.Caller().Account, name, cancellation) is { } directory
        && await Registry.FindAsync(directory, id, cancellation) is { } webhook
            ? (directory, webhook)
            : null;

    public WebhookView View(Webhook webhook) => WebhookView.Of(webhook, Time.GetUtcNow());
}

/// <param name="Status"><c>waiting</c>, <c>delivered</c> or <c>failed</c>.</param>
internal readonly record struct DeliverySearch(string? Status, string? Cursor, int? Limit)
{
    public bool TryStatus(out DeliveryStatus? status)
    {
        status = Status switch { "waiting" => DeliveryStatus.Waiting, "delivered" => DeliveryStatus.Delivered, "failed" => DeliveryStatus.Failed, _ => null };
        return status is not null || string.IsNullOrEmpty(Status);
    }
}
