using Custodia.Identity.Protocol;

namespace Custodia.Identity.Authorize.Checks;

/// <summary>The answer goes into the query (OAuth 2.0 Multiple Response Type Encoding Practices section 2.1).</summary>
internal static class CheckResponseMode
{
    public const string Query = "query";

    public static ValueTask<AuthorizeAnswer?> Run(AuthorizeContext context, CancellationToken cancellation) =>
        new(context.Parameters["response_mode"] is null or Query
            ? null
            : AuthorizeAnswer.Refuse(Errors.InvalidRequest, "the response mode is not supported"));
}
