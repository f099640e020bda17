using Custodia.Identity.Agreements;
using Custodia.Identity.Protocol;
using Custodia.Kernel.Http;
using Microsoft.AspNetCore.Http;

namespace Custodia.Identity.Authorize;

/// <summary><c>/d/{directory}/authorize</c> (RFC 6749 section 3.1, OpenID Connect Core section 3.1.2).</summary>
internal static class AuthorizeEndpoint
{
    public static async Task<IResult> GetAsync(string directory, HttpContext http, Issuers issuers, StoredRequests requests, CancellationToken cancellation)
    {
        if (await issuers.FindAsync(directory, cancellation) is not { } issuer) return Problem.NotFound("directory");
        var context = new AuthorizeContext(http, issuer, Parameters.OfQuery(http.Request.QueryString), pending: null);
        var answer = await AuthorizeChecks.RunAsync(AuthorizeChecks.Ordered, context, cancellation);
        return await AnswerAsync(context, requests, answer!, cancellation);
    }

    /// <summary>
    /// A form from another site comes without our session cookie (SameSite), so the request is stored and goes on with a GET.
    /// </summary>
    public static async Task<IResult> PostAsync(string directory, HttpContext http, Issuers issuers, StoredRequests requests, CancellationToken cancellation)
    {
        if (await issuers.FindAsync(directory, cancellation) is not { } issuer) return Problem.NotFound("directory");
        if (await ParameterReading.ReadFormAsync(http.Request, cancellation) is not { } parameters) return ProtocolErrorPage.Show(http, "UnreadableRequest");
        var context = new AuthorizeContext(http, issuer, parameters, pending: null);
        if (await AuthorizeChecks.RunAsync(AuthorizeChecks.OfRequest, context, cancellation) is { } refusal)
            return await AnswerAsync(context, requests, refusal, cancellation);
        return ProtocolAnswers.SeeOther(http, ContinuePath(issuer, await requests.AddAsync(issuer, context.Parameters, cancellation)));
    }

    /// <summary>Goes on with a stored request after the person has signed in or agreed.</summary>
    public static async Task<IResult> ContinueAsync(
        string directory, string? request, HttpContext http, Issuers issuers, StoredRequests requests, CancellationToken cancellation)
    {
        if (await issuers.FindAsync(directory, cancellation) is not { } issuer) return Problem.NotFound("directory");
        if (await requests.FindAsync(issuer, request, cancellation) is not { } pending) return ProtocolErrorPage.Show(http, "RequestGone");
        var context = new AuthorizeContext(http, issuer, pending.Parameters, pending);
        var answer = await AuthorizeChecks.RunAsync(AuthorizeChecks.Ordered, context, cancellation);
        return await AnswerAsync(context, requests, answer!, cancellation);
    }

    /// <summary>Answers a request whose checks have ended.</summary>
    public static async Task<IResult> AnswerAsync(AuthorizeContext context, StoredRequests requests, AuthorizeAnswer answer, CancellationToken cancellation)
    {
        switch (answer)
        {
            case AuthorizeAnswer.SignIn:
                var waiting = ContinuePath(context.Issuer, await WaitAsync(context, requests, cancellation));
                return ProtocolAnswers.SeeOther(context.Http, ProtocolAnswers.With(
                    context.Issuer.Path(context.Prompts.HasFlag(Prompts.Create) ? "sign-up" : "sign-in"), ("return", waiting), ("ui_locales", context.Parameters["ui_locales"])));
            case AuthorizeAnswer.StepUp more:
                var stronger = ContinuePath(context.Issuer, await WaitAsync(context, requests, cancellation));
                return ProtocolAnswers.SeeOther(context.Http, StepUp.StepUpEndpoints.PathOf(context.Issuer.Name, stronger, more.PasskeyOnly));
            case AuthorizeAnswer.Consent:
                var asked = await WaitAsync(context, requests, cancellation);
                return ProtocolAnswers.SeeOther(context.Http, ProtocolAnswers.With(
                    context.Issuer.Path("consent"), ("request", asked), ("ui_locales", context.Parameters["ui_locales"])));
            case AuthorizeAnswer.Agreements:
                return ProtocolAnswers.SeeOther(context.Http, AgreementGate.PageFor(
                    context.Session, ContinuePath(context.Issuer, await WaitAsync(context, requests, cancellation))));
            case AuthorizeAnswer.Page page:
                return ProtocolErrorPage.Show(context.Http, page.Reason);
        }

        if (context.Pending is { } pending) await requests.RemoveAsync(pending.Stored, cancellation);
        return answer switch
        {
            AuthorizeAnswer.Code code => Redirect(context, ("code", code.Text)),
            AuthorizeAnswer.Refused refused => Redirect(context, ("error", refused.Error.Code), ("error_description", refused.Error.Description)),
            _ => throw new InvalidOperationException($"No answer for {answer.GetType().Name}."),
        };
    }

    /// <summary>Where a stored request goes on.</summary>
    public static string ContinuePath(Issuer issuer, string request) => ProtocolAnswers.With(issuer.Path("authorize/continue"), ("request", request));

    private static async ValueTask<string> WaitAsync(AuthorizeContext context, StoredRequests requests, CancellationToken cancellation) =>
        context.Pending?.Id ?? await requests.AddAsync(context.Issuer, context.Parameters, cancellation);

    // state comes back exactly as it came (RFC 6749 section 4.1.2); iss tells who answers (RFC 9207).
    private static IResult Redirect(AuthorizeContext context, params ReadOnlySpan<(string Name, string? Value)> answer) =>
        ProtocolAnswers.SeeOther(
            context.Http,
            ProtocolAnswers.With(context.RedirectUri, [.. answer, ("state", context.Parameters["state"]), ("iss", context.Issuer.Url)]));
}
