using Custodia.Identity.Factors;
using Custodia.Identity.Protocol;
using Custodia.Identity.Rules;
using Custodia.Identity.Sessions;

namespace Custodia.Identity.Authorize.Checks;

/// <summary>
/// The sign-in is as strong as the application (its settings), an essential <c>acr</c> claim (OpenID Connect Core section 5.5.1.1) or
/// <c>acr_values</c> (section 3.1.2.1) ask. Who can prove more is asked to; an essential class that cannot be reached is a failed
/// attempt, <c>acr_values</c> are only a wish.
/// </summary>
internal static class RequireContextClass
{
    public static async ValueTask<AuthorizeAnswer?> Run(AuthorizeContext context, CancellationToken cancellation)
    {
        var session = context.Session.Session;
        var reached = Authentication.ClassesReached(session.Amr, session.Acr);
        var wished = Scopes.Split(context.Parameters["acr_values"] ?? "");
        if (!reached.Contains(ContextClasses.Multiple) && await context.Service<SignInRuleStore>().DemandsSecondFactorAsync(context.Application.Id, cancellation))
            return await ProveMoreAsync(context, [ContextClasses.Multiple], essential: true, cancellation);
        if (context.Claims.Acr.Count > 0 && !context.Claims.Acr.Any(reached.Contains))
            return await ProveMoreAsync(context, context.Claims.Acr, essential: true, cancellation);
        if (wished.Any() && !wished.Any(reached.Contains) && await ProveMoreAsync(context, [.. wished], essential: false, cancellation) is { } answer)
            return answer;

        // Of the classes that the session reaches, the one that was asked for: the application compares it with what it asked.
        context.ContextClass = context.Claims.Acr.Concat(wished).FirstOrDefault(reached.Contains) ?? session.Acr;
        return null;
    }

    private static async Task<AuthorizeAnswer?> ProveMoreAsync(AuthorizeContext context, IReadOnlyList<string> wanted, bool essential, CancellationToken cancellation)
    {
        var has = await context.Service<SecondFactors>().OfAsync(context.Session.User.Id, cancellation);
        // Who has no second factor sets one up, where it is demanded.
        var byFactor = wanted.Contains(ContextClasses.Multiple) && (has.Any || essential);
        var byPasskey = wanted.Contains(ContextClasses.Passkey) && has.Passkeys > 0;
        if (!byFactor && !byPasskey && !ByAnotherSignIn(context, wanted))
            return essential ? AuthorizeAnswer.Refuse(Errors.UnmetAuthenticationRequirements, "the sign-in is not of the demanded class") : null;
        if (context.Prompts.HasFlag(Prompts.None))
            return essential ? AuthorizeAnswer.Refuse(Errors.LoginRequired, "the person has to prove more") : null;
        return byFactor || byPasskey ? new AuthorizeAnswer.StepUp(PasskeyOnly: !byFactor) : new AuthorizeAnswer.SignIn();
    }

    // Signing in another way, once for this request.
    private static bool ByAnotherSignIn(AuthorizeContext context, IReadOnlyList<string> wanted)
    {
        if (context.Pending is { } pending && context.Session.Session.AuthTime >= pending.Stored.CreatedAt) return false;
        var user = context.Session.User;
        return (wanted.Contains(ContextClasses.Password) && user.Credentials is not null)
            || (wanted.Contains(ContextClasses.MailedCode) && user.Email is not null);
    }
}
