using Custodia.Identity.Directories;
using Custodia.Identity.Users;
using Custodia.Kernel.Storage.Statements;
using Microsoft.AspNetCore.Http;

namespace Custodia.Identity.Sessions;

/// <summary>Whose session a request carries. Every page and every authorization asks this, and asks the database: what is ended there is over with the next request.</summary>
internal sealed class LiveSessions(IStatements<IdentityContext> statements, TimeProvider time)
{
    private static readonly Query<LiveSession> Live = new(
        tables => $"""
            SELECT {tables.Columns<Session>("s")}, {tables.Columns<User>("u")}, {tables.Columns<Directory>("d")}
            FROM {tables.Of<Session>()} s
            JOIN {tables.Of<User>()} u ON u.id = s.user_id
            JOIN {tables.Of<Directory>()} d ON d.id = s.directory_id
            WHERE s.secret_hash = @p0 AND s.ended_at IS NULL AND s.expires_at > @p1 AND d.name = @p2
                AND u.status = '{nameof(UserStatus.Normal)}' AND u.security_stamp = s.security_stamp
            """,
        row => new LiveSession(row.Entity<Session>(), row.Entity<User>(), row.Entity<Directory>()));

    private static readonly Statement Touch = new(tables => $"UPDATE {tables.Of<Session>()} SET last_seen_at = @p1 WHERE id = @p0");

    /// <summary>The valid session of a directory that the request carries; null when there is none.</summary>
    public async ValueTask<LiveSession?> FindAsync(HttpContext http, string directory, CancellationToken cancellation)
    {
        if (SessionCookie.HashFor(http, directory) is not { } hash) return null;
        var now = time.GetUtcNow();
        var found = await statements.FirstAsync(Live, cancellation, hash, now, directory);
        if (found is null || found.Session.LastSeenAt + SessionLifetime.Idle(found.Directory.Kind) <= now) return null;
        if (found.Session.LastSeenAt + SessionLifetime.Touch <= now)
            await statements.WriteAsync(writer => writer.ExecuteAsync(Touch, found.Session.Id, now), cancellation);
        return found;
    }
}
