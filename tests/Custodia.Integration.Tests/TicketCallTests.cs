using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Custodia.Kernel.Messaging;
using Microsoft.Extensions.DependencyInjection;

namespace Custodia.Integration.Tests;

public sealed class TicketCallTests(IntegrationServer server) : IClassFixture<IntegrationServer>
{
    private const string Report = """
        flow: 1
        name: report
        trigger: { http: { path: report } }
        steps:
          - call: tickets.create
            with: { title: "${ .payload.title }", description: "${ .payload.text }" }
            into: ticket
          - respond: { status: 201, body: "${ .variables.ticket.id }" }
        """;

    [Fact]
    public async Task A_call_becomes_one_ticket_a_key_which_the_desk_sees()
    {
        var client = await FlowClient.OfAsync(server);
        var (_, flow, url) = await client.DeployAsync(Report);
        var ids = new List<Guid>();
        for (var i = 0; i < 3; i++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = JsonContent.Create(new { title = "The printer of flow 7 smokes", text = "Since this morning." }) };
            request.Headers.Add("Idempotency-Key", "report-1");
            using var answer = await client.Http.SendAsync(request);
            answer.StatusCode.ShouldBe(HttpStatusCode.Created, await answer.Content.ReadAsStringAsync());
            ids.Add(Guid.Parse((await answer.Content.ReadFromJsonAsync<JsonElement>()).GetString()!));
        }

        var ticket = ids.Distinct().ShouldHaveSingleItem();
        (await client.JobsAsync(flow)).ShouldHaveSingleItem();
        var desk = await Staff.SignInAsync(server, "support-agent");
        await desk.OpenAsync("/console/tickets");
        (desk.Html.Split("The printer of flow 7 smokes").Length - 1).ShouldBe(1);
        (await desk.OpenAsync($"/console/tickets/{ticket}")).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_flow_answers_on_a_ticket_once_a_job_and_writes_notes_for_staff()
    {
        var client = await FlowClient.OfAsync(server);
        var url = (await client.DeployAsync("""
            flow: 1
            name: answers
            trigger: { http: { path: answers } }
            steps:
              - call: tickets.create
                with: { title: The lamp of flow 8, description: It is dark. }
                into: ticket
              - call: tickets.reply
                with: { ticket: "${ .variables.ticket.id }", text: A new lamp is on its way. }
                into: said
              - call: tickets.reply
                with: { ticket: "${ .variables.ticket.id }", text: Ordered as number 4711., internal: true }
                into: noted
              - respond: { status: 201, body: "${ .variables.ticket.id }" }
            """)).Url;
        using var answer = await client.Http.PostAsJsonAsync(url, new { });
        answer.StatusCode.ShouldBe(HttpStatusCode.Created, await answer.Content.ReadAsStringAsync());
        var ticket = Guid.Parse((await answer.Content.ReadFromJsonAsync<JsonElement>()).GetString()!);
        var desk = await Staff.SignInAsync(server, "support-agent");
        await desk.OpenAsync($"/console/tickets/{ticket}");
        foreach (var text in new[] { "A new lamp is on its way.", "Ordered as number 4711." }) (desk.Html.Split(text).Length - 1).ShouldBe(1, text);
    }

    [Fact]
    public async Task An_answer_with_the_same_key_is_given_once_and_never_on_another_accounts_ticket()
    {
        await using var scope = server.Services.CreateAsyncScope();
        var intake = scope.ServiceProvider.GetRequiredService<ITicketIntake>();
        var account = scope.ServiceProvider.GetRequiredService<IntegrationContext>().Runtimes.Select(r => r.Account).First();
        var ticket = (await intake.CreateAsync(new IncomingTicket(account, null, "The door of flow 9", "It is open.", "door-of-flow-9"), default)).ShouldNotBeNull();
        for (var i = 0; i < 2; i++) (await intake.ReplyAsync(new IncomingReply(account, ticket, "Closed it.", Internal: false, "key-1"), default)).ShouldNotBeNull();
        (await intake.ReplyAsync(new IncomingReply(account + 1, ticket, "Opened it.", Internal: false, "key-2"), default)).ShouldBeNull();
        var desk = await Staff.SignInAsync(server, "support-agent");
        await desk.OpenAsync($"/console/tickets/{ticket}");
        (desk.Html.Split("Closed it.").Length - 1).ShouldBe(1);
        desk.Html.ShouldNotContain("Opened it.");
    }

    [Fact]
    public async Task A_text_that_tickets_refuse_fails_the_job_with_a_code()
    {
        var client = await FlowClient.OfAsync(server);
        var (_, flow, url) = await client.DeployAsync(Report.Replace("report", "refused", StringComparison.Ordinal));
        using var answer = await client.Http.PostAsJsonAsync(url, new { title = "", text = "Nobody knows." });
        answer.StatusCode.ShouldBe(HttpStatusCode.BadGateway);
        (await client.JobAsync(await client.JobInStateAsync(flow, "failed"))).GetProperty("job").GetProperty("error").GetString().ShouldBe("ticket-refused");
    }
}
