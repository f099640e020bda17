using System.Runtime.CompilerServices;
using Custodia.Identity.Users;
using Custodia.Kernel.Deletion;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Identity.PersonData;

/// <summary>Identity's part in showing and erasing a person: all parts in one transaction, so there is never half a user.</summary>
internal sealed class IdentitySubjectData(IdentityContext database, IEnumerable<IPersonData> parts) : ISubjectData
{
    public string Module => "identity";

    public async IAsyncEnumerable<ExportedItem> ExportAsync(Subject subject, [EnumeratorCancellation] CancellationToken cancellation)
    {
        foreach (var part in parts)
        {
            await foreach (var item in part.ExportAsync(subject, cancellation)) yield return item;
        }
    }

    public Task<ErasureReport> EraseAsync(Subject subject, CancellationToken cancellation) =>
        database.InTransactionAsync(
            async token =>
            {
                // First the row that every sign-in holds first: those under way end before, and those that come later find nobody.
                var stamp = SecurityStamp.New();
                await database.Users.Where(u => u.Id == subject.Person && u.Account == subject.Account)
                    .ExecuteUpdateAsync(u => u.SetProperty(x => x.SecurityStamp, stamp), token);
                List<ErasedCategory> erased = [];
                foreach (var part in parts) erased.AddRange(await part.EraseAsync(subject, token));
                return new ErasureReport(erased);
            },
            cancellation);
}
