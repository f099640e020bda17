using System.Text.Json.Serialization;
using Custodia.Identity.Applications;
using Custodia.Identity.Protocol;
using Custodia.Identity.Tokens;
using Custodia.Kernel.Http;
using Microsoft.AspNetCore.Http;

namespace Custodia.Identity.Revocation;

/// <summary>
/// <c>POST /d/{directory}/introspect</c> (RFC 7662), for applications with a secret: on their own tokens, and on access tokens
/// whose audience is one of their resources. Anything else is answered as inactive.
/// </summary>
internal static class IntrospectionEndpoint
{
    public static async Task<IResult> HandleAsync(
        string directory, HttpContext http, Issuers issuers, ClientAuthentication clients, TokenIntrospection introspection, CancellationToken cancellation)
    {
        if (await issuers.FindAsync(directory, cancellation) is not { } issuer) return Problem.NotFound("directory");
        if (await ParameterReading.ReadFormAsync(http.Request, cancellation) is not { } parameters)
            return ProtocolAnswers.Error(http, issuer, new ProtocolError(Errors.InvalidRequest, "the body must be application/x-www-form-urlencoded"));
        if (parameters.Fault is { } fault) return ProtocolAnswers.Error(http, issuer, fault);
        var outcome = await clients.RunAsync(http, issuer, parameters, cancellation);
        if (outcome is ClientAuthenticationOutcome.Refused refused) return ProtocolAnswers.Error(http, issuer, refused.Error);
        var application = ((ClientAuthenticationOutcome.Known)outcome).Application;
        // Section 2.1: some form of authorization, so that nobody can try tokens.
        if (application.IsPublic) return ProtocolAnswers.Error(http, issuer, new ProtocolError(Errors.InvalidClient, "introspection needs a client secret"));
        if (parameters["token"] is not { } token)
            return ProtocolAnswers.Error(http, issuer, new ProtocolError(Errors.InvalidRequest, "token is missing"));
        ProtocolAnswers.NoStore(http);
        return Results.Json(await introspection.AboutAsync(issuer, application, token, cancellation), IntrospectionJson.Default.Introspection);
    }
}

/// <summary>Says what a token is.</summary>
internal sealed class TokenIntrospection(AccessTokens tokens, Grants grants, TimeProvider time)
{
    private static readonly Introspection Inactive = new(Active: false);

    public async Task<Introspection> AboutAsync(Issuer issuer, ApplicationModel application, string token, CancellationToken cancellation)
    {
        if (OpaqueToken.Looks(token)) return await AboutRefreshTokenAsync(issuer, application, token, cancellation);
        if (await tokens.ReadAsync(token, cancellation) is not { } live || live.Issuer.DirectoryId != issuer.DirectoryId) return Inactive;
        if (live.Application.Id != application.Id && !application.Resources.Any(live.IsFor)) return Inactive;
        return new Introspection(Active: true)
        {
            Scope = Scopes.Join(live.Scopes),
            ClientId = live.Application.ClientId,
            TokenType = TokenResponse.TypeFor(live.Key),
            Actor = live.Facts.Delegation is { } delegation ? Actor.Of(delegation) : null,
            Confirmation = live.Key is { } key ? new Confirmation(key) : null,
            ExpiresAt = live.Facts.ExpiresAt.ToUnixTimeSeconds(),
            IssuedAt = live.Facts.IssuedAt.ToUnixTimeSeconds(),
            Subject = live.Facts.Subject,
            Audience = [.. live.Facts.Audiences],
            Issuer = issuer.Url,
            Jti = live.Jti,
            ContextClass = live.Grant?.Acr,
            AuthenticatedAt = live.Grant?.AuthTime.ToUnixTimeSeconds(),
        };
    }

    private async Task<Introspection> AboutRefreshTokenAsync(Issuer issuer, ApplicationModel application, string token, CancellationToken cancellation)
    {
        if (await grants.FindByRefreshTokenAsync(OpaqueToken.Hash(token), cancellation) is not var (held, found)) return Inactive;
        var grant = held.Grant;
        if (held.Holder is null || grant.ApplicationId != application.Id || found.UsedAt is not null || found.ExpiresAt <= time.GetUtcNow()) return Inactive;
        return new Introspection(Active: true)
        {
            Scope = grant.Scopes,
            ClientId = application.ClientId,
            ExpiresAt = found.ExpiresAt.ToUnixTimeSeconds(),
            IssuedAt = found.CreatedAt.ToUnixTimeSeconds(),
            Subject = grant.UserId.ToString(),
            Issuer = issuer.Url,
        };
    }
}

/// <summary>Answer of RFC 7662 section 2.2.</summary>
internal sealed record Introspection([property: JsonPropertyName("active")] bool Active)
{
    [JsonPropertyName("scope")]
    public string? Scope { get; init; }

    [JsonPropertyName("client_id")]
    public string? ClientId { get; init; }

    [JsonPropertyName("token_type")]
    public string? TokenType { get; init; }

    [JsonPropertyName("exp")]
    public long? ExpiresAt { get; init; }

    [JsonPropertyName("iat")]
    public long? IssuedAt { get; init; }

    [JsonPropertyName("sub")]
    public string? Subject { get; init; }

    [JsonPropertyName("aud")]
    public string[]? Audience { get; init; }

    [JsonPropertyName("iss")]
    public string? Issuer { get; init; }

    [JsonPropertyName("jti")]
    public string? Jti { get; init; }

    // RFC 9470 section 6.2: for resources that ask for strength or a recent sign-in.
    [JsonPropertyName("acr")]
    public string? ContextClass { get; init; }

    [JsonPropertyName("auth_time")]
    public long? AuthenticatedAt { get; init; }

    [JsonPropertyName("act")]
    public Actor? Actor { get; init; }

    [JsonPropertyName("cnf")]
    public Confirmation? Confirmation { get; init; }
}

/// <summary>Who acts for the person, and for whom that one acted before (RFC 8693 section 4.1).</summary>
internal sealed record Actor([property: JsonPropertyName("sub")] string Subject, [property: JsonPropertyName("act")] Actor? Before)
{
    public static Actor? Of(Delegation delegation)
    {
        Actor? actor = null;
        foreach (var clientId in delegation.Actors.Reverse()) actor = new Actor(clientId, actor);
        return actor;
    }
}

/// <summary>What a token is bound to (RFC 9449 section 6.2).</summary>
/// <param name="KeyThumbprint">RFC 7638, SHA-256.</param>
internal sealed record Confirmation([property: JsonPropertyName("jkt")] string KeyThumbprint);

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Introspection))]
internal sealed partial class IntrospectionJson : JsonSerializerContext;
