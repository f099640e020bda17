using System.Globalization;
using System.Runtime.CompilerServices;
using Custodia.Identity.PersonData;
using Custodia.Kernel.Deletion;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Identity.Agreements;

/// <summary>What a person has agreed to, with the text.</summary>
internal sealed class AcceptanceData(IdentityContext database, AgreementStore agreements) : IPersonData
{
    public async IAsyncEnumerable<ExportedItem> ExportAsync(Subject subject, [EnumeratorCancellation] CancellationToken cancellation)
    {
        foreach (var (acceptance, agreement) in await agreements.HistoryAsync(subject.Person, cancellation))
        {
            if (acceptance.Account != subject.Account) continue;
            yield return new ExportedItem(
                Acceptance.Category,
                acceptance.OwnedRow,
                [
                    new("agreement", $"{agreement.Name} {agreement.Version}"),
                    new("title", agreement.Title),
                    new("text", agreement.Text ?? agreement.Link),
                    new("text-hash", Convert.ToHexStringLower(acceptance.TextHash)),
                    new("accepted-at", acceptance.AcceptedAt.ToString("O", CultureInfo.InvariantCulture)),
                    new("withdrawn-at", acceptance.WithdrawnAt?.ToString("O", CultureInfo.InvariantCulture)),
                ]);
        }
    }

    public async Task<IReadOnlyList<ErasedCategory>> EraseAsync(Subject subject, CancellationToken cancellation)
    {
        var erased = await database.Acceptances.Where(a => a.UserId == subject.Person && a.Account == subject.Account).ExecuteDeleteAsync(cancellation);
        return [new ErasedCategory(Acceptance.Category, erased, erased, 0, null)];
    }
}
