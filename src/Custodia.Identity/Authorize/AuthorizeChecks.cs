using Custodia.Identity.Agreements;
using Custodia.Identity.Authorize.Checks;

namespace Custodia.Identity.Authorize;

/// <summary>
/// The authorization endpoint: what is checked, in this order. Until the redirect URI is trusted a refusal is a page; after
/// it, an answer to the application.
/// </summary>
internal static class AuthorizeChecks
{
    /// <summary>What the request alone decides.</summary>
    public static readonly IReadOnlyList<AuthorizeCheck> OfRequest =
    [
        // Whom may we answer?
        CheckClient.Run,
        UsePushedRequest.Run,
        CheckRedirectUri.Run,

        // What is asked for?
        CheckParameters.Run,
        RequirePushed.Run,
        RejectUnsupported.Run,
        CheckResponseType.Run,
        CheckResponseMode.Run,
        CheckPkce.Run,
        CheckDpopKey.Run,
        CheckScope.Run,
        CheckResource.Run,
        CheckPrompt.Run,
        CheckMaxAge.Run,
        CheckClaims.Run,
        CheckIdTokenHint.Run,
    ];

    public static readonly IReadOnlyList<AuthorizeCheck> Ordered =
    [
        .. OfRequest,

        // Who is there?
        RequireSession.Run,
        RequireFreshSignIn.Run,
        RequireExpectedPerson.Run,
        RequireContextClass.Run,

        // Did they agree?
        AgreementGate.RunAsync,
        RequireConsent.Run,
        RememberApplication.Run,
        IssueCode.Run,
    ];

    /// <summary>The answer of the first check that has one; null when all let the request pass.</summary>
    public static async ValueTask<AuthorizeAnswer?> RunAsync(IReadOnlyList<AuthorizeCheck> checks, AuthorizeContext context, CancellationToken cancellation)
    {
        foreach (var check in checks)
        {
            if (await check(context, cancellation) is { } answer) return answer;
        }

        return null;
    }
}
