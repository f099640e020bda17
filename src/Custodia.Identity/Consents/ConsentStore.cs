using Custodia.Identity.Tokens;
using Custodia.Identity.Users;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Identity.Consents;

/// <summary>What people have agreed to.</summary>
internal sealed class ConsentStore(IdentityContext context, Grants grants, TimeProvider time)
{
    private const int MaxListed = 200;

    // An application may hold several of one person, one a device.
    private const int MaxGrants = 1000;

    public async Task<bool> CoversAsync(Guid user, Guid application, IReadOnlyList<string> scopes, CancellationToken cancellation)
    {
        var given = await context.Consents.AsNoTracking()
            .Where(c => c.UserId == user && c.ApplicationId == application)
            .Select(c => c.Scopes)
            .SingleOrDefaultAsync(cancellation);
        return given is not null && !scopes.Except(Protocol.Scopes.Split(given), StringComparer.Ordinal).Any();
    }

    /// <summary>Remembers that the person agreed to these scopes, besides those agreed to before.</summary>
    public Task GiveAsync(long account, Guid user, Guid application, IReadOnlyList<string> scopes, CancellationToken cancellation) =>
        context.AloneAsync(
            $"consent/{user:N}/{application:N}",
            async token =>
            {
                var now = time.GetUtcNow();
                var consent = await context.Consents.SingleOrDefaultAsync(c => c.UserId == user && c.ApplicationId == application, token);
                if (consent is null)
                {
                    consent = new Consent { Id = Guid.CreateVersion7(now), Account = account, UserId = user, ApplicationId = application, Scopes = "", CreatedAt = now };
                    context.Consents.Add(consent);
                }

                consent.Scopes = Protocol.Scopes.Join(Protocol.Scopes.Split(consent.Scopes).Union(scopes, StringComparer.Ordinal));
                consent.UpdatedAt = now;
                return await context.SaveChangesAsync(token);
            },
            cancellation);

    /// <summary>
    /// Applications that may do something for the person, newest first: those with a consent, and those that need none and have access
    /// beyond the session (ASVS 10.4.9: what can be stolen can be taken back).
    /// </summary>
    public async Task<IReadOnlyList<GivenConsent>> ListAsync(User user, CancellationToken cancellation)
    {
        var consents = await context.Consents.AsNoTracking()
            .Where(c => c.UserId == user.Id)
            .OrderByDescending(c => c.UpdatedAt)
            .Take(MaxListed)
            .Join(context.Applications, c => c.ApplicationId, a => a.Id, (c, a) => new GivenConsent(a.Id, a.Name, c.Scopes, c.UpdatedAt))
            .ToListAsync(cancellation);
        var now = time.GetUtcNow();
        var lasting = await context.Grants.AsNoTracking()
            .Where(g => g.UserId == user.Id && g.SecurityStamp == user.SecurityStamp && g.RevokedAt == null && g.CodeUsedAt != null && g.ExpiresAt > now)
            .Where(g => (" " + g.Scopes + " ").Contains(" " + Protocol.Scopes.OfflineAccess + " "))
            .OrderByDescending(g => g.CreatedAt)
            .Take(MaxGrants)
            .Join(context.Applications, g => g.ApplicationId, a => a.Id, (g, a) => new GivenConsent(a.Id, a.Name, g.Scopes, g.CreatedAt))
            .ToListAsync(cancellation);
        return
        [
            .. consents.Concat(lasting)
                .GroupBy(one => one.ApplicationId)
                .Select(GivenConsent.Of)
                .OrderByDescending(one => one.UpdatedAt)
                .Take(MaxListed),
        ];
    }

    /// <summary>Takes back what an application may do: the consent, if there is one, its grants and its tokens. False when there was nothing.</summary>
    public Task<bool> RevokeAsync(Guid user, Guid application, CancellationToken cancellation) =>
        context.InTransactionAsync(
            async token =>
            {
                var consents = await context.Consents.Where(c => c.ApplicationId == application && c.UserId == user).ExecuteDeleteAsync(token);
                return await grants.RevokeAsync(user, application, token) || consents > 0;
            },
            cancellation);
}

/// <param name="Application">The application's name.</param>
/// <param name="Scopes">Scope values separated by blanks.</param>
internal sealed record GivenConsent(Guid ApplicationId, string Application, string Scopes, DateTimeOffset UpdatedAt)
{
    /// <summary>Everything that one application may do.</summary>
    public static GivenConsent Of(IEnumerable<GivenConsent> ofOne)
    {
        var all = ofOne.ToList();
        return all[0] with { Scopes = Protocol.Scopes.Join(all.SelectMany(one => one.ScopeList).Distinct(StringComparer.Ordinal)), UpdatedAt = all.Max(one => one.UpdatedAt) };
    }

    public IReadOnlyList<string> ScopeList => Protocol.Scopes.Split(Scopes);
}
