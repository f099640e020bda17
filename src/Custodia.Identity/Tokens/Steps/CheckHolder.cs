using Custodia.Identity.Protocol;

namespace Custodia.Identity.Tokens.Steps;

/// <summary>The grant holds and its person may still sign in.</summary>
internal static class CheckHolder
{
    public static ValueTask<TokenAnswer?> Run(TokenContext context, CancellationToken cancellation) =>
        new(context.Held.Holder is null ? TokenAnswer.Refuse(Errors.InvalidGrant, "the grant is over") : null);
}
