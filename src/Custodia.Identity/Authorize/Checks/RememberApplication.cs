using Custodia.Identity.Logout;

namespace Custodia.Identity.Authorize.Checks;

/// <summary>Notes that the application is to hear of the end of this session (OpenID Connect Back-Channel Logout 1.0 section 2.5).</summary>
internal static class RememberApplication
{
    public static async ValueTask<AuthorizeAnswer?> Run(AuthorizeContext context, CancellationToken cancellation)
    {
        if (context.Application.BackchannelLogoutUri is not null)
            await context.Service<LogoutAudience>().RememberAsync(context.Application, context.Session.Session, cancellation);
        return null;
    }
}
