using Custodia.Tickets.Tickets;

namespace Custodia.Tickets.Tests.Tickets;

/// <summary>The life cycle, exhaustively: every state, every action, both sides.</summary>
public sealed class TransitionTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    // Written out a second time on purpose: a slip in the table does not slip into the test.
    private static readonly string[] Staff =
    [
        "ToBeProcessed accept Processing", "ToBeProcessed pause Paused", "ToBeProcessed reject Invalid",
        "Processing ask PendingFeedback", "Processing resolve ResultToBeConfirmed", "Processing pause Paused", "Processing reject Invalid",
        "PendingFeedback continue Processing", "PendingFeedback resolve ResultToBeConfirmed", "PendingFeedback pause Paused", "PendingFeedback reject Invalid",
        "ResultToBeConfirmed continue Processing", "ResultToBeConfirmed complete Completed",
        "Paused continue Processing", "Paused reject Invalid",
    ];

    private static readonly string[] Customer =
    [
        "ToBeProcessed cancel Cancelled", "Processing cancel Cancelled", "PendingFeedback cancel Cancelled", "Paused cancel Cancelled",
        "PendingFeedback answer Processing", "ResultToBeConfirmed confirm Completed", "ResultToBeConfirmed reopen Processing",
        "Completed reopen Processing", "Completed delete Deleted", "Cancelled delete Deleted", "Invalid delete Deleted",
    ];

    [Fact]
    public void Every_step_of_every_state_is_allowed_exactly_as_the_life_cycle_says()
    {
        var actions = Transitions.All.Select(t => t.Action).Distinct().Append("fly").ToArray();
        foreach (var state in Enum.GetValues<TicketState>())
        {
            foreach (var action in actions)
            {
                foreach (var side in Enum.GetValues<Side>())
                {
                    var expected = (side == Side.Staff ? Staff : Customer).SingleOrDefault(t => t.StartsWith($"{state} {action} ", StringComparison.Ordinal));
                    var found = Transitions.Find(state, action, side, Transitions.IsClosed(state) ? Now : null, Now);
                    var line = found is null ? null : $"{found.From} {found.Action} {found.To}";
                    line.ShouldBe(expected, $"{side} {state} {action}");
                }
            }
        }
    }

    [Fact]
    public void A_completed_ticket_can_be_reopened_for_two_weeks()
    {
        Transitions.Find(TicketState.Completed, "reopen", Side.Customer, Now.AddDays(-14), Now).ShouldNotBeNull();
        Transitions.Find(TicketState.Completed, "reopen", Side.Customer, Now.AddDays(-14).AddSeconds(-1), Now).ShouldBeNull();
    }

    [Fact]
    public void A_deleted_ticket_is_the_end()
    {
        foreach (var side in Enum.GetValues<Side>()) Transitions.Allowed(TicketState.Deleted, side, Now, Now).ShouldBeEmpty();
    }

    [Fact]
    public void Every_state_but_the_first_can_be_reached()
    {
        var reached = Transitions.All.Select(t => t.To).ToHashSet();
        Enum.GetValues<TicketState>().Where(s => s != TicketState.ToBeProcessed).ShouldAllBe(s => reached.Contains(s));
    }
}
