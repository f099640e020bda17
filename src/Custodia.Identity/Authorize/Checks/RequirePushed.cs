using Custodia.Identity.Protocol;

namespace Custodia.Identity.Authorize.Checks;

/// <summary>Applications that have to push their requests (RFC 9126 section 6) did. One that waits here passed before it was stored.</summary>
internal static class RequirePushed
{
    public static ValueTask<AuthorizeAnswer?> Run(AuthorizeContext context, CancellationToken cancellation) =>
        new(context.Application.PushedRequestsRequired && !context.IsPushed && context.Pending is null
            ? AuthorizeAnswer.Refuse(Errors.InvalidRequest, "the application has to push its requests")
            : null);
}
