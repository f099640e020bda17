using Custodia.Identity.Applications;

namespace Custodia.Identity.Authorize.Checks;

/// <summary>Sent once and registered (RFC 9700 section 2.1). From here on the application can be answered.</summary>
internal static class CheckRedirectUri
{
    public static ValueTask<AuthorizeAnswer?> Run(AuthorizeContext context, CancellationToken cancellation) => new(Check(context));

    private static AuthorizeAnswer.Page? Check(AuthorizeContext context)
    {
        if (context.Parameters["redirect_uri"] is not { } uri || !RedirectUris.IsRegistered(context.Application, uri))
            return new AuthorizeAnswer.Page("UntrustedRedirect");
        context.RedirectUri = uri;
        return null;
    }
}
