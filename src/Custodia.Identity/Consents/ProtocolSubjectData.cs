using System.Globalization;
using System.Runtime.CompilerServices;
using Custodia.Identity.Tokens;
using Custodia.Kernel.Deletion;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Identity.Consents;

/// <summary>The protocol's part in showing and erasing what is held about a person; Identity's own <see cref="ISubjectData"/> calls it.</summary>
internal sealed class ProtocolSubjectData(IdentityContext context) : PersonData.IPersonData
{
    public async IAsyncEnumerable<ExportedItem> ExportAsync(Subject subject, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var consents = context.Consents.AsNoTracking().Where(c => c.UserId == subject.Person && c.Account == subject.Account);
        await foreach (var consent in consents.AsAsyncEnumerable().WithCancellation(cancellation))
        {
            yield return new ExportedItem(Consent.Category, consent.Id.ToString("N"),
            [
                new("application-id", consent.ApplicationId.ToString("N")),
                new("scopes", consent.Scopes),
                new("created-at", Text(consent.CreatedAt)),
                new("updated-at", Text(consent.UpdatedAt)),
            ]);
        }

        var grants = context.Grants.AsNoTracking().Where(g => g.UserId == subject.Person && g.Account == subject.Account);
        await foreach (var grant in grants.AsAsyncEnumerable().WithCancellation(cancellation))
        {
            yield return new ExportedItem(Grant.Category, grant.Id.ToString("N"),
            [
                new("application-id", grant.ApplicationId.ToString("N")),
                new("scopes", grant.Scopes),
                new("auth-time", Text(grant.AuthTime)),
                new("amr", grant.Amr),
                new("created-at", Text(grant.CreatedAt)),
                new("expires-at", Text(grant.ExpiresAt)),
                new("revoked-at", grant.RevokedAt is { } revoked ? Text(revoked) : null),
            ]);
        }
    }

    /// <summary>Deletes grants, tokens and consents; idempotent. Tokens the person's applications hold are worth nothing from then on.</summary>
    public async Task<IReadOnlyList<ErasedCategory>> EraseAsync(Subject subject, CancellationToken cancellation) =>
        await context.InTransactionAsync(
            async token =>
            {
                var grants = context.Grants.Where(g => g.UserId == subject.Person && g.Account == subject.Account);
                var tokens = await context.RefreshTokens.Where(t => grants.Any(g => g.Id == t.GrantId)).ExecuteDeleteAsync(token);
                tokens += await context.OpaqueAccessTokens.Where(t => t.UserId == subject.Person && t.Account == subject.Account).ExecuteDeleteAsync(token);
                var granted = tokens + await grants.ExecuteDeleteAsync(token);
                var consents = await context.Consents.Where(c => c.UserId == subject.Person && c.Account == subject.Account).ExecuteDeleteAsync(token);
                return new ErasedCategory[]
                {
                    new(Grant.Category, granted, granted, Kept: 0, Reason: null),
                    new(Consent.Category, consents, consents, Kept: 0, Reason: null),
                };
            },
            cancellation);

    private static string Text(DateTimeOffset moment) => moment.ToString("O", CultureInfo.InvariantCulture);
}
