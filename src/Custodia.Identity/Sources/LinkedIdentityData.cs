using System.Globalization;
using System.Runtime.CompilerServices;
using Custodia.Identity.PersonData;
using Custodia.Kernel.Deletion;
using Custodia.Kernel.Vault;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Identity.Sources;

/// <summary>Shows and erases what sources know a person as.</summary>
internal sealed class LinkedIdentityData(IdentityContext database, DataVault vault) : IPersonData
{
    public async IAsyncEnumerable<ExportedItem> ExportAsync(Subject subject, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var held =
            from identity in database.LinkedIdentities.AsNoTracking()
            where identity.UserId == subject.Person && identity.Account == subject.Account
            join source in database.AuthenticationSources on identity.SourceId equals source.Id
            orderby identity.Id
            select new { identity, source.Name };
        await foreach (var row in held.AsAsyncEnumerable().WithCancellation(cancellation))
        {
            yield return new ExportedItem(LinkedIdentity.Category, row.identity.OwnedRow,
            [
                new("source-id", row.Name),
                new("subject", await vault.OpenAsync(row.identity.SubjectPlace, row.identity.Subject, "subject-rights", cancellation)),
                new("created-at", Text(row.identity.CreatedAt)),
                new("last-used-at", Text(row.identity.LastUsedAt)),
            ]);
        }
    }

    public async Task<IReadOnlyList<ErasedCategory>> EraseAsync(Subject subject, CancellationToken cancellation) =>
        await database.InTransactionAsync(
            async token =>
            {
                var erased = await database.LinkedIdentities.Where(i => i.UserId == subject.Person && i.Account == subject.Account).ExecuteDeleteAsync(token);
                return new ErasedCategory[] { new(LinkedIdentity.Category, erased, erased, Kept: 0, Reason: null) };
            },
            cancellation);

    private static string Text(DateTimeOffset moment) => moment.ToString("O", CultureInfo.InvariantCulture);
}
