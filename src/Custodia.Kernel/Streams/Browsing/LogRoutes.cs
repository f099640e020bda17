using Custodia.Kernel.Access;
using Custodia.Kernel.Http;
using Custodia.Kernel.Policy;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Custodia.Kernel.Streams;

/// <summary>
/// Logs over the administrative API. Whoever asks needs the permission; a member of staff also one of the roles on the whitelist of
/// the log's category.
/// </summary>
public static class LogRoutes
{
    public const string Permission = "kernel.logs.read";

    private const string ByField = "Beside the parameters below, `field.NAME=VALUE` finds records by a field of the log exactly.";

    public static void MapLogs(this IEndpointRouteBuilder routes)
    {
        var logs = routes.MapGroup("/api/v1/logs").WithTags("Logs");
        logs.MapGet("/", List).RequirePermission(Permission).Produces<LogList>().Describe("listLogs", "The logs that the caller may read");
        logs.MapGet("/{category}", Query).RequirePermission(Permission)
            .Produces<LogPage>().Describe("queryLog", "A page of a log, newest first").WithDescription(ByField)
            .DescribeParameters([.. LogQueryParameters.Described, new("cursor", "nextCursor of an earlier page"), new("limit", "1 to 500; default 50", "integer")]);
        logs.MapGet("/{category}/export", Export).RequirePermission(Permission, adminArea: "logs")
            .Produces<string>(contentType: "application/x-ndjson", additionalContentTypes: "text/csv")
            .Describe("exportLog", "Everything that matches, as NDJSON or CSV").WithDescription(ByField)
            .DescribeParameters([.. LogQueryParameters.Described]);
    }

    private static IResult List(HttpContext http, StreamSet streams, LoadedPolicy policy) => TypedResults.Ok(new LogList([
        .. streams.Categories.Select(policy.Category).Where(c => MayRead(http.Caller(), c)).OrderBy(c => c.Id, StringComparer.Ordinal)
            .Select(c => new LogDescription(c.Id, c.Title.Current, [.. c.Fields.Select(f => f.Name)]))]));

    private static async Task<IResult> Query(string category, HttpContext http, StreamSet streams, LoadedPolicy policy)
    {
        if (Refuse(category, http.Caller(), streams, policy) is { } refusal) return refusal;
        var (query, findings) = LogQueryParameters.Read(http.Request.Query, category, http.Caller().Account);
        if (findings.Count > 0) return Problem.Invalid(findings);
        try
        {
            var page = await streams.Reader(category).PageAsync(query, http.RequestAborted);
            return TypedResults.Ok(new LogPage([.. page.Entries.Select(LogItem.Of)], page.NextCursor));
        }
        catch (InvalidStreamQueryException invalid)
        {
            return Problem.Invalid((invalid.Field, invalid.Rule));
        }
    }

    private static IResult Export(string category, string? format, HttpContext http, StreamSet streams, LoadedPolicy policy)
    {
        if (Refuse(category, http.Caller(), streams, policy) is { } refusal) return refusal;
        var (query, findings) = LogQueryParameters.Read(http.Request.Query, category, http.Caller().Account, "format");
        ExportFormat? chosen = format switch
        {
            null or "" or "ndjson" => ExportFormat.Ndjson,
            "csv" => ExportFormat.Csv,
            _ => null,
        };
        if (chosen is null) findings["format"] = ["must be ndjson or csv"];
        if (query.Cursor is not null) findings["cursor"] = ["an export has no pages"];
        if (findings.Count > 0) return Problem.Invalid(findings);
        try
        {
            var reader = streams.Reader(category);
            reader.Check(query);
            return TypedResults.Stream(
                output => StreamExport.WriteAsync(reader.ReadAsync(query, http.RequestAborted), policy.Category(category), chosen!.Value, output, http.RequestAborted),
                StreamExport.MediaType(chosen!.Value),
                $"{category}.{(chosen == ExportFormat.Csv ? "csv" : "ndjson")}");
        }
        catch (InvalidStreamQueryException invalid)
        {
            return Problem.Invalid((invalid.Field, invalid.Rule));
        }
    }

    private static IResult? Refuse(string category, Caller caller, StreamSet streams, LoadedPolicy policy)
    {
        if (!streams.Has(category)) return Problem.NotFound("log");
        var known = policy.Category(category);
        return MayRead(caller, known)
            ? null
            : Problem.Forbidden("not-on-whitelist", "Your roles are not on the whitelist of this log.", ("category", category), ("whitelist", known.Access));
    }

    private static bool MayRead(Caller caller, PolicyCategory category) => caller.Kind switch
    {
        // The permission was given to the application itself; that is its whitelist.
        CallerKind.Application => true,
        CallerKind.SubAccount => caller.Roles.Any(role => category.Access.Contains(role, StringComparer.Ordinal)),
        _ => false,
    };
}

/// <param name="NextCursor">Null on the last page.</param>
internal sealed record LogPage(IReadOnlyList<LogItem> Items, string? NextCursor);

/// <summary>A record; <paramref name="Fields"/> has the policy's field names.</summary>
/// <param name="Shredded">Whether personal fields are gone for ever because a key was destroyed.</param>
internal sealed record LogItem(DateTimeOffset Time, bool Shredded, IReadOnlyDictionary<string, object?> Fields)
{
    public static LogItem Of(StreamEntry entry)
    {
        var fields = new OrderedDictionary<string, object?>(entry.Fields.Count, StringComparer.Ordinal);
        foreach (var (name, value) in entry.Fields) fields[name] = value;
        return new LogItem(entry.Time, entry.Shredded, fields);
    }
}

internal sealed record LogList(IReadOnlyList<LogDescription> Items);

internal sealed record LogDescription(string Category, string Title, IReadOnlyList<string> Fields);
