using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Custodia.Tickets.Tests.Server;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Tickets.Tests.Tickets;

[Collection(SharedServer.Name)]
public sealed class LifeCycleTests(TicketServer server)
{
    [Fact]
    public async Task A_step_that_is_not_allowed_changes_nothing_and_names_what_is()
    {
        var (id, _) = await server.OpenAsync(await server.PersonAsync("step"));
        using var client = server.Api(server.Agent);
        using var refused = await client.PostAsJsonAsync($"/api/v1/tickets/{id}/transitions", new { action = "complete" });
        (await refused.ProblemAsync(409)).ShouldBe("transition-not-allowed");
        var problem = await refused.JsonAsync();
        problem.GetProperty("state").GetString().ShouldBe("to-be-processed");
        problem.GetProperty("allowed").EnumerateArray().Select(a => a.GetString()).ShouldBe(["accept", "pause", "reject"]);
        // What the customer may do, staff may not.
        (await client.PostAsJsonAsync($"/api/v1/tickets/{id}/transitions", new { action = "cancel" })).StatusCode.ShouldBe(HttpStatusCode.Conflict);
        (await server.InContextAsync(c => c.Tickets.SingleAsync(t => t.Id == id))).Version.ShouldBe(1);
    }

    [Fact]
    public async Task Of_two_steps_that_read_the_same_version_one_succeeds()
    {
        var (id, _) = await server.OpenAsync(await server.PersonAsync("race"));
        using var client = server.Api(server.Agent);
        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(i =>
            client.PostAsJsonAsync($"/api/v1/tickets/{id}/transitions", new { action = i % 2 == 0 ? "accept" : "reject", version = 1 })));
        answers.Count(a => a.StatusCode == HttpStatusCode.OK).ShouldBe(1);
        answers.Count(a => a.StatusCode == HttpStatusCode.Conflict).ShouldBe(9);
        (await server.InContextAsync(c => c.Tickets.SingleAsync(t => t.Id == id))).Version.ShouldBe(2);
    }

    [Fact]
    public async Task A_ticket_goes_its_whole_way_and_can_be_rated_and_deleted()
    {
        var person = await server.PersonAsync("way");
        var (id, number) = await server.OpenAsync(person);
        var path = $"/support/{TicketServer.Directory}/tickets/{number}";
        using var staff = server.Api(server.Agent);
        using var own = server.As(person);
        await StepAsync(staff, id, "accept", "processing");
        (await server.InContextAsync(c => c.Tickets.SingleAsync(t => t.Id == id))).Assignee.ShouldBe(server.Agent.Person);
        await StepAsync(staff, id, "ask", "pending-feedback");
        // Answering a question puts the ticket back to work.
        (await own.SubmitAsync(path, path + "/reply", new Dictionary<string, string> { ["body"] = "It still happens." })).Status.ShouldBe(200);
        (await StateAsync(id)).ShouldBe("Processing");
        await StepAsync(staff, id, "resolve", "result-to-be-confirmed");
        (await own.SubmitAsync(path, path + "/step", new Dictionary<string, string> { ["action"] = "reopen" })).Status.ShouldBe(200);
        await StepAsync(staff, id, "resolve", "result-to-be-confirmed");
        (await own.SubmitAsync(path, path + "/step", new Dictionary<string, string> { ["action"] = "confirm" })).Query.ShouldContain("ticket-changed");
        (await own.SubmitAsync(path, path + "/rating", new Dictionary<string, string> { ["rating"] = "9" })).Status.ShouldBe(422);
        (await own.SubmitAsync(path, path + "/rating", new Dictionary<string, string> { ["rating"] = "5" })).Query.ShouldContain("ticket-rated");
        (await own.SubmitAsync(path, path + "/step", new Dictionary<string, string> { ["action"] = "delete" })).Query.ShouldContain("ticket-removed");
        (await own.PageAsync(path)).Status.ShouldBe(404);
        (await StateAsync(id)).ShouldBe("Deleted");
    }

    [Fact]
    public async Task A_closed_ticket_takes_notes_of_staff_and_no_replies()
    {
        var (id, _) = await server.OpenAsync(await server.PersonAsync("closed"));
        using var staff = server.Api(server.Agent);
        await StepAsync(staff, id, "reject", "invalid");
        using var refused = await staff.PostAsJsonAsync($"/api/v1/tickets/{id}/messages", new { body = "Hello" });
        (await refused.ProblemAsync(409)).ShouldBe("transition-not-allowed");
        (await staff.PostAsJsonAsync($"/api/v1/tickets/{id}/messages", new { body = "For us", @internal = true })).StatusCode.ShouldBe(HttpStatusCode.Created);
    }

    [Fact]
    public async Task A_ticket_is_assigned_to_known_staff_only()
    {
        var (id, _) = await server.OpenAsync(await server.PersonAsync("assign"));
        using var lead = server.As(server.Lead);
        await lead.GetAsync("/console/tickets");
        using var agent = server.Api(server.Agent);
        (await agent.PutAsJsonAsync($"/api/v1/tickets/{id}/assignee", new { assignee = server.Lead.Person })).StatusCode.ShouldBe(HttpStatusCode.OK);
        using var refused = await agent.PutAsJsonAsync($"/api/v1/tickets/{id}/assignee", new { assignee = Guid.CreateVersion7() });
        (await refused.JsonAsync()).GetProperty("errors").GetProperty("assignee")[0].GetString().ShouldNotBeNull();
        var mine = await lead.GetFromJsonAsync<JsonElement>($"/api/v1/tickets?assignee={server.Lead.Person}");
        mine.GetProperty("items").EnumerateArray().Select(t => t.GetProperty("id").GetGuid()).ShouldContain(id);
    }

    private static async Task StepAsync(HttpClient client, Guid id, string action, string state)
    {
        using var answer = await client.PostAsJsonAsync($"/api/v1/tickets/{id}/transitions", new { action });
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, await answer.Content.ReadAsStringAsync());
        (await answer.JsonAsync()).GetProperty("state").GetString().ShouldBe(state);
    }

    private async Task<string> StateAsync(Guid id) => (await server.InContextAsync(c => c.Tickets.SingleAsync(t => t.Id == id))).State.ToString();
}
