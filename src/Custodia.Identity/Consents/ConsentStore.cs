using Custodia.Identity.Tokens;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Identity.Consents;

/// <summary>What people have agreed to.</summary>
internal sealed class ConsentStore(IdentityContext context, Grants grants, TimeProvider time)
{
    private const int MaxListed = 200;

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
        context.InTransactionAsync(
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
                await context.SaveChangesAsync(token);
            },
            cancellation);

    /// <summary>The person's consents with the applications' names, newest first.</summary>
    public Task<List<GivenConsent>> ListAsync(Guid user, CancellationToken cancellation) =>
        context.Consents.AsNoTracking()
            .Where(c => c.UserId == user)
            .Join(context.Applications, c => c.ApplicationId, a => a.Id, (c, a) => new { Consent = c, a.Name })
            .OrderByDescending(c => c.Consent.UpdatedAt)
            .Take(MaxListed)
            .Select(c => new GivenConsent(c.Consent.Id, c.Name, c.Consent.Scopes, c.Consent.UpdatedAt))
            .ToListAsync(cancellation);

    /// <summary>Takes a consent back: the application's grants and tokens for this person end with it. False when it is not theirs.</summary>
    public Task<bool> RevokeAsync(Guid user, Guid consent, CancellationToken cancellation) =>
        context.InTransactionAsync(
            async token =>
            {
                var given = await context.Consents.SingleOrDefaultAsync(c => c.Id == consent && c.UserId == user, token);
                if (given is null) return false;
                context.Consents.Remove(given);
                await context.SaveChangesAsync(token);
                await grants.RevokeAsync(user, given.ApplicationId, token);
                return true;
            },
            cancellation);
}

/// <param name="Application">The application's name.</param>
/// <param name="Scopes">Scope values separated by blanks.</param>
internal sealed record GivenConsent(Guid Id, string Application, string Scopes, DateTimeOffset UpdatedAt)
{
    public IReadOnlyList<string> ScopeList => Protocol.Scopes.Split(Scopes);
}
