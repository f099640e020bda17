using System.Text.Json.Nodes;
using Custodia.Kernel.Access;
using Custodia.Kernel.Messaging;
using Custodia.Kernel.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Custodia.Integration.Connectors;

/// <summary>Opens a ticket, once a key. There only where the server has Tickets.</summary>
internal sealed class TicketCreate(IServiceScopeFactory scopes) : IOperation
{
    public OperationShape Shape { get; } = new(
        "tickets.create",
        Repeat.Keyed,
        [new("title", InputKind.Text, true), new("description", InputKind.Text, true)],
        []);

    public async Task<OperationOutcome> RunAsync(OperationCall call, CancellationToken cancellation)
    {
        await using var scope = scopes.CreateAsyncScope();
        if (!await scope.ServiceProvider.GetRequiredService<AccountServices>().IsOpenAsync(call.Account, AccountServices.Tickets, cancellation))
            return new OperationOutcome.Failed(ServiceAccess.Ended, "The account has ended Tickets.", Transient: false);
        var intake = scope.ServiceProvider.GetRequiredService<ITicketIntake>();
        var ticket = new IncomingTicket(call.Account, call.Person, call.Text("title")!, call.Text("description")!, call.Key);
        return await intake.CreateAsync(ticket, cancellation) is { } id
            ? new OperationOutcome.Done(new JsonObject { ["id"] = id.ToString("N") })
            : new OperationOutcome.Failed("ticket-refused", "Tickets did not take it.", Transient: false);
    }
}
