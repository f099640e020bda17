using Custodia.Kernel.Access;
using Custodia.Kernel.Hosting;
using Custodia.Tickets.Tickets;
using Microsoft.Extensions.Options;

namespace Custodia.Tickets.FirstStart;

/// <summary>Development only: a few tickets of the sample people, so that the desk and the portal are not empty.</summary>
internal sealed class SampleTickets(CreateTicket create, Reply reply, ChangeState change, TimeProvider time, IOptions<CustodiaOptions> options) : IFirstStart
{
    private const string Agent = Role.SupportAgent;

    public async Task RunAsync(Kernel.Hosting.FirstStart start, CancellationToken cancellation)
    {
        if (start.SamplePeople.Count == 0) return;
        await OpenAsync(start, "jonas", Draft("account", "question", "low", "Can I change my user name?", "I signed up in a hurry and would like another name."), cancellation);
        var invoice = await OpenAsync(start, "mei", Draft("billing", "request", "normal", "发票抬头需要修改", "上个月发票上的公司名称不对，请重新开具。"), cancellation);
        await StepAsync(start, invoice, TicketAction.Accept, null, cancellation);
        await StepAsync(start, invoice, TicketAction.Ask, "您好，请告诉我们正确的公司名称。", cancellation);
        var export = await OpenAsync(start, "sofia", Draft("service", "question", "normal", "How do I get a copy of my data?", "I would like to keep everything that you hold about me."), cancellation);
        await StepAsync(start, export, TicketAction.Accept, null, cancellation);
        await StepAsync(start, export, TicketAction.Resolve, "Under My account, Your data, you can download all of it at any time.", cancellation);
        await OpenAsync(start, "wei", Draft("service", "fault", "high", "The mailed code comes late", "Since this morning the code for signing in takes several minutes."), cancellation);
    }

    private static NewTicket Draft(string category, string type, string severity, string title, string description) =>
        new(null, "", category, type, severity, title, description) { Id = Guid.CreateVersion7(), ContentKey = Guid.CreateVersion7() };

    private async Task<Ticket> OpenAsync(Kernel.Hosting.FirstStart start, string userName, NewTicket draft, CancellationToken cancellation)
    {
        var caller = Caller(start, userName, CallerKind.User);
        return Done(await create.RunAsync(caller, draft with { Person = caller.Person, Directory = caller.Directory }, options.Value.Region, cancellation));
    }

    /// <summary>The agent says something, then takes a step.</summary>
    private async Task StepAsync(Kernel.Hosting.FirstStart start, Ticket ticket, string action, string? text, CancellationToken cancellation)
    {
        var agent = Caller(start, Agent, CallerKind.SubAccount);
        var now = time.GetUtcNow();
        if (text is not null) Done(await reply.RunAsync(agent, ticket, new NewReply(text, Internal: false, Confirmed: false) { Id = Guid.CreateVersion7(now) }, now, cancellation));
        Done(await change.RunAsync(agent, ticket, action, null, now, cancellation));
    }

    private static Caller Caller(Kernel.Hosting.FirstStart start, string userName, CallerKind kind)
    {
        var person = start.SamplePeople[userName];
        return new Caller(kind, start.Account, 0, person.Id, 0, userName, person.Directory, RequestSource.Console, "sample");
    }

    private static Ticket Done(TicketOutcome outcome) =>
        outcome is TicketOutcome.Done done ? done.Ticket : throw new InvalidOperationException($"A sample ticket was refused: {outcome.GetType().Name}.");
}
