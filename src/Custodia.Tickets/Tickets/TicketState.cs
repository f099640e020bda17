namespace Custodia.Tickets.Tickets;

internal enum TicketState
{
    ToBeProcessed,
    Processing,
    PendingFeedback,
    ResultToBeConfirmed,
    Completed,
    Cancelled,
    Invalid,
    Paused,
    Deleted,
}

/// <summary>Who takes a step.</summary>
internal enum Side
{
    Customer,
    Staff,
}

internal enum Severity
{
    Low,
    Normal,
    High,
    Critical,
}
