using Custodia.Identity.Users;

namespace Custodia.Identity.Tokens;

/// <summary>A grant, and who holds it.</summary>
/// <param name="Holder">
/// The person of a grant that still holds: not revoked or expired, the person may sign in and has not changed credentials since, and
/// the session lives unless the grant is for offline access. Null when it is over.
/// </param>
internal sealed record HeldGrant(Grant Grant, User? Holder);
