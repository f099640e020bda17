using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Custodia.Integration.Engine;
using Custodia.Integration.Flows;
using Custodia.Kernel.Access;
using Custodia.Kernel.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Custodia.Integration.Triggers;

/// <summary>
/// Calls that start flows: <c>/flow/{appId}/{path}</c>. The job is stored before anything is answered; the header
/// <c>Idempotency-Key</c> makes a repeated call the first one. An express flow stores nothing and runs while the caller waits.
/// The header <c>Custodia-Promise</c> of the answer says which of the two it was: <c>at-least-once</c> or <c>at-most-once</c>.
/// </summary>
internal static class HttpTriggers
{
    private const int MaxKey = 100;
    private const string PromiseHeader = "Custodia-Promise";
    private static readonly string[] Methods = ["GET", "POST", "PUT", "PATCH", "DELETE"];

    public static void MapHttpTriggers(this IEndpointRouteBuilder routes) =>
        routes.MapMethods("/flow/{appId:long}/{**path}", Methods, Start)
            .ExcludeFromDescription()
            .DisableAntiforgery()
            .AllowAnyone("A flow says itself whether it needs a token; without a word it does");

    private static async Task<IResult> Start(long appId, string path, HttpContext http, [AsParameters] TriggerParts parts, CancellationToken cancellation)
    {
        if (await DeployedFlow.OfAppAsync(parts.Context, appId, $"http:{http.Request.Method} {path}", cancellation) is not [var deployed]) return Problem.NotFound("flow");
        var program = await parts.Programs.FindAsync(deployed.ProjectId, deployed.Version, deployed.ComponentId, cancellation);
        if (program?.Flow.Trigger is not Trigger.Http trigger) return Problem.NotFound("flow");
        var caller = trigger.Anyone ? null : await parts.Callers.OfTokenAsync(http, cancellation);
        if (!trigger.Anyone && Refusal(http, caller, deployed) is { } refusal) return refusal;
        var key = http.Request.Headers["Idempotency-Key"].ToString();
        if (key.Length > MaxKey) return Problem.Invalid(("Idempotency-Key", $"has at most {MaxKey} characters"));
        var express = program.Flow.Mode == FlowMode.Express;
        if (express && key.Length > 0) return Problem.Invalid(("Idempotency-Key", "is of no use here: an express flow keeps nothing"));
        var (payload, problem) = await PayloadAsync(http, cancellation);
        if (problem is not null) return problem;
        var message = new Message { Payload = payload, Attributes = Attributes(http, path) };
        if (MessageSize.Of(message.ToDocument()) > MessageSize.Most) return TooLarge();
        var request = deployed.Job(caller?.Kind == CallerKind.User ? caller.Person : null, DedupeKey(caller, key), message);
        http.Response.Headers[PromiseHeader] = express ? "at-most-once" : "at-least-once";
        if (express) return JobAnswer.Of(await parts.Express.RunAsync(request, program, cancellation));
        var job = await parts.Jobs.AddAsync(request, cancellation);
        return trigger.Sync ? await parts.Answers.WaitAsync(job, cancellation) : JobAnswer.Accepted(job);
    }

    private static IResult TooLarge() => Problem.Of(
        StatusCodes.Status413PayloadTooLarge, MessageTooLargeException.Code, $"A message has at most {MessageSize.Most} bytes: body, query and what goes with them.", ("field", "body"), ("limit", MessageSize.Most));

    private static IResult? Refusal(HttpContext http, Caller? caller, DeployedFlow deployed)
    {
        if (caller is null)
        {
            http.Response.Headers.WWWAuthenticate = "Bearer realm=\"custodia\"";
            return Problem.Of(StatusCodes.Status401Unauthorized, "unauthenticated", "A valid access token is needed.");
        }

        if (caller.Account != deployed.Account) return Problem.NotFound("flow");
        return caller.Can(Permissions.InvokeFlows) ? null : Problem.Forbidden("forbidden", "You may not do this.", ("permission", Permissions.InvokeFlows));
    }

    private static async Task<(JsonNode? Payload, IResult? Problem)> PayloadAsync(HttpContext http, CancellationToken cancellation)
    {
        if (http.Request.ContentLength is 0 || (http.Request.ContentLength is null && !http.Request.Headers.TransferEncoding.ToString().Contains("chunked", StringComparison.OrdinalIgnoreCase))) return (null, null);
        if (!http.Request.HasJsonContentType()) return (null, Problem.Of(StatusCodes.Status415UnsupportedMediaType, "media-type", "The body must be JSON."));
        try
        {
            return (await JsonNode.ParseAsync(http.Request.Body, documentOptions: new JsonDocumentOptions { MaxDepth = 32 }, cancellationToken: cancellation), null);
        }
        catch (JsonException)
        {
            return (null, Problem.Invalid(("body", "is not JSON")));
        }
    }

    private static JsonObject Attributes(HttpContext http, string path)
    {
        var query = new JsonObject();
        foreach (var (name, value) in http.Request.Query) query[name] = value.ToString();
        return new JsonObject { ["method"] = http.Request.Method, ["path"] = path, ["query"] = query };
    }

    /// <summary>Keys of one caller do not meet those of another.</summary>
    private static string DedupeKey(Caller? caller, string key)
    {
        if (key.Length == 0) return $"http:{Guid.CreateVersion7():N}";
        var owner = caller is null ? "anyone" : $"{caller.Kind}/{caller.Person?.ToString("N") ?? caller.Name}";
        return "http:" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{owner}\n{key}")));
    }
}

/// <summary>What a call needs to become a job, or an answer.</summary>
internal sealed record TriggerParts(IntegrationContext Context, ProgramCache Programs, JobStore Jobs, ExpressRun Express, JobAnswer Answers, TriggerCallers Callers);
