using Custodia.Console;
using Custodia.Identity.Applications;
using Custodia.Identity.Authorize;
using Custodia.Identity.Authorize.Checks;
using Custodia.Identity.Protocol;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace Custodia.Identity.Consents;

/// <summary><c>/d/{directory}/consent</c>: the person decides on what an application asks for.</summary>
internal static class ConsentEndpoint
{
    public static async Task<IResult> ShowAsync(
        string directory, string? request, HttpContext http, Issuers issuers, StoredRequests requests, CancellationToken cancellation)
    {
        var context = await OpenAsync(directory, request, http, issuers, requests, cancellation);
        if (context is null) return ProtocolErrorPage.Show(http, "RequestGone");
        SecurityHeaders.AllowFormAction(http, new Uri(context.RedirectUri));
        ProtocolAnswers.NoStore(http);
        return View.Show<ConsentPage>(new ConsentModel(
            context.Issuer.Path("consent"),
            context.Pending!.Id,
            context.Application.Name,
            AccessTerms.Of(context.Application, RequireConsent.Asked(context), context.Resource, context.Now),
            AsksAlways: !RedirectUris.ReachesOnly(context.Application, context.RedirectUri)));
    }

    public static async Task<IResult> DecideAsync(
        string directory, [FromForm] IFormCollection posted, HttpContext http, Issuers issuers, StoredRequests requests, ConsentDecisions decisions, CancellationToken cancellation)
    {
        var context = await OpenAsync(directory, posted["request"], http, issuers, requests, cancellation);
        if (context is null) return ProtocolErrorPage.Show(http, "RequestGone");
        if (posted["decision"] != "allow")
        {
            await decisions.RefuseAsync(context, cancellation);
            return await AuthorizeEndpoint.AnswerAsync(context, requests, AuthorizeAnswer.Refuse(Errors.AccessDenied, "the person refused"), cancellation);
        }

        await decisions.AllowAsync(context, cancellation);
        return ProtocolAnswers.SeeOther(http, AuthorizeEndpoint.ContinuePath(context.Issuer, context.Pending!.Id));
    }

    // The stored request, checked anew: the application may have changed since. With the session of who decides.
    private static async Task<AuthorizeContext?> OpenAsync(
        string directory, string? request, HttpContext http, Issuers issuers, StoredRequests requests, CancellationToken cancellation)
    {
        if (await issuers.FindAsync(directory, cancellation) is not { } issuer) return null;
        if (await requests.FindAsync(issuer, request, cancellation) is not { } pending) return null;
        var context = new AuthorizeContext(http, issuer, pending.Parameters, pending);
        if (await AuthorizeChecks.RunAsync(AuthorizeChecks.OfRequest, context, cancellation) is not null) return null;
        return await RequireSession.Run(context, cancellation) is null ? context : null;
    }
}

/// <param name="AsksAlways">Whether the person is asked each time, whatever they agreed to before.</param>
internal sealed record ConsentModel(string Action, string Request, string Application, AccessTerms Terms, bool AsksAlways);

/// <summary>Carries out what a person decided, with a line in their operation log.</summary>
internal sealed class ConsentDecisions(ConsentStore consents, StoredRequests requests, ProtocolLog log)
{
    public async Task AllowAsync(AuthorizeContext context, CancellationToken cancellation)
    {
        var person = context.Session.User.Id;
        await consents.GiveAsync(context.Issuer.Account, person, context.Application.Id, RequireConsent.Asked(context), cancellation);
        await requests.ConsentAsync(context.Pending!.Stored, person, cancellation);
        await log.AddAsync(context.Http, context.Issuer.Account, person, ProtocolResult.ConsentGiven, cancellation);
    }

    public ValueTask RefuseAsync(AuthorizeContext context, CancellationToken cancellation) =>
        log.AddAsync(context.Http, context.Issuer.Account, context.Session.User.Id, ProtocolResult.ConsentRefused, cancellation);
}
