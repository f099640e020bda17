using Custodia.Identity.Dpop;
using Custodia.Identity.Protocol;

namespace Custodia.Identity.Tokens.Steps;

/// <summary>A proof of the key that the tokens are to be bound to, where the client sends one or has to (RFC 9449 section 5).</summary>
internal static class CheckProof
{
    public static ValueTask<TokenAnswer?> Run(TokenContext context, CancellationToken cancellation) => new(Check(context));

    private static TokenAnswer? Check(TokenContext context)
    {
        switch (context.Service<DpopProofs>().Check(context.Http, accessToken: null))
        {
            case DpopOutcome.Refused refused:
                return new TokenAnswer.Refused(refused.Error);
            case DpopOutcome.Proved proved:
                context.Key = proved.Key;
                return null;
            default:
                return context.Application.DpopRequired
                    ? TokenAnswer.Refuse(Errors.InvalidDpopProof, "the application has to send a DPoP proof")
                    : null;
        }
    }
}
