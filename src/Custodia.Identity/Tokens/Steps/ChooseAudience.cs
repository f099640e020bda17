using Custodia.Identity.Protocol;

namespace Custodia.Identity.Tokens.Steps;

/// <summary>
/// Whom the token is for (RFC 8707): the resource asked for; else the server's own API for an application with permissions;
/// else the application's only resource.
/// </summary>
internal static class ChooseAudience
{
    public static ValueTask<TokenAnswer?> Run(TokenContext context, CancellationToken cancellation) => new(Choose(context));

    private static TokenAnswer? Choose(TokenContext context)
    {
        var application = context.Application;
        var api = context.Issuer.ApiAudience;
        if (context.Parameters["resource"] is { } asked)
        {
            if (!application.Resources.Contains(asked) && (asked != api || application.Permissions.Count == 0))
                return TokenAnswer.Refuse(Errors.InvalidTarget, "the application may not ask for this resource");
            context.Audience = asked;
            return null;
        }

        if (application.Permissions.Count > 0) context.Audience = api;
        else if (application.Resources.Count == 1) context.Audience = application.Resources.Items[0];
        else return TokenAnswer.Refuse(Errors.InvalidTarget, "name the resource");
        return null;
    }
}
