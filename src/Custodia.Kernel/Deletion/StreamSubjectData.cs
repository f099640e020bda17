using System.Globalization;
using System.Runtime.CompilerServices;
using Custodia.Kernel.Hosting;
using Custodia.Kernel.Policy;
using Custodia.Kernel.Streams;

namespace Custodia.Kernel.Deletion;

/// <summary>
/// A person's part of the logs. Where the policy deletes it with the account its records are removed; elsewhere they stay and their
/// personal fields die with the person's key.
/// </summary>
internal sealed class StreamSubjectData(LogStreams streams, DataCatalogue catalogue, LoadedPolicy policy) : ISubjectData
{
    private const string AccountDeleted = "account-deleted";

    public string Module => "streams";

    public async IAsyncEnumerable<ExportedItem> ExportAsync(Subject subject, [EnumeratorCancellation] CancellationToken cancellation)
    {
        foreach (var category in Categories())
        {
            var query = new StreamQuery(category.Id, subject.Account) { Person = subject.Person };
            await foreach (var entry in streams.ReadAsync(query, cancellation))
            {
                yield return new ExportedItem(
                    category.Id,
                    string.Create(CultureInfo.InvariantCulture, $"{entry.Day:yyyy-MM-dd}/{entry.Sequence}"),
                    [.. entry.Fields.Select(f => KeyValuePair.Create(f.Key, Convert.ToString(f.Value, CultureInfo.InvariantCulture)))]);
            }
        }
    }

    public async Task<ErasureReport> EraseAsync(Subject subject, CancellationToken cancellation)
    {
        var report = new List<ErasedCategory>();
        foreach (var category in Categories())
        {
            var mode = category.DeleteOn.Any(t => t.Name == AccountDeleted) ? PersonErasure.Remove : PersonErasure.Shred;
            var erased = await streams.ErasePersonAsync(category.Id, subject.Account, subject.Person, mode, AccountDeleted, cancellation);
            var kept = erased.Found - erased.Removed;
            report.Add(new ErasedCategory(category.Id, (int)erased.Found, (int)erased.Removed, (int)kept, kept > 0 ? "personal fields unreadable: the person's key is destroyed" : null));
        }

        return new ErasureReport(report);
    }

    private IEnumerable<PolicyCategory> Categories() =>
        catalogue.Streams.Select(s => policy.Category(s.Category)).OrderBy(c => c.Id, StringComparer.Ordinal);
}
