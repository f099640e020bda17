using Custodia.Kernel.Storage;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Kernel.Deletion;

/// <summary>Requests to be forgotten, with their clock.</summary>
public sealed class DeletionRequests
{
    private readonly KernelContext _context;
    private readonly ErasureSignal _signal;
    private readonly TimeProvider _time;

    internal DeletionRequests(KernelContext context, ErasureSignal signal, TimeProvider time)
    {
        _context = context;
        _signal = signal;
        _time = time;
    }

    /// <summary>
    /// Opens a request: due in 30 days or one calendar month, whichever is shorter; executed after the grace
    /// (with 0 days it starts at once in the background). A second request of the same person returns the first.
    /// </summary>
    /// <param name="requestedBy"><c>subject</c>, <c>staff</c>, <c>api</c> or <c>policy</c> (a trigger such as dormancy).</param>
    /// <param name="graceDays">Days in which the person can take it back, 0 to 14; the directory of the person says.</param>
    /// <exception cref="ArgumentOutOfRangeException">The grace is not 0 to 14.</exception>
    public async Task<DeletionRequest> OpenAsync(Subject subject, string requestedBy, int graceDays, CancellationToken cancellation)
    {
        CheckGrace(graceDays);
        var row = await _context.AloneAsync(
            $"deletion/{subject.Person:N}",
            async token =>
            {
                var standing = await _context.DeletionRequests.FirstOrDefaultAsync(r => r.Standing == subject.Person, token);
                if (standing is not null) return standing;
                var added = New(subject, requestedBy, graceDays);
                _context.DeletionRequests.Add(added);
                await _context.SaveChangesAsync(token);
                return added;
            },
            cancellation);
        _signal.Raise();
        return row.ToRequest();
    }

    /// <summary>Opens requests for those of the people who have none standing, all in one transaction. The number of new ones.</summary>
    /// <param name="subjects">At most 1000.</param>
    /// <inheritdoc cref="OpenAsync(Subject, string, int, CancellationToken)"/>
    public async Task<int> OpenAsync(IReadOnlyList<Subject> subjects, string requestedBy, int graceDays, CancellationToken cancellation)
    {
        CheckGrace(graceDays);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(subjects.Count, 1000, nameof(subjects));
        var people = subjects.Select(s => (Guid?)s.Person).ToList();
        var opened = await _context.InTransactionAsync(
            async token =>
            {
                var standing = await _context.DeletionRequests.Where(r => people.Contains(r.Standing)).Select(r => r.Person).ToHashSetAsync(token);
                var added = subjects.Where(s => !standing.Contains(s.Person)).Select(s => New(s, requestedBy, graceDays)).ToList();
                _context.DeletionRequests.AddRange(added);
                await _context.SaveChangesAsync(token);
                return added.Count;
            },
            cancellation);
        _context.ChangeTracker.Clear();
        if (opened > 0) _signal.Raise();
        return opened;
    }

    /// <summary>The person takes it back within the grace. False when it is too late.</summary>
    public async Task<bool> WithdrawAsync(Subject subject, CancellationToken cancellation)
    {
        var now = _time.GetUtcNow();
        var changed = await _context.DeletionRequests
            .Where(r => r.Standing == subject.Person && r.Account == subject.Account && r.State == DeletionState.Grace && r.ExecuteAfter > now)
            .ExecuteUpdateAsync(
                set => set.SetProperty(r => r.State, DeletionState.Withdrawn).SetProperty(r => r.Standing, (Guid?)null),
                cancellation);
        return changed == 1;
    }

    /// <summary>The person's open or latest request; null when there is none.</summary>
    public async Task<DeletionRequest?> OfAsync(Subject subject, CancellationToken cancellation)
    {
        var row = await _context.DeletionRequests.AsNoTracking()
            .Where(r => r.Account == subject.Account && r.Person == subject.Person)
            .OrderByDescending(r => r.RequestedAt)
            .FirstOrDefaultAsync(cancellation);
        return row?.ToRequest();
    }

    /// <summary>The account's requests, newest first.</summary>
    /// <param name="before">Requests made before this instant; null for the newest.</param>
    /// <param name="limit">1 to 500.</param>
    public async Task<IReadOnlyList<DeletionRequest>> ListAsync(long account, DateTimeOffset? before, int limit, CancellationToken cancellation)
    {
        var query = _context.DeletionRequests.AsNoTracking().Where(r => r.Account == account);
        if (before is { } moment) query = query.Where(r => r.RequestedAt < moment);
        var rows = await query.OrderByDescending(r => r.RequestedAt).Take(limit).ToListAsync(cancellation);
        return rows.ConvertAll(r => r.ToRequest());
    }

    /// <summary>A request by its number; null when the account has none such. The status page, which outlives the person's session, asks by it.</summary>
    public async Task<DeletionRequest?> FindAsync(long account, Guid id, CancellationToken cancellation) =>
        (await _context.DeletionRequests.AsNoTracking().FirstOrDefaultAsync(r => r.Account == account && r.Id == id, cancellation))?.ToRequest();

    /// <summary>How the account, or with null the whole server, keeps its deadlines.</summary>
    public async Task<DeletionStanding> FiguresAsync(long? account, CancellationToken cancellation)
    {
        var now = _time.GetUtcNow();
        var soon = now + DeletionClock.DueSoon;
        var rows = _context.DeletionRequests.AsNoTracking().Where(r => r.State != DeletionState.Withdrawn);
        if (account is { } uin) rows = rows.Where(r => r.Account == uin);
        return await rows.GroupBy(_ => 1).Select(g => new DeletionStanding(
                g.Count(r => r.State == DeletionState.Done && r.DoneAt <= r.DueAt),
                g.Count(r => r.State == DeletionState.Done && r.DoneAt > r.DueAt),
                g.Count(r => r.State != DeletionState.Done && r.DueAt > soon),
                g.Count(r => r.State != DeletionState.Done && r.DueAt <= soon && r.DueAt > now),
                g.Count(r => r.State != DeletionState.Done && r.DueAt <= now)))
            .FirstOrDefaultAsync(cancellation) ?? new DeletionStanding(0, 0, 0, 0, 0);
    }

    private DeletionRequestRow New(Subject subject, string requestedBy, int graceDays)
    {
        var now = _time.GetUtcNow();
        return new DeletionRequestRow
        {
            Id = Guid.CreateVersion7(now),
            Account = subject.Account,
            Person = subject.Person,
            Standing = subject.Person,
            RequestedBy = requestedBy,
            RequestedAt = now,
            ExecuteAfter = now.AddDays(graceDays),
            DueAt = DeletionClock.DueAt(now),
            State = DeletionState.Grace,
        };
    }

    private static void CheckGrace(int days)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(days);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(days, DeletionClock.MaxGraceDays);
    }
}

/// <summary>Counts of deletion requests by how they stand against their deadline.</summary>
public sealed record DeletionStanding(int DoneInTime, int DoneLate, int Open, int DueSoon, int Overdue);

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
