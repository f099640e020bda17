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
        var wantsApi = context.Application.Permissions.Overlaps(context.Scopes);
        var allowed = wantsApi ? resource == context.Issuer.ApiAudience : context.Application.Resources.Contains(resource);
        if (!allowed) return AuthorizeAnswer.Refuse(Errors.InvalidTarget, "the application may not ask for this resource");
        context.Resource = resource;
        return null;
    }
}
