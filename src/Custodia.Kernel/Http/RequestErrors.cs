using System.Text.Json;
using System.Text.RegularExpressions;
using Custodia.Kernel.Storage;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Custodia.Kernel.Http;

/// <summary>
/// Turns what the framework throws for a bad request into a problem that names the field and the rule, and a database that is away into
/// 503. Everything else is a bug: it is answered 500 without a word about it, and logged.
/// </summary>
internal sealed partial class RequestErrors(ILogger<RequestErrors> logger) : IExceptionHandler
{
    /// <summary>Seconds after which a client may come again while the database is away.</summary>
    private const string ComeAgain = "5";

    private const string Unstorable = "holds a character that cannot be stored";

    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (exception is OperationCanceledException && httpContext.RequestAborted.IsCancellationRequested)
        {
            httpContext.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
            return true;
        }

        // A form in UTF-7, which .NET refuses to read.
        if (exception is NotSupportedException && httpContext.Request.ContentType?.Contains("utf-7", StringComparison.OrdinalIgnoreCase) == true)
            exception = new BadHttpRequestException("The charset is not supported.", StatusCodes.Status415UnsupportedMediaType);
        // PostgreSQL stores no U+0000, which a request can hold wherever it holds text.
        if (IsOfText(exception))
        {
            await Problem.Invalid((UnstorableField(httpContext.Request), Unstorable)).ExecuteAsync(httpContext);
            return true;
        }

        if (DatabaseTrouble.IsPassing(exception))
        {
            DatabaseAway(logger, exception.GetType().Name);
            httpContext.Response.Headers.RetryAfter = ComeAgain;
            await Problem.Of(StatusCodes.Status503ServiceUnavailable, "unavailable", "The server cannot answer at the moment; try again later.").ExecuteAsync(httpContext);
            return true;
        }

        if (exception is not BadHttpRequestException bad) return false;
        await ProblemOf(bad).ExecuteAsync(httpContext);
        return true;
    }

    internal static IResult ProblemOf(BadHttpRequestException bad) => bad.StatusCode switch
    {
        StatusCodes.Status413PayloadTooLarge => Problem.Of(413, "too-large", "The request body is too large."),
        StatusCodes.Status415UnsupportedMediaType => Problem.Of(415, "media-type", "The media type of the request body is not supported."),
        StatusCodes.Status400BadRequest => Findings(bad) is var (field, rule) ? Problem.Invalid((field, rule)) : throw bad,
        var status => Problem.Of(status, "bad-request", "The request cannot be understood."),
    };

    // Bodies in JSON never come this far; what is left are addresses and forms.
    private static string UnstorableField(HttpRequest request) =>
        request.Query.Concat(request.HttpContext.Features.Get<IFormFeature>()?.Form ?? FormCollection.Empty).FirstOrDefault(p => p.Value.ToString().Contains('\0', StringComparison.Ordinal)).Key ?? "request";

    private static bool IsOfText(Exception? exception) =>
        exception is PostgresException { SqlState: PostgresErrorCodes.CharacterNotInRepertoire } || (exception is not null && IsOfText(exception.InnerException));

    private static (string Field, string Rule) Findings(BadHttpRequestException bad)
    {
        if (FindJson(bad) is { } json) return (JsonField(json), JsonRule(json));
        if (bad.InnerException is Microsoft.AspNetCore.Antiforgery.AntiforgeryValidationException || bad.Message.Contains("anti-forgery", StringComparison.OrdinalIgnoreCase))
            return ("form", "The form has expired; open the page again.");
        if (bad.Message.Contains("no body was provided", StringComparison.Ordinal)) return ("body", "is required");
        if (Parameter().Match(bad.Message) is { Success: true } parameter)
            return (JsonNamingPolicy.CamelCase.ConvertName(parameter.Groups["name"].Value), bad.Message.StartsWith("Required", StringComparison.Ordinal) ? "is required" : "has the wrong form");
        return ("body", "cannot be read");
    }

    private static JsonException? FindJson(Exception? e) => e switch
    {
        null => null,
        JsonException json => json,
        _ => FindJson(e.InnerException),
    };

    // "$.contact.email" is the field contact.email; missing properties are named in the message only.
    private static string JsonField(JsonException json)
    {
        if (Missing().Match(json.Message) is { Success: true } missing) return Join(json.Path, missing.Groups["name"].Value);
        if (UnstorableText().Match(json.Message) is { Success: true } text) return Join(json.Path, text.Groups["name"].Value);
        return Join(json.Path, "");
    }

    private static string Join(string? path, string name)
    {
        var field = (path ?? "$").TrimStart('$').TrimStart('.');
        if (name.Length == 0) return field.Length == 0 ? "body" : field;
        return field.Length == 0 ? name : $"{field}.{name}";
    }

    // The messages themselves name .NET types and quote input, so they are not passed on.
    private static string JsonRule(JsonException json) => json.Message switch
    {
        var m when m.Contains("cannot be stored", StringComparison.Ordinal) => Unstorable,
        var m when m.Contains("could not be mapped", StringComparison.Ordinal) => "is not known",
        var m when m.Contains("missing required", StringComparison.Ordinal) => "is required",
        var m when m.Contains("doesn't allow null", StringComparison.Ordinal) || m.Contains("disallows null", StringComparison.Ordinal) => "must not be null",
        var m when m.Contains("could not be converted", StringComparison.Ordinal) => "has the wrong type or no such value",
        var m when m.Contains("uplicate", StringComparison.Ordinal) => "is given twice",
        _ => "is not valid JSON",
    };

    [LoggerMessage(1, LogLevel.Warning, "A request was answered 503: the database is away or has no turn to give ({Error})")]
    private static partial void DatabaseAway(ILogger logger, string error);

    // Failed to bind parameter "int limit" from "abc".   Required parameter "string name" was not provided from query string.
    [GeneratedRegex("""parameter "(?:[^"]* )?(?<name>[A-Za-z0-9_]+)" """, RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Parameter();

    // The text of 'name' cannot be stored.
    [GeneratedRegex("The text of '(?<name>[^']+)' cannot be stored", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex UnstorableText();

    // … was missing required properties including: 'name', 'kind'.
    [GeneratedRegex("missing required propert[^:]*: '(?<name>[^']+)'", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Missing();
}
