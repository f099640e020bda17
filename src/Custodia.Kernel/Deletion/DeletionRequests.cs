namespace Custodia.Kernel.Deletion;

/// <summary>Requests to be forgotten, with their clock.</summary>
public sealed class DeletionRequests
{
    /// <summary>
    /// Opens a request: due in 30 days or one calendar month, whichever is shorter; executed after the grace
    /// (with 0 days it starts at once in the background). A second request of the same person returns the first.
    /// </summary>
    /// <param name="requestedBy"><c>subject</c>, <c>staff</c>, <c>api</c> or <c>policy</c> (a trigger such as dormancy).</param>
    /// <param name="graceDays">Days in which the person can take it back, 0 to 14; the directory of the person says.</param>
    public Task<DeletionRequest> OpenAsync(Subject subject, string requestedBy, int graceDays, CancellationToken cancellation) => throw new NotImplementedException();

    /// <summary>The person takes it back within the grace. False when it is too late.</summary>
    public Task<bool> WithdrawAsync(Subject subject, CancellationToken cancellation) => throw new NotImplementedException();

    /// <summary>The person's open or latest request; null when there is none.</summary>
    public Task<DeletionRequest?> OfAsync(Subject subject, CancellationToken cancellation) => throw new NotImplementedException();

    /// <summary>A request by its number; null when the account has none such. For the status page, which outlives the person's session.</summary>
    public Task<DeletionRequest?> FindAsync(long account, Guid request, CancellationToken cancellation) => throw new NotImplementedException();
}

public enum DeletionState
{
    Grace,
    Erasing,
    Done,
    Withdrawn,
}

/// <param name="EvidenceFile">Path below the data directory of the signed evidence, once done.</param>
public sealed record DeletionRequest(
    Guid Id,
    long Account,
    Guid Person,
    string RequestedBy,
    DateTimeOffset RequestedAt,
    DateTimeOffset ExecuteAfter,
    DateTimeOffset DueAt,
    DeletionState State,
    DateTimeOffset? DoneAt,
    string? EvidenceFile);
