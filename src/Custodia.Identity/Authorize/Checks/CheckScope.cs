using Custodia.Identity.Protocol;
using Custodia.Kernel.Access;

namespace Custodia.Identity.Authorize.Checks;

/// <summary>
/// Scopes the application may ask for (RFC 6749 section 3.3); those that mean nothing here are ignored (OpenID Connect Core
/// section 3.1.2.1). Permissions of the server's API count as scopes, for people whose roles have them.
/// </summary>
internal static class CheckScope
{
    public static ValueTask<AuthorizeAnswer?> Run(AuthorizeContext context, CancellationToken cancellation) => new(Check(context));

    private static AuthorizeAnswer? Check(AuthorizeContext context)
    {
        if (Scopes.Parse(context.Parameters["scope"]) is not { } asked) return AuthorizeAnswer.Refuse(Errors.InvalidScope, "scope is malformed");
        var application = context.Application;
        var granted = new List<string>(asked.Length);
        foreach (var scope in asked)
        {
            if (application.Scopes.Contains(scope) || application.Permissions.Contains(scope)) granted.Add(scope);
            else if (MeansSomething(context, scope)) return AuthorizeAnswer.Refuse(Errors.InvalidScope, "the application may not ask for this scope");
        }

        if (granted.Count == 0) return AuthorizeAnswer.Refuse(Errors.InvalidScope, "scope is missing");
        context.Scopes = granted;
        return null;
    }

    private static bool MeansSomething(AuthorizeContext context, string scope) =>
        Scopes.Standard.Contains(scope, StringComparer.Ordinal)
        || context.Service<PermissionCatalogue>().All.Contains(scope);
}
