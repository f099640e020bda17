using Custodia.Identity.Protocol;

namespace Custodia.Identity.Tokens.Steps;

/// <summary>No other audience than the one that was granted (RFC 8707 section 2.2).</summary>
internal static class CheckResource
{
    public static ValueTask<TokenAnswer?> Run(TokenContext context, CancellationToken cancellation) =>
        new(context.Parameters["resource"] is { } resource && resource != context.Grant.Resource
            ? TokenAnswer.Refuse(Errors.InvalidTarget, "the resource was not granted")
            : null);
}
