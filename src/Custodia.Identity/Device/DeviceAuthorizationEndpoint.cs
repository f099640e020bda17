using System.Text.Json.Serialization;
using Custodia.Identity.Authorize.Checks;
using Custodia.Identity.Protocol;
using Custodia.Kernel.Http;
using Microsoft.AspNetCore.Http;

namespace Custodia.Identity.Device;

/// <summary><c>POST /d/{directory}/device_authorization</c> (RFC 8628 section 3.1): a device asks for its two codes.</summary>
internal static class DeviceAuthorizationEndpoint
{
    public static async Task<IResult> HandleAsync(
        string directory, HttpContext http, Issuers issuers, ClientAuthentication clients, DeviceRequests requests, CancellationToken cancellation)
    {
        if (await issuers.FindAsync(directory, cancellation) is not { } issuer) return Problem.NotFound("directory");
        if (await ParameterReading.ReadFormAsync(http.Request, cancellation) is not { } parameters)
            return Refuse(http, issuer, Errors.InvalidRequest, "the body must be application/x-www-form-urlencoded");
        if (parameters.Fault is { } fault) return ProtocolAnswers.Error(http, issuer, fault);
        var outcome = await clients.RunAsync(http, issuer, parameters, cancellation);
        if (outcome is ClientAuthenticationOutcome.Refused refused) return ProtocolAnswers.Error(http, issuer, refused.Error);
        var application = ((ClientAuthenticationOutcome.Known)outcome).Application;
        if (!application.DeviceGrant) return Refuse(http, issuer, Errors.UnauthorizedClient, "the application may not use this grant type");
        var (scopes, error) = CheckScope.Choose(application, http.RequestServices, parameters["scope"]);
        if (error is not null) return ProtocolAnswers.Error(http, issuer, error);
        var resource = parameters["resource"];
        if (resource is not null && !CheckResource.Allows(issuer, application, scopes, resource))
            return Refuse(http, issuer, Errors.InvalidTarget, "the application may not ask for this resource");
        return Answer(http, issuer, await requests.AddAsync(issuer, application, scopes, resource, cancellation));
    }

    private static IResult Answer(HttpContext http, Issuer issuer, NewDeviceRequest made)
    {
        ProtocolAnswers.NoStore(http);
        var page = issuer.Address("device");
        var code = UserCode.Shown(made.UserCode);
        return Results.Json(
            new DeviceAuthorization(
                made.DeviceCode,
                code,
                page,
                ProtocolAnswers.With(page, ("user_code", code)),
                (int)DeviceRequest.Life.TotalSeconds,
                DeviceRequests.FirstInterval),
            DeviceJson.Default.DeviceAuthorization);
    }

    private static IResult Refuse(HttpContext http, Issuer issuer, string code, string description) =>
        ProtocolAnswers.Error(http, issuer, new ProtocolError(code, description));
}

/// <summary>Section 3.2.</summary>
/// <param name="ExpiresIn">Seconds.</param>
/// <param name="Interval">Least seconds between two questions at the token endpoint.</param>
internal sealed record DeviceAuthorization(
    [property: JsonPropertyName("device_code")] string DeviceCode,
    [property: JsonPropertyName("user_code")] string UserCode,
    [property: JsonPropertyName("verification_uri")] string VerificationUri,
    [property: JsonPropertyName("verification_uri_complete")] string VerificationUriComplete,
    [property: JsonPropertyName("expires_in")] int ExpiresIn,
    [property: JsonPropertyName("interval")] int Interval)
{
    /// <summary>Never the codes.</summary>
    public override string ToString() => "(device authorization)";
}

[JsonSerializable(typeof(DeviceAuthorization))]
internal sealed partial class DeviceJson : JsonSerializerContext;
