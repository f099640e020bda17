using System.Text.Json.Nodes;
using Custodia.Kernel.Access;
using Custodia.Kernel.Messaging;
using Custodia.Kernel.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Custodia.Integration.Connectors;

/// <summary>Answers on a ticket, or leaves a note for staff, once a key. There only where the server has Tickets.</summary>
internal sealed class TicketReply(IServiceScopeFactory scopes) : IOperation
{
    public OperationShape Shape { get; } = new(
        "tickets.reply",
        Repeat.Keyed,
        [new("ticket", InputKind.Text, true), new("text", InputKind.Text, true), new("internal", InputKind.Boolean, false)],
        []);

    public async Task<OperationOutcome> RunAsync(OperationCall call, CancellationToken cancellation)
    {
        if (!Guid.TryParse(call.Text("ticket"), out var ticket)) return new OperationOutcome.Failed("invalid-input-ticket", "This is not the number of a ticket.", Transient: false);
        var hidden = call.Inputs["internal"] is JsonValue value && value.TryGetValue<bool>(out var yes) && yes;
        await using var scope = scopes.CreateAsyncScope();
        if (!await scope.ServiceProvider.GetRequiredService<AccountServices>().IsOpenAsync(call.Account, AccountServices.Tickets, cancellation))
            return new OperationOutcome.Failed(ServiceAccess.Ended, "The account has ended Tickets.", Transient: false);
        var intake = scope.ServiceProvider.GetRequiredService<ITicketIntake>();
        return await intake.ReplyAsync(new IncomingReply(call.Account, ticket, call.Text("text")!, hidden, call.Key), cancellation) is { } id
            ? new OperationOutcome.Done(new JsonObject { ["id"] = id.ToString("N") })
            : new OperationOutcome.Failed("reply-refused", "Tickets did not take it: there is no such open ticket, or the text is not allowed.", Transient: false);
    }
}
