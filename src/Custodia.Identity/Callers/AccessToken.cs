using Custodia.Identity.Protocol;
using Microsoft.AspNetCore.Http;

namespace Custodia.Identity.Callers;

/// <summary>Answers what an access token is worth now; a revoked, expired or foreign one is worth nothing.</summary>
internal interface IAccessTokens
{
    /// <param name="presented">As it came in <c>Authorization</c> or <c>X-Auth-Token</c>; any text.</param>
    /// <returns>Null when it is not valid at this moment, or is bound to a key that the request does not prove.</returns>
    ValueTask<AccessToken?> ValidateAsync(HttpContext http, PresentedToken presented, CancellationToken cancellation);
}

/// <summary>A valid token.</summary>
/// <param name="Jti">Its reference in logs.</param>
/// <param name="Account">The account's <c>uin</c>.</param>
/// <param name="ClientId">The application it was given to.</param>
/// <param name="UserId">The person it acts for; null for client credentials.</param>
/// <param name="MadeBy">For client credentials: <c>uin</c> of the sub-account who made the application, or 0.</param>
/// <param name="Permissions">For client credentials: what the application may do. A person's come from their roles, within these when not empty.</param>
internal sealed record AccessToken(
    string Jti,
    long Account,
    Guid DirectoryId,
    string ClientId,
    Guid? UserId,
    long MadeBy,
    IReadOnlyList<string> Permissions);
