using Custodia.Identity.Keys;
using Custodia.Identity.Protocol;

namespace Custodia.Identity.Authorize.Checks;

/// <summary><c>dpop_jkt</c> is a SHA-256 thumbprint (RFC 9449 section 10).</summary>
internal static class CheckDpopKey
{
    public static ValueTask<AuthorizeAnswer?> Run(AuthorizeContext context, CancellationToken cancellation) =>
        new(context.Parameters["dpop_jkt"] is { } key && !JoseText.IsHash(key)
            ? AuthorizeAnswer.Refuse(Errors.InvalidRequest, "dpop_jkt must be 43 base64url characters")
            : null);
}
