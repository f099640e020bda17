using Custodia.Identity.Keys;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace Custodia.Identity.Protocol;

/// <summary>Answers of the protocol endpoints in the form the standards give them (not problem details).</summary>
internal static class ProtocolAnswers
{
    /// <summary>Error of a back-channel endpoint (RFC 6749 section 5.2).</summary>
    public static IResult Error(HttpContext http, Issuer issuer, ProtocolError error)
    {
        NoStore(http);
        if (error.Code == Errors.InvalidClient)
            http.Response.Headers.WWWAuthenticate = $"Basic realm=\"{issuer.Url}\", charset=\"UTF-8\"";
        var status = error.Code == Errors.InvalidClient ? StatusCodes.Status401Unauthorized : StatusCodes.Status400BadRequest;
        return Results.Json(new ErrorBody(error.Code, error.Description), ErrorJson.Default.ErrorBody, statusCode: status);
    }

    /// <summary>Error of a resource that wants an access token (RFC 6750 section 3, RFC 9449 section 7.1).</summary>
    /// <param name="dpop">Whether the token came with the scheme <c>DPoP</c>.</param>
    public static IResult TokenError(HttpContext http, Issuer issuer, ProtocolError? error, bool dpop = false)
    {
        NoStore(http);
        Challenge(http, issuer.Url, error, dpop);
        var status = error?.Code switch
        {
            Errors.InvalidRequest => StatusCodes.Status400BadRequest,
            Errors.InsufficientScope => StatusCodes.Status403Forbidden,
            _ => StatusCodes.Status401Unauthorized,
        };
        return error is null
            ? Results.StatusCode(status)
            : Results.Json(new ErrorBody(error.Code, error.Description), ErrorJson.Default.ErrorBody, statusCode: status);
    }

    /// <summary>Says how a token may be presented, and what is wrong with the one that was.</summary>
    public static void Challenge(HttpContext http, string realm, ProtocolError? error, bool dpop)
    {
        var what = error is null ? "" : $", error=\"{error.Code}\", error_description=\"{error.Description}\"";
        var algorithms = $"algs=\"{string.Join(' ', JwsAlgorithm.All)}\"";
        http.Response.Headers.WWWAuthenticate = dpop
            ? $"DPoP realm=\"{realm}\"{what}, {algorithms}"
            : new Microsoft.Extensions.Primitives.StringValues([$"Bearer realm=\"{realm}\"{what}", $"DPoP {algorithms}"]);
    }

    /// <summary>303, so that a browser never repeats a posted form at the next address (RFC 9700 section 4.12).</summary>
    public static IResult SeeOther(HttpContext http, string address)
    {
        NoStore(http);
        http.Response.Headers.Location = address;
        return Results.StatusCode(StatusCodes.Status303SeeOther);
    }

    /// <summary>The address with parameters added to whatever query it has (RFC 6749 section 3.1.2).</summary>
    public static string With(string address, params ReadOnlySpan<(string Name, string? Value)> parameters)
    {
        foreach (var (name, value) in parameters)
        {
            if (value is not null) address = QueryHelpers.AddQueryString(address, name, value);
        }

        return address;
    }

    public static void NoStore(HttpContext http)
    {
        http.Response.Headers[HeaderNames.CacheControl] = "no-store";
        http.Response.Headers[HeaderNames.Pragma] = "no-cache";
    }
}

/// <summary>A JSON document that is ready (UTF-8).</summary>
internal sealed class ReadyJson(ReadOnlyMemory<byte> document) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.ContentType = "application/json; charset=utf-8";
        httpContext.Response.ContentLength = document.Length;
        return httpContext.Response.Body.WriteAsync(document, httpContext.RequestAborted).AsTask();
    }
}

internal sealed record ErrorBody(
    [property: System.Text.Json.Serialization.JsonPropertyName("error")] string Error,
    [property: System.Text.Json.Serialization.JsonPropertyName("error_description")] string ErrorDescription);

[System.Text.Json.Serialization.JsonSerializable(typeof(ErrorBody))]
internal sealed partial class ErrorJson : System.Text.Json.Serialization.JsonSerializerContext;
