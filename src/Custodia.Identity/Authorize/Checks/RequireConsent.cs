using Custodia.Identity.Applications;
using Custodia.Identity.Consents;
using Custodia.Identity.Protocol;

namespace Custodia.Identity.Authorize.Checks;

/// <summary>
/// What the person has agreed to covers what is asked (OpenID Connect Core section 3.1.2.4), for applications that need it;
/// <c>prompt=consent</c> asks again. Where any program may pose as the application, what was agreed to before counts for nothing
/// (RFC 8252 section 8.6). Offline access of other applications rests on the account's own decision (section 11).
/// </summary>
internal static class RequireConsent
{
    public static async ValueTask<AuthorizeAnswer?> Run(AuthorizeContext context, CancellationToken cancellation)
    {
        if (context.Pending?.Stored.ConsentBy == context.Session.User.Id) return null;
        if (context.Prompts.HasFlag(Prompts.Consent)) return new AuthorizeAnswer.Consent();
        if (RedirectUris.ReachesOnly(context.Application, context.RedirectUri) && await HasAgreedAsync(context, cancellation)) return null;
        return context.Prompts.HasFlag(Prompts.None)
            ? AuthorizeAnswer.Refuse(Errors.ConsentRequired, "the person has to agree")
            : new AuthorizeAnswer.Consent();
    }

    private static async ValueTask<bool> HasAgreedAsync(AuthorizeContext context, CancellationToken cancellation) =>
        !context.Application.ConsentRequired
        || await context.Service<ConsentStore>().CoversAsync(context.Session.User.Id, context.Application.Id, Asked(context), cancellation);

    /// <summary>The scopes that the request amounts to: claims asked for one by one count as the scope that covers them.</summary>
    public static IReadOnlyList<string> Asked(AuthorizeContext context) =>
    [
        .. context.Scopes
            .Concat(context.Claims.IdToken.Concat(context.Claims.Userinfo).Select(Userinfo.ClaimNames.ScopeOf))
            .Distinct(StringComparer.Ordinal),
    ];
}
