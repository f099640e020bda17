namespace Custodia.Identity.Authorize.Checks;

/// <summary>
/// A request that this application pushed before takes the place of what the browser brought (RFC 9126 section 4), once. Other
/// <c>request_uri</c> values go on and are refused later.
/// </summary>
internal static class UsePushedRequest
{
    public static async ValueTask<AuthorizeAnswer?> Run(AuthorizeContext context, CancellationToken cancellation)
    {
        if (PushedRequests.IdIn(context.Parameters["request_uri"]) is not { } id) return null;
        if (await context.Service<PushedRequests>().TakeAsync(context.Issuer, context.Application, id, cancellation) is not { } pushed)
            return new AuthorizeAnswer.Page("RequestGone");
        context.Parameters = pushed;
        context.IsPushed = true;
        return null;
    }
}
