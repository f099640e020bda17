using Custodia.Tickets.Screening;

namespace Custodia.Tickets.Tickets;

/// <summary>How a change of a ticket ended.</summary>
internal abstract record TicketOutcome
{
    /// <param name="Repeated">Nothing was done: an earlier submit with the same key did it.</param>
    public sealed record Done(Ticket Ticket, bool Repeated = false) : TicketOutcome;

    public sealed record NotFound : TicketOutcome;

    public sealed record Invalid(IReadOnlyList<(string Field, string Rule)> Findings) : TicketOutcome
    {
        public Invalid(string field, string rule)
            : this([(field, rule)])
        {
        }
    }

    /// <summary>The texts hold what must not be stored, or what should be confirmed.</summary>
    public sealed record Screened(IReadOnlyList<FieldFinding> Findings) : TicketOutcome;

    /// <summary>The step is not in the table of transitions for this state and side.</summary>
    public sealed record NotAllowed(TicketState State, IReadOnlyList<string> Allowed) : TicketOutcome;

    /// <summary>Somebody else changed the ticket in between.</summary>
    public sealed record Conflict : TicketOutcome;
}
