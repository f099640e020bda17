using Custodia.Identity.Protocol;
using Microsoft.AspNetCore.Http;

namespace Custodia.Identity.Dpop;

/// <summary>Whether whoever presents an access token is the one it was given to (RFC 9449 section 7).</summary>
internal static class SenderConstraint
{
    /// <summary>
    /// A bound token counts with a proof of its key and with the scheme <c>DPoP</c> only; one that is not bound only as a bearer
    /// token (section 7.1).
    /// </summary>
    /// <param name="key">What the token is bound to (<c>cnf.jkt</c>); null when it is not.</param>
    /// <returns>Null when the token may be used.</returns>
    public static ProtocolError? Check(DpopProofs proofs, HttpContext http, PresentedToken presented, string? key)
    {
        if (!presented.IsDpop) return key is null ? null : new ProtocolError(Errors.InvalidToken, "the access token is bound to a key and is sent with the scheme DPoP");
        if (key is null) return new ProtocolError(Errors.InvalidToken, "the access token is not bound to a key");
        return proofs.Check(http, presented.Text) switch
        {
            DpopOutcome.Proved proved when proved.Key == key => null,
            DpopOutcome.Proved => new ProtocolError(Errors.InvalidToken, "the access token is bound to another key"),
            DpopOutcome.Refused refused => refused.Error,
            _ => new ProtocolError(Errors.InvalidDpopProof, "the DPoP proof is missing"),
        };
    }
}
