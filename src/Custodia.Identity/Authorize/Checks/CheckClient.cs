using Custodia.Identity.Applications;

namespace Custodia.Identity.Authorize.Checks;

/// <summary>An application of this directory that people sign in to (RFC 6749 section 4.1.2.1: otherwise no redirect).</summary>
internal static class CheckClient
{
    public static async ValueTask<AuthorizeAnswer?> Run(AuthorizeContext context, CancellationToken cancellation)
    {
        var applications = context.Service<ApplicationCache>();
        var application = await applications.FindAsync(context.Issuer.DirectoryId, context.Parameters["client_id"], cancellation);
        if (application is null) return new AuthorizeAnswer.Page("UnknownApplication");
        context.Application = application;
        return null;
    }
}
