using Custodia.Console;
using Custodia.Kernel.Access;
using Custodia.Kernel.Policy;
using Custodia.Tickets.Reveals;
using Custodia.Tickets.Screening;
using Custodia.Tickets.Tickets;

namespace Custodia.Tickets.Desk;

internal sealed record DeskListModel(TicketPage Page, IReadOnlyList<Named> Staff, string? Older);

/// <summary>One ticket as staff see it.</summary>
internal sealed record DeskTicketModel(
    Caller Caller,
    Ticket Ticket,
    Conversation Conversation,
    SealedView Sealed,
    IReadOnlyList<PastReveal> Reveals,
    IReadOnlyList<string> Actions,
    IReadOnlyList<Named> Staff,
    LoadedPolicy Policy,
    DeskForms Forms)
{
    public string Path => $"/console/tickets/{Ticket.Id:N}";

    public bool CanWrite => Caller.Can(Permissions.Write);

    public bool CanAssign => Caller.Can(Permissions.Assign);

    public bool IsOpen => !Transitions.IsClosed(Ticket.State);

    /// <summary>The uses that the policy declares for a category: the purposes that can be chosen.</summary>
    public IReadOnlyList<Choice> Purposes(string category) => [.. Policy.Category(category).Uses.Select(u => new Choice(u.Id, u.Title.Current))];
}

/// <summary>The forms of the page; the one that was posted carries values and errors.</summary>
internal sealed record DeskForms
{
    public FormState Reply { get; init; } = new();

    public IReadOnlyList<FieldFinding> Findings { get; init; } = [];

    public FormState General { get; init; } = new();

    /// <summary>The target whose reveal was asked for, as the form names it.</summary>
    public string? Target { get; init; }

    public FormState Reveal { get; init; } = new();

    /// <summary>The opened value, shown this once.</summary>
    public string? Revealed { get; init; }
}
