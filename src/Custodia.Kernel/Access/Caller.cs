using System.Collections.Frozen;

namespace Custodia.Kernel.Access;

public enum CallerKind
{
    /// <summary>A member of staff of an account.</summary>
    SubAccount,

    /// <summary>An m2m application with an API token.</summary>
    Application,

    /// <summary>A person in a customer directory.</summary>
    User,

    /// <summary>The server itself: jobs, schedulers.</summary>
    System,
}

public enum RequestSource
{
    Console,
    Api,
    Cli,
}

/// <summary>Who asks. Made by Identity from a session or token, read everywhere else.</summary>
/// <param name="Account">The account's <c>uin</c>.</param>
/// <param name="AppId">The account's <c>appId</c>.</param>
/// <param name="Person">The sub-account's or user's person id; null for applications and the system.</param>
/// <param name="SubAccountUin">The sub-account's own <c>uin</c>; for an application, that of the sub-account who made it or 0.</param>
/// <param name="Name">What logs that have a user name show; an application's client id for applications.</param>
/// <param name="Directory">Name of the directory that the person or application belongs to.</param>
/// <param name="TokenReference">Token <c>jti</c> or a short reference of the session; never the token itself.</param>
public sealed record Caller(
    CallerKind Kind,
    long Account,
    long AppId,
    Guid? Person,
    long SubAccountUin,
    string Name,
    string Directory,
    RequestSource Source,
    string TokenReference)
{
    public IReadOnlyList<string> Roles { get; init; } = [];

    public FrozenSet<string> Permissions { get; init; } = FrozenSet<string>.Empty;

    public bool Can(string permission) => Permissions.Contains(permission);

    /// <summary>The server's own work on behalf of an account.</summary>
    public static Caller System(long account) =>
        new(CallerKind.System, account, 0, null, 0, "system", "", RequestSource.Api, "system");
}

/// <summary>Roles of sub-accounts.</summary>
public static class Role
{
    public const string Owner = "owner";
    public const string Administrator = "administrator";
    public const string Developer = "developer";
    public const string SupportAgent = "support-agent";
    public const string SupportLead = "support-lead";
    public const string Auditor = "auditor";
    public const string PrivacyOfficer = "privacy-officer";

    public static IReadOnlyList<string> All { get; } = [Owner, Administrator, Developer, SupportAgent, SupportLead, Auditor, PrivacyOfficer];
}

/// <summary>Something a caller may do, e.g. <c>identity.users.read</c>, and the roles that may.</summary>
public sealed record Permission(string Id, params IReadOnlyList<string> Roles);
