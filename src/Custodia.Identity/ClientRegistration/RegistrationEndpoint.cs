using System.Text.Json;
using Custodia.Identity.Protocol;
using Custodia.Kernel.Http;
using Microsoft.AspNetCore.Http;

namespace Custodia.Identity.ClientRegistration;

/// <summary><c>/d/{directory}/register</c>: dynamic client registration (RFC 7591) and its management (RFC 7592).</summary>
internal static class RegistrationEndpoint
{
    private const string Json = "application/json";

    public static async Task<IResult> RegisterAsync(
        string directory, HttpContext http, Issuers issuers, RegistrationTokens tokens, RegisteredClients clients, CancellationToken cancellation)
    {
        // 1. Somebody who was given a token.
        if (await issuers.FindAsync(directory, cancellation) is not { } issuer) return Problem.NotFound("directory");
        if (Token(http) is not { } text) return Unauthorized(http, issuer, presented: false);
        if (await tokens.FindAsync(issuer, text, cancellation) is not { } token) return Unauthorized(http, issuer, presented: true);

        // 2. Metadata that describes an application we can have.
        if (await ReadAsync(http, cancellation) is not { } metadata) return Refuse(http, issuer, Unreadable);
        var outcome = MetadataRules.Read(metadata);
        if (outcome is not MetadataOutcome.Fits fits) return Refuse(http, issuer, ((MetadataOutcome.Refused)outcome).Error);

        // 3. Made, if the token still has a use left.
        ProtocolAnswers.NoStore(http);
        return await clients.AddAsync(issuer, token, fits, cancellation) is { } registered
            ? Results.Json(registered, ClientMetadataJson.Default.ClientMetadata, statusCode: StatusCodes.Status201Created)
            : Unauthorized(http, issuer, presented: true);
    }

    public static async Task<IResult> ReadAsync(
        string directory, string clientId, HttpContext http, Issuers issuers, RegisteredClients clients, CancellationToken cancellation)
    {
        if (await issuers.FindAsync(directory, cancellation) is not { } issuer) return Problem.NotFound("directory");
        if (Token(http) is not { } token) return Unauthorized(http, issuer, presented: false);
        if (await clients.FindAsync(issuer, clientId, token, cancellation) is not { } application) return Unauthorized(http, issuer, presented: true);
        ProtocolAnswers.NoStore(http);
        return Results.Json(ClientInformation.Of(issuer, application, secret: null, token), ClientMetadataJson.Default.ClientMetadata);
    }

    public static async Task<IResult> UpdateAsync(
        string directory, string clientId, HttpContext http, Issuers issuers, RegisteredClients clients, CancellationToken cancellation)
    {
        if (await issuers.FindAsync(directory, cancellation) is not { } issuer) return Problem.NotFound("directory");
        if (Token(http) is not { } token) return Unauthorized(http, issuer, presented: false);
        if (await clients.FindAsync(issuer, clientId, token, cancellation) is not { } application) return Unauthorized(http, issuer, presented: true);
        if (await ReadAsync(http, cancellation) is not { } metadata) return Refuse(http, issuer, Unreadable);
        ProtocolAnswers.NoStore(http);
        return await clients.UpdateAsync(issuer, application, metadata, token, cancellation) switch
        {
            UpdateOutcome.Done done => Results.Json(done.Client, ClientMetadataJson.Default.ClientMetadata),
            UpdateOutcome.Refused refused => Refuse(http, issuer, refused.Error),
            var other => throw new InvalidOperationException($"No answer for {other.GetType().Name}."),
        };
    }

    public static async Task<IResult> DeleteAsync(
        string directory, string clientId, HttpContext http, Issuers issuers, RegisteredClients clients, CancellationToken cancellation)
    {
        if (await issuers.FindAsync(directory, cancellation) is not { } issuer) return Problem.NotFound("directory");
        if (Token(http) is not { } token) return Unauthorized(http, issuer, presented: false);
        if (await clients.FindAsync(issuer, clientId, token, cancellation) is not { } application) return Unauthorized(http, issuer, presented: true);
        await clients.RemoveAsync(application, cancellation);
        ProtocolAnswers.NoStore(http);
        return Results.NoContent();
    }

    private static ProtocolError Unreadable => new(Errors.InvalidClientMetadata, "the body must be a JSON object with members of their types, each once");

    private static string? Token(HttpContext http) =>
        http.Request.Headers.Authorization is { Count: 1 } header && PresentedToken.Of(header.ToString()) is { IsDpop: false } token ? token.Text : null;

    private static async ValueTask<ClientMetadata?> ReadAsync(HttpContext http, CancellationToken cancellation)
    {
        if (http.Request.ContentType?.Split(';')[0].Trim().Equals(Json, StringComparison.OrdinalIgnoreCase) != true) return null;
        try
        {
            return await JsonSerializer.DeserializeAsync(http.Request.Body, ClientMetadataJson.Default.ClientMetadata, cancellation);
        }
        catch (Exception exception) when (exception is JsonException or BadHttpRequestException)
        {
            return null;
        }
    }

    // The same for a client that is not there and a token that is wrong (RFC 7592 section 2.1).
    private static IResult Unauthorized(HttpContext http, Issuer issuer, bool presented)
    {
        ProtocolAnswers.NoStore(http);
        http.Response.Headers.WWWAuthenticate = presented ? $"Bearer realm=\"{issuer.Url}\", error=\"{Errors.InvalidToken}\"" : $"Bearer realm=\"{issuer.Url}\"";
        return presented
            ? Results.Json(new ErrorBody(Errors.InvalidToken, "the token is not valid here"), ErrorJson.Default.ErrorBody, statusCode: StatusCodes.Status401Unauthorized)
            : Results.StatusCode(StatusCodes.Status401Unauthorized);
    }

    private static IResult Refuse(HttpContext http, Issuer issuer, ProtocolError error) => ProtocolAnswers.Error(http, issuer, error);
}
