using Custodia.Identity.Protocol;

namespace Custodia.Identity.Tokens.Steps;

/// <summary>The grant holds and its person may still sign in.</summary>
internal static class CheckHolder
{
    public static async ValueTask<TokenAnswer?> Run(TokenContext context, CancellationToken cancellation)
    {
        if (await context.Grants.HolderAsync(context.Grant, cancellation) is not { } holder)
            return TokenAnswer.Refuse(Errors.InvalidGrant, "the grant is over");
        context.Holder = holder;
        return null;
    }
}
