using Custodia.Identity.Applications;
using Custodia.Identity.Protocol;

namespace Custodia.Identity.Authorize.Checks;

/// <summary>
/// At most one audience, of those the application may use (RFC 8707 section 2). Permissions of the server's own API go to no
/// other audience, so a scope never means something else than it says (RFC 9068 section 3).
/// </summary>
internal static class CheckResource
{
    public static ValueTask<AuthorizeAnswer?> Run(AuthorizeContext context, CancellationToken cancellation) => new(Check(context));

    private static AuthorizeAnswer? Check(AuthorizeContext context)
    {
        if (context.Parameters["resource"] is not { } resource) return null;
        if (!Allows(context.Issuer, context.Application, context.Scopes, resource))
            return AuthorizeAnswer.Refuse(Errors.InvalidTarget, "the application may not ask for this resource");
        context.Resource = resource;
        return null;
    }

    public static bool Allows(Issuer issuer, ApplicationModel application, IReadOnlyList<string> scopes, string resource) =>
        application.Permissions.Overlaps(scopes) ? resource == issuer.ApiAudience : application.Resources.Contains(resource);
}
