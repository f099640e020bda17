using Custodia.Kernel.Access;
using Custodia.Kernel.Messaging;
using Custodia.Tickets.Attachments;
using Custodia.Tickets.Content;
using Custodia.Tickets.Contracts;
using Custodia.Tickets.Notifications;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Tickets.Tickets;

/// <param name="Body">May be empty when there are files.</param>
internal sealed record NewReply(string Body, bool Internal, bool Confirmed)
{
    public Guid Id { get; init; }

    public string? Confidential { get; init; }

    public IReadOnlyList<StagedFile> Files { get; init; } = [];
}

/// <summary>Adds messages. A person's answer to a question puts the ticket back into processing.</summary>
internal sealed class Reply(TicketsContext context, TicketTexts texts, Participants participants, Outbox outbox, ProgressNotice notice)
{
    /// <param name="ticket">As read for this caller.</param>
    public async Task<TicketOutcome> RunAsync(Caller caller, Ticket ticket, NewReply input, DateTimeOffset now, CancellationToken cancellation)
    {
        if (Check(input) is { } invalid) return invalid;
        var side = Participants.SideOf(caller);
        if (Transitions.IsClosed(ticket.State) && !input.Internal)
            return new TicketOutcome.NotAllowed(ticket.State, [.. Transitions.Allowed(ticket.State, side, ticket.ClosedAt, now).Select(t => t.Action)]);
        var screened = texts.Examine(input.Confirmed, input.Files, ("body", input.Body));
        if (screened.Count > 0) return new TicketOutcome.Screened(screened);
        var outcome = await context.InTransactionAsync(token => StoreAsync(caller, ticket, input, now, token), cancellation);
        if (outcome is not TicketOutcome.Done) return outcome;
        foreach (var file in input.Files) file.Keep();
        return outcome;
    }

    private static TicketOutcome.Invalid? Check(NewReply input)
    {
        if (input.Body.Length > FreeText.BodyLength) return new("body", $"must be at most {FreeText.BodyLength} characters");
        if (input.Body.Length == 0 && input.Files.Count == 0 && string.IsNullOrEmpty(input.Confidential)) return new("body", "is required");
        return input.Confidential is { Length: > Confidential.ConfidentialNote.MostCharacters }
            ? new("confidential", $"must be at most {Confidential.ConfidentialNote.MostCharacters} characters")
            : null;
    }

    private async Task<TicketOutcome> StoreAsync(Caller caller, Ticket ticket, NewReply input, DateTimeOffset now, CancellationToken cancellation)
    {
        // The state may have changed since it was read; what counts is what it is under the lock.
        var answers = caller.Kind == CallerKind.User;
        var open = await context.Tickets
            .Where(t => t.Id == ticket.Id && (input.Internal || !Transitions.Closed.Contains(t.State)))
            .ExecuteUpdateAsync(
                set => set
                    .SetProperty(t => t.UpdatedAt, now)
                    .SetProperty(t => t.State, t => answers && t.State == TicketState.PendingFeedback ? TicketState.Processing : t.State)
                    .SetProperty(t => t.Version, t => answers && t.State == TicketState.PendingFeedback ? t.Version + 1 : t.Version),
                cancellation);
        if (open == 0) return new TicketOutcome.Conflict();
        await participants.EnsureAsync(caller, cancellation);
        var message = new Message
        {
            Id = input.Id,
            Account = ticket.Account,
            TicketId = ticket.Id,
            ContentKey = ticket.ContentKey,
            AuthorKind = TicketTexts.AuthorOf(caller),
            Author = caller.Person,
            Internal = input.Internal,
            CreatedAt = now,
        };
        message.Body = await texts.Content.WriteAsync(message.BodyPlace, input.Body, cancellation);
        context.Messages.Add(message);
        await texts.AddFilesAsync(caller, ticket, message.Id, input.Files, cancellation);
        if (input.Confidential is { Length: > 0 } secret) await texts.AddConfidentialAsync(ticket, secret, cancellation);
        if (!input.Internal)
        {
            var state = answers && ticket.State == TicketState.PendingFeedback ? TicketState.Processing : ticket.State;
            var changed = new TicketUpdated(ticket.Id, ticket.Number, ticket.Directory, "reply", TicketProblems.Word(state), ticket.Assignee);
            await outbox.PublishAsync(context, ticket.Account, ticket.Person, changed, cancellation);
            if (!answers) await notice.AddAsync(ticket, Progress.Replied, ticket.State, cancellation);
        }

        await context.SaveChangesAsync(cancellation);
        return new TicketOutcome.Done(ticket);
    }
}
