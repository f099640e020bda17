using System.Globalization;
using Custodia.Kernel.Access;
using Custodia.Kernel.Hosting;
using Custodia.Kernel.Policy;
using Custodia.Kernel.Streams;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Custodia.Console.Protection;

/// <summary>All logs on one kind of page. Who may see a log is said by the whitelist of its category.</summary>
internal static class LogPages
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet(ProtectionPages.Logs, Index).RequirePermission(StaffAccess.Console);
        routes.MapGet($"{ProtectionPages.Logs}/{{category}}", ShowAsync).RequirePermission(StaffAccess.Console);
    }

    private static IResult Index(DataCatalogue catalogue, LoadedPolicy policy, HttpContext http) =>
        Page.Show<LogsPage>(new
        {
            Logs = catalogue.Streams.Select(s => policy.Category(s.Category)).OrderBy(c => c.Id, StringComparer.Ordinal).ToArray(),
            Roles = http.Caller().Roles,
        });

    private static async Task<IResult> ShowAsync(
        string category,
        DataCatalogue catalogue,
        LoadedPolicy policy,
        LogStreams streams,
        [AsParameters] LogFilter filter,
        HttpContext http,
        CancellationToken cancellation)
    {
        if (catalogue.Streams.Find(s => s.Category == category) is not { } shape) return Kernel.Http.Problem.NotFound("log");
        var line = policy.Category(category);
        if (!line.Access.Intersect(http.Caller().Roles, StringComparer.Ordinal).Any())
            return Kernel.Http.Problem.Forbidden("not-on-whitelist", Words.Of("NotOnWhitelist"), ("category", category));

        var query = filter.ToQuery(category, http.Caller().Account);
        StreamPage page;
        string? wrong = null;
        try
        {
            page = await streams.QueryAsync(query, cancellation);
        }
        catch (InvalidStreamQueryException)
        {
            page = new StreamPage([], null);
            wrong = Words.Of(query is { From: { } from, To: { } to } && to <= from ? "EndsBeforeItBegins" : "FilterWrong");
        }

        return Page.Show<LogPage>(new
        {
            Category = line,
            Shape = shape,
            page.Entries,
            Wrong = wrong,
            Filtered = filter.Any,
            Older = page.NextCursor is { } next ? $"{ProtectionPages.Logs}/{category}{filter.WithCursor(next)}" : null,
            Export = $"/api/v1/logs/{category}/export{filter.WithCursor(null)}",
        });
    }
}

/// <summary>What a person looks for in a log; empty fields ask nothing.</summary>
internal sealed record LogFilter(string? From, string? To, string? Actor, string? Ip, string? RequestId, string? Result, string? Text, string? Cursor)
{
    public bool Any => new[] { From, To, Actor, Ip, RequestId, Result, Text }.Any(v => !string.IsNullOrWhiteSpace(v));

    public StreamQuery ToQuery(string category, long account) => new(category, account)
    {
        From = Moment(From),
        To = Moment(To),
        Actor = Given(Actor),
        ClientIp = Given(Ip),
        RequestId = Given(RequestId),
        Result = Given(Result),
        Text = Given(Text),
        Cursor = Given(Cursor),
    };

    public string WithCursor(string? cursor)
    {
        var query = new QueryString();
        foreach (var (name, value) in new[] { ("from", From), ("to", To), ("actor", Actor), ("ip", Ip), ("requestId", RequestId), ("result", Result), ("text", Text), ("cursor", cursor) })
        {
            if (!string.IsNullOrWhiteSpace(value)) query = query.Add(name, value);
        }

        return query.ToString();
    }

    private static string? Given(string? value) => string.IsNullOrWhiteSpace(value) ? null : value.Trim();

    private static DateTimeOffset? Moment(string? value) =>
        DateTimeOffset.TryParse(value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var moment) ? moment : null;
}
