using System.Text.Json.Serialization;
using Custodia.Identity.Applications;
using Custodia.Identity.Dpop;
using Custodia.Identity.Protocol;
using Custodia.Kernel.Http;
using Microsoft.AspNetCore.Http;

namespace Custodia.Identity.Authorize;

/// <summary><c>POST /d/{directory}/par</c> (RFC 9126): an application hands in an authorization request before it sends the browser.</summary>
internal static class PushedRequestEndpoint
{
    // Who the application is and proved to be belongs to this call, not to the request (section 2.1).
    private static readonly string[] NotStored = ["client_secret", "client_assertion", "client_assertion_type"];

    public static async Task<IResult> HandleAsync(
        string directory, HttpContext http, Issuers issuers, ClientAuthentication clients, DpopProofs proofs, PushedRequests pushed, CancellationToken cancellation)
    {
        // 1. A form, and an application that we know.
        if (await issuers.FindAsync(directory, cancellation) is not { } issuer) return Problem.NotFound("directory");
        if (await ParameterReading.ReadFormAsync(http.Request, cancellation) is not { } parameters)
            return ProtocolAnswers.Error(http, issuer, new ProtocolError(Errors.InvalidRequest, "the body must be application/x-www-form-urlencoded"));
        if (parameters.Fault is { } fault) return ProtocolAnswers.Error(http, issuer, fault);
        var outcome = await clients.RunAsync(http, issuer, parameters, cancellation);
        if (outcome is ClientAuthenticationOutcome.Refused refused) return ProtocolAnswers.Error(http, issuer, refused.Error);
        var application = ((ClientAuthenticationOutcome.Known)outcome).Application;

        // 2. A request that is not itself a reference (section 2.1), for the key that is proved, if one is.
        if (parameters.Has("request_uri")) return ProtocolAnswers.Error(http, issuer, new ProtocolError(Errors.InvalidRequest, "request_uri cannot be pushed"));
        if (Bind(proofs.Check(http, accessToken: null), parameters, application, out var request) is { } unbound) return ProtocolAnswers.Error(http, issuer, unbound);

        // 3. What the authorization endpoint would refuse at once is refused here (section 2.3).
        var context = new AuthorizeContext(http, issuer, request, pending: null) { IsPushed = true };
        if (await AuthorizeChecks.RunAsync(AuthorizeChecks.OfRequest, context, cancellation) is { } refusal) return ProtocolAnswers.Error(http, issuer, ErrorOf(refusal));

        ProtocolAnswers.NoStore(http);
        var stored = new PushedRequest(await pushed.AddAsync(issuer, application, request, cancellation), (int)PushedRequests.Life.TotalSeconds);
        return Results.Json(stored, PushedRequestJson.Default.PushedRequest, statusCode: StatusCodes.Status201Created);
    }

    // A proof here says the same as dpop_jkt (RFC 9449 section 10.1).
    private static ProtocolError? Bind(DpopOutcome proof, Parameters parameters, ApplicationModel application, out Parameters request)
    {
        var values = parameters.Values.Where(p => !NotStored.Contains(p.Key)).ToDictionary(StringComparer.Ordinal);
        values["client_id"] = application.ClientId;
        request = new Parameters(values);
        switch (proof)
        {
            case DpopOutcome.Refused refused:
                return refused.Error;
            case DpopOutcome.Proved proved:
                if (parameters["dpop_jkt"] is { } named && named != proved.Key) return new ProtocolError(Errors.InvalidDpopProof, "dpop_jkt is not the key of the DPoP proof");
                values["dpop_jkt"] = proved.Key;
                return null;
            default:
                return null;
        }
    }

    private static ProtocolError ErrorOf(AuthorizeAnswer refusal) => refusal switch
    {
        AuthorizeAnswer.Refused refused => refused.Error,
        _ => new ProtocolError(Errors.InvalidRequest, "redirect_uri is not registered"),
    };
}

/// <summary>Answer of RFC 9126 section 2.2.</summary>
/// <param name="ExpiresIn">Seconds.</param>
internal sealed record PushedRequest(
    [property: JsonPropertyName("request_uri")] string RequestUri,
    [property: JsonPropertyName("expires_in")] int ExpiresIn);

[JsonSerializable(typeof(PushedRequest))]
internal sealed partial class PushedRequestJson : JsonSerializerContext;
