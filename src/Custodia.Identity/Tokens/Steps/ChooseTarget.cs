using Custodia.Identity.Protocol;

namespace Custodia.Identity.Tokens.Steps;

/// <summary>
/// Where the new token is for: one of the application's own resources, by <c>resource</c> or <c>audience</c> (RFC 8693 section
/// 2.1); the server's own API only if the subject token was good for it.
/// </summary>
internal static class ChooseTarget
{
    public static ValueTask<TokenAnswer?> Run(TokenContext context, CancellationToken cancellation) => new(Choose(context));

    private static TokenAnswer? Choose(TokenContext context)
    {
        var (resource, audience) = (context.Parameters["resource"], context.Parameters["audience"]);
        if (resource is not null && audience is not null && resource != audience) return TokenAnswer.Refuse(Errors.InvalidTarget, "one target at a time");
        var resources = context.Application.Resources;
        var asked = resource ?? audience ?? (resources.Count == 1 ? resources.Items[0] : null);
        if (asked is null) return TokenAnswer.Refuse(Errors.InvalidTarget, "name the resource");
        var allowed = asked == context.Issuer.ApiAudience ? context.Subject!.IsFor(asked) : resources.Contains(asked);
        if (!allowed) return TokenAnswer.Refuse(Errors.InvalidTarget, "the application may not ask for this resource");
        context.Audience = asked;
        return null;
    }
}
