using Custodia.Identity.Applications;
using Custodia.Identity.Protocol;
using Custodia.Kernel.Access;
using Microsoft.Extensions.DependencyInjection;

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
        (context.Scopes, var error) = Choose(context.Application, context.Http.RequestServices, context.Parameters["scope"]);
        return error is null ? null : new AuthorizeAnswer.Refused(error);
    }

    /// <summary>What of the scopes asked for the application gets, if the person agrees.</summary>
    public static (IReadOnlyList<string> Granted, ProtocolError? Error) Choose(ApplicationModel application, IServiceProvider services, string? text)
    {
        if (Scopes.Parse(text) is not { } asked) return Refuse("scope is malformed");
        var granted = new List<string>(asked.Length);
        foreach (var scope in asked)
        {
            if (application.Scopes.Contains(scope) || application.Permissions.Contains(scope)) granted.Add(scope);
            else if (MeansSomething(services, scope)) return Refuse("the application may not ask for this scope");
        }

        return granted.Count == 0 ? Refuse("scope is missing") : (granted, null);
    }

    private static (IReadOnlyList<string> Granted, ProtocolError Error) Refuse(string description) => ([], new ProtocolError(Errors.InvalidScope, description));

    private static bool MeansSomething(IServiceProvider services, string scope) =>
        Scopes.Meaningful.Contains(scope, StringComparer.Ordinal)
        || services.GetRequiredService<PermissionCatalogue>().All.Contains(scope);
}
