using Custodia.Kernel.Deletion;

namespace Custodia.Identity.PersonData;

/// <summary>One part of what Identity holds about a person: profile and sessions, grants and consents.</summary>
internal interface IPersonData
{
    /// <summary>What is held, opened for the person.</summary>
    IAsyncEnumerable<ExportedItem> ExportAsync(Subject subject, CancellationToken cancellation);

    /// <summary>Deletes it, inside the transaction that deletes the user. Idempotent.</summary>
    Task<IReadOnlyList<ErasedCategory>> EraseAsync(Subject subject, CancellationToken cancellation);
}
