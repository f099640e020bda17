using Microsoft.AspNetCore.Http;

namespace Custodia.Kernel.Http;

/// <summary>Errors as RFC 9457 problem details. <c>type</c> is <c>urn:custodia:problem:CODE</c>, the code is stable.</summary>
public static class Problem
{
    /// <summary>400 with every finding at once: <c>errors</c> maps a field to the rules it broke.</summary>
    public static IResult Invalid(params ReadOnlySpan<(string Field, string Rule)> findings)
    {
        var errors = new Dictionary<string, string[]>(StringComparer.Ordinal);
        foreach (var (field, rule) in findings)
            errors[field] = errors.TryGetValue(field, out var rules) ? [.. rules, rule] : [rule];
        return Invalid(errors);
    }

    public static IResult Invalid(IDictionary<string, string[]> errors) =>
        Results.Problem(
            title: "Some fields are not valid.",
            statusCode: StatusCodes.Status400BadRequest,
            type: Type("invalid"),
            extensions: new Dictionary<string, object?>(StringComparer.Ordinal) { ["errors"] = errors });

    /// <summary>404; also for what belongs to another account, so that nobody learns it exists.</summary>
    public static IResult NotFound(string what) => Of(StatusCodes.Status404NotFound, "not-found", $"There is no such {what}.");

    public static IResult Forbidden(string code, string title, params ReadOnlySpan<(string Key, object? Value)> extensions) =>
        Of(StatusCodes.Status403Forbidden, code, title, extensions);

    public static IResult Conflict(string code, string title, params ReadOnlySpan<(string Key, object? Value)> extensions) =>
        Of(StatusCodes.Status409Conflict, code, title, extensions);

    public static IResult Of(int status, string code, string title, params ReadOnlySpan<(string Key, object? Value)> extensions)
    {
        var more = new Dictionary<string, object?>(StringComparer.Ordinal);
        foreach (var (key, value) in extensions) more[key] = value;
        return Results.Problem(title: title, statusCode: status, type: Type(code), extensions: more);
    }

    public static string Type(string code) => $"urn:custodia:problem:{code}";
}
