using Custodia.Identity.Directories;
using Custodia.Identity.Users;

namespace Custodia.Identity.Sessions;

/// <summary>A session that is valid now, with its person and directory.</summary>
internal sealed record LiveSession(Session Session, User User, Directory Directory)
{
    /// <summary>Short reference for logs; does not open the session.</summary>
    public string Reference => Session.Id.ToString("N")[^12..];
}

/// <summary>How long sessions last: to the absolute end, and without a request.</summary>
internal static class SessionLifetime
{
    /// <summary>How often a session's last use is written at most.</summary>
    public static readonly TimeSpan Touch = TimeSpan.FromMinutes(5);

    public static TimeSpan Absolute(DirectoryKind kind) => kind == DirectoryKind.Staff ? TimeSpan.FromHours(12) : TimeSpan.FromDays(30);

    public static TimeSpan Idle(DirectoryKind kind) => kind == DirectoryKind.Staff ? TimeSpan.FromHours(2) : TimeSpan.FromDays(14);
}
