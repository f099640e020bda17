namespace Custodia.Kernel.Deletion;

/// <summary>
/// A module's part in showing and erasing what is held about a person. One implementation a module; both methods can be
/// interrupted anywhere and called again.
/// </summary>
public interface ISubjectData
{
    /// <summary>Module name, e.g. <c>tickets</c>.</summary>
    string Module { get; }

    /// <summary>Everything the module holds about the person, by category, opened for the person.</summary>
    IAsyncEnumerable<ExportedItem> ExportAsync(Subject subject, CancellationToken cancellation);

    /// <summary>
    /// Deletes or de-identifies everything that the policy does not keep. Called before the subject key is destroyed, so sealed
    /// values can still be opened to find copies. Idempotent: a second call reports what the first did as already gone.
    /// Streams, outbox and keys are the kernel's own part.
    /// </summary>
    Task<ErasureReport> EraseAsync(Subject subject, CancellationToken cancellation);
}

/// <summary>A person of an account: user or sub-account.</summary>
public sealed record Subject(long Account, Guid Person);

/// <summary>One thing that is held, e.g. a ticket; its values are policy fields with their text.</summary>
/// <param name="Category">Policy category id.</param>
/// <param name="Id">Identifier within the category.</param>
public sealed record ExportedItem(string Category, string Id, IReadOnlyList<KeyValuePair<string, string?>> Values);

/// <summary>What erasure found and did, by category.</summary>
public sealed record ErasureReport(IReadOnlyList<ErasedCategory> Categories);

/// <param name="Found">Records found.</param>
/// <param name="Deleted">Records deleted.</param>
/// <param name="Kept">Records kept de-identified; then <paramref name="Reason"/> says why.</param>
public sealed record ErasedCategory(string Category, int Found, int Deleted, int Kept, string? Reason);
