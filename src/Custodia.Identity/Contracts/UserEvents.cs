using Custodia.Kernel.Messaging;
using Custodia.Kernel.Policy;

namespace Custodia.Identity.Contracts;

/// <summary>A person has joined a directory. Published once, in the transaction that created the user.</summary>
/// <param name="UserId">The person id.</param>
/// <param name="Directory">Name of the directory, e.g. <c>customers</c>.</param>
/// <param name="UserName">As entered; null where the person has none.</param>
/// <param name="Locale">BCP 47 tag.</param>
[Event("identity.user.registered", 1)]
[Category("identity.user-profile")]
public sealed record UserRegistered(
    [property: Field("id")] Guid UserId,
    string Directory,
    string? UserName,
    string? DisplayName,
    string? Email,
    bool EmailVerified,
    string? Mobile,
    string? Locale);

/// <summary>A person's profile as it is after a change.</summary>
[Event("identity.user.profile-changed", 1)]
[Category("identity.user-profile")]
public sealed record UserProfileChanged(
    [property: Field("id")] Guid UserId,
    string Directory,
    string? UserName,
    string? DisplayName,
    string? Email,
    bool EmailVerified,
    string? Mobile,
    string? Locale);

/// <summary>A user is gone. Published in the transaction that deleted the row; carries nothing about the person.</summary>
[Event("identity.user.deleted", 1)]
[Category("identity.user-profile")]
public sealed record UserDeleted([property: Field("id")] Guid UserId, string Directory);

/// <summary>A session has ended with which an application had signed somebody in; one event for each application that is to be told.</summary>
/// <param name="SessionId">The OpenID Connect <c>sid</c>, without dashes there.</param>
/// <param name="UserId">The person id.</param>
[Event("identity.session.ended", 1)]
[Category("identity.session-application")]
public sealed record SessionEnded(Guid SessionId, Guid ApplicationId, Guid UserId);

/// <summary>A user was locked, unlocked, or frozen because their deletion has begun. Published in the transaction of the change.</summary>
/// <param name="Status"><c>NORMAL</c>, <c>LOCKED</c> or <c>FROZEN</c>.</param>
[Event("identity.user.status-changed", 1)]
[Category("identity.user-profile")]
public sealed record UserStatusChanged([property: Field("id")] Guid UserId, string Directory, string Status);

/// <summary>A person has signed in. Published in the transaction that made the session, where somebody waits for it.</summary>
/// <param name="SessionId">The OpenID Connect <c>sid</c>, without dashes there.</param>
/// <param name="Amr">RFC 8176 methods separated by blanks.</param>
[Event("identity.user.signed-in", 1)]
[Category("identity.session")]
public sealed record UserSignedIn(Guid UserId, string Directory, [property: Field("id")] Guid SessionId, string Amr);

/// <summary>A session was ended, by the person, by staff or by the server; not when it ran out. Published in the transaction that ended it, where somebody waits for it.</summary>
/// <param name="SessionId">The OpenID Connect <c>sid</c>, without dashes there.</param>
[Event("identity.user.signed-out", 1)]
[Category("identity.session")]
public sealed record UserSignedOut(Guid UserId, string Directory, [property: Field("id")] Guid SessionId);
