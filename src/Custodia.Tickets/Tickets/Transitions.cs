using A = Custodia.Tickets.Tickets.TicketAction;
using S = Custodia.Tickets.Tickets.TicketState;

namespace Custodia.Tickets.Tickets;

/// <summary>What can be done to a ticket's state; names as in the API.</summary>
internal static class TicketAction
{
    public const string Accept = "accept";
    public const string Ask = "ask";
    public const string Continue = "continue";
    public const string Resolve = "resolve";
    public const string Complete = "complete";
    public const string Pause = "pause";
    public const string Reject = "reject";
    public const string Answer = "answer";
    public const string Confirm = "confirm";
    public const string Reopen = "reopen";
    public const string Cancel = "cancel";
    public const string Delete = "delete";
}

/// <summary>One row of the life cycle.</summary>
/// <param name="Within">How long after closing the step may be taken; null: no limit.</param>
internal sealed record Transition(S From, string Action, S To, Side By, TimeSpan? Within = null);

/// <summary>
/// The life cycle, whole. What is not in the table is refused, and the answer names what is.
/// <code>
/// to be processed → processing ⇄ pending feedback
///                   processing → result to be confirmed → completed
/// </code>
/// </summary>
internal static class Transitions
{
    private static readonly TimeSpan ReopenTime = TimeSpan.FromDays(14);

    public static IReadOnlyList<Transition> All { get; } =
    [
        new(S.ToBeProcessed, A.Accept, S.Processing, Side.Staff),
        new(S.ToBeProcessed, A.Pause, S.Paused, Side.Staff),
        new(S.ToBeProcessed, A.Reject, S.Invalid, Side.Staff),
        new(S.ToBeProcessed, A.Cancel, S.Cancelled, Side.Customer),

        new(S.Processing, A.Ask, S.PendingFeedback, Side.Staff),
        new(S.Processing, A.Resolve, S.ResultToBeConfirmed, Side.Staff),
        new(S.Processing, A.Pause, S.Paused, Side.Staff),
        new(S.Processing, A.Reject, S.Invalid, Side.Staff),
        new(S.Processing, A.Cancel, S.Cancelled, Side.Customer),

        new(S.PendingFeedback, A.Answer, S.Processing, Side.Customer),
        new(S.PendingFeedback, A.Continue, S.Processing, Side.Staff),
        new(S.PendingFeedback, A.Resolve, S.ResultToBeConfirmed, Side.Staff),
        new(S.PendingFeedback, A.Pause, S.Paused, Side.Staff),
        new(S.PendingFeedback, A.Reject, S.Invalid, Side.Staff),
        new(S.PendingFeedback, A.Cancel, S.Cancelled, Side.Customer),

        new(S.ResultToBeConfirmed, A.Confirm, S.Completed, Side.Customer),
        new(S.ResultToBeConfirmed, A.Reopen, S.Processing, Side.Customer),
        new(S.ResultToBeConfirmed, A.Continue, S.Processing, Side.Staff),
        new(S.ResultToBeConfirmed, A.Complete, S.Completed, Side.Staff),

        new(S.Paused, A.Continue, S.Processing, Side.Staff),
        new(S.Paused, A.Reject, S.Invalid, Side.Staff),
        new(S.Paused, A.Cancel, S.Cancelled, Side.Customer),

        new(S.Completed, A.Reopen, S.Processing, Side.Customer, ReopenTime),
        new(S.Completed, A.Delete, S.Deleted, Side.Customer),
        new(S.Cancelled, A.Delete, S.Deleted, Side.Customer),
        new(S.Invalid, A.Delete, S.Deleted, Side.Customer),
    ];

    /// <summary>The states in which work is over and everything lent for it is forgotten.</summary>
    public static IReadOnlyList<S> Closed { get; } = [S.Completed, S.Cancelled, S.Invalid, S.Deleted];

    public static bool IsClosed(S state) => state is S.Completed or S.Cancelled or S.Invalid or S.Deleted;

    /// <summary>What one side may do to a ticket now, in the order of the table.</summary>
    public static IEnumerable<Transition> Allowed(S from, Side by, DateTimeOffset? closedAt, DateTimeOffset now) =>
        All.Where(t => t.From == from && t.By == by && (t.Within is not { } within || closedAt is not { } closed || now - closed <= within));

    public static Transition? Find(S from, string action, Side by, DateTimeOffset? closedAt, DateTimeOffset now) =>
        Allowed(from, by, closedAt, now).FirstOrDefault(t => string.Equals(t.Action, action, StringComparison.Ordinal));
}
