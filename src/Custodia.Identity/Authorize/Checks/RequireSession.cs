using Custodia.Identity.Protocol;
using Custodia.Identity.Sessions;

namespace Custodia.Identity.Authorize.Checks;

/// <summary>Somebody is signed in (OpenID Connect Core section 3.1.2.3).</summary>
internal static class RequireSession
{
    public static async ValueTask<AuthorizeAnswer?> Run(AuthorizeContext context, CancellationToken cancellation)
    {
        if (await context.Service<LiveSessions>().FindAsync(context.Http, context.Issuer.Name, cancellation) is { } session)
        {
            context.Session = session;
            return null;
        }

        return context.Prompts.HasFlag(Prompts.None)
            ? AuthorizeAnswer.Refuse(Errors.LoginRequired, "nobody is signed in")
            : new AuthorizeAnswer.SignIn();
    }
}
