using System.Globalization;
using System.Runtime.CompilerServices;
using Custodia.Identity.Applications;
using Custodia.Identity.PersonData;
using Custodia.Identity.Sessions;
using Custodia.Identity.Users;
using Custodia.Kernel.Deletion;
using Custodia.Kernel.Retention;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Identity.Logout;

/// <summary>Which applications hear of the end of a session: those that have an address for it when they sign somebody in.</summary>
internal sealed class LogoutAudience(IdentityContext context, TimeProvider time)
{
    public async Task RememberAsync(ApplicationModel application, Session session, CancellationToken cancellation)
    {
        if (application.BackchannelLogoutUri is null) return;
        if (await context.SessionApplications.AnyAsync(s => s.SessionId == session.Id && s.ApplicationId == application.Id, cancellation)) return;
        var use = new SessionApplication
        {
            SessionId = session.Id,
            ApplicationId = application.Id,
            Account = session.Account,
            UserId = session.UserId,
            CreatedAt = time.GetUtcNow(),
        };
        context.SessionApplications.Add(use);
        try
        {
            await context.SaveChangesAsync(cancellation);
        }
        catch (DbUpdateException exception) when (UniqueConflict.Caused(exception))
        {
            // The same application, at the same time, in another tab.
            context.Entry(use).State = EntityState.Detached;
        }
    }
}

/// <summary>The notes of sessions that ran out without anybody ending them.</summary>
internal sealed class LogoutAudienceAge(IdentityContext database) : RowRule<IdentityContext, SessionApplication>(SessionApplication.Category, "age", database)
{
    protected override IQueryable<SessionApplication> Due(RetentionMoment moment)
    {
        var limit = moment.Limit;
        return Context.SessionApplications.Where(s => s.CreatedAt < limit).OrderBy(s => s.CreatedAt);
    }

    protected override IQueryable<DateTimeOffset?> Held() => Context.SessionApplications.Select(s => (DateTimeOffset?)s.CreatedAt);
}

/// <summary>A person's sign-ins to applications that are told when a session ends.</summary>
internal sealed class LogoutAudienceData(IdentityContext context, SessionEnds ends) : IPersonData
{
    public async IAsyncEnumerable<ExportedItem> ExportAsync(Subject subject, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var uses = context.SessionApplications.AsNoTracking().Where(s => s.UserId == subject.Person && s.Account == subject.Account);
        await foreach (var use in uses.AsAsyncEnumerable().WithCancellation(cancellation))
        {
            yield return new ExportedItem(SessionApplication.Category, $"{use.SessionId:N}-{use.ApplicationId:N}",
            [
                new("session-id", use.SessionId.ToString("N")),
                new("application-id", use.ApplicationId.ToString("N")),
                new("created-at", use.CreatedAt.ToString("O", CultureInfo.InvariantCulture)),
            ]);
        }
    }

    /// <summary>What is left here are sessions that nobody has ended: the applications are told, since the person is gone.</summary>
    public async Task<IReadOnlyList<ErasedCategory>> EraseAsync(Subject subject, CancellationToken cancellation)
    {
        var uses = await context.InTransactionAsync(
            async token =>
            {
                var known = await context.SessionApplications.AsNoTracking()
                    .Where(s => s.UserId == subject.Person && s.Account == subject.Account).ToListAsync(token);
                await ends.AnnounceAsync(known, token);
                return known.Count;
            },
            cancellation);
        return [new ErasedCategory(SessionApplication.Category, uses, uses, Kept: 0, Reason: null)];
    }
}
