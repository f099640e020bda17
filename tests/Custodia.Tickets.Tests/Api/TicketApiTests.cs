using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Custodia.Tickets.Tests.Server;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Tickets.Tests.Api;

[Collection(SharedServer.Name)]
public sealed class TicketApiTests(TicketServer server)
{
    private static readonly object Body = new { productCategory = "billing", problemType = "question", title = "Invoice of May", description = "It is missing." };

    [Fact]
    public async Task A_ticket_is_created_read_listed_and_answered()
    {
        using var client = server.Api(server.Agent);
        using var created = await client.PostAsJsonAsync("/api/v1/tickets", Body);
        created.StatusCode.ShouldBe(HttpStatusCode.Created);
        var ticket = await created.JsonAsync();
        var id = ticket.GetProperty("id").GetGuid();
        ticket.GetProperty("state").GetString().ShouldBe("to-be-processed");
        (await client.PostAsJsonAsync($"/api/v1/tickets/{id}/messages", new { body = "We look.", @internal = true })).StatusCode.ShouldBe(HttpStatusCode.Created);

        var whole = await client.GetFromJsonAsync<JsonElement>($"/api/v1/tickets/{id}");
        whole.GetProperty("description").GetString().ShouldBe("It is missing.");
        whole.GetProperty("messages")[0].GetProperty("authorName").GetString().ShouldBe("agent");
        whole.GetProperty("allowedActions").EnumerateArray().Select(a => a.GetString()).ShouldBe(["accept", "pause", "reject"]);
        var list = await client.GetFromJsonAsync<JsonElement>($"/api/v1/tickets?number={ticket.GetProperty("number").GetInt64()}&category=billing&state=to-be-processed");
        list.GetProperty("items").GetArrayLength().ShouldBe(1);
    }

    [Fact]
    public async Task Lists_page_by_cursor_newest_first()
    {
        using var client = server.Api(server.Agent);
        for (var i = 0; i < 5; i++) (await client.PostAsJsonAsync("/api/v1/tickets", new { productCategory = "paging", problemType = "question", title = $"Number {i}", description = "x" })).EnsureSuccessStatusCode();
        var seen = new List<string>();
        string? cursor = null;
        do
        {
            var page = await client.GetFromJsonAsync<JsonElement>($"/api/v1/tickets?category=paging&limit=2{(cursor is null ? "" : "&cursor=" + cursor)}");
            seen.AddRange(page.GetProperty("items").EnumerateArray().Select(t => t.GetProperty("title").GetString()!));
            cursor = page.GetProperty("nextCursor").GetString();
        }
        while (cursor is not null);
        seen.ShouldBe(["Number 4", "Number 3", "Number 2", "Number 1", "Number 0"]);
    }

    [Fact]
    public async Task Twenty_parallel_submits_with_one_key_make_one_ticket()
    {
        using var client = server.Api(server.Agent);
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(async _ =>
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/tickets") { Content = JsonContent.Create(Body) };
            request.Headers.Add("Idempotency-Key", "one-submit-only");
            using var answer = await client.SendAsync(request);
            return (answer.StatusCode, Id: (await answer.JsonAsync()).GetProperty("id").GetGuid());
        }));
        answers.Select(a => a.Id).Distinct().Count().ShouldBe(1);
        answers.Count(a => a.StatusCode == HttpStatusCode.Created).ShouldBe(1);
        answers.Count(a => a.StatusCode == HttpStatusCode.OK).ShouldBe(19);
    }

    [Fact]
    public async Task Numbers_neither_repeat_nor_leave_gaps_under_load()
    {
        using var client = server.Api(server.Stranger);
        var numbers = await Task.WhenAll(Enumerable.Range(0, 20).Select(async _ =>
        {
            using var answer = await client.PostAsJsonAsync("/api/v1/tickets", Body);
            return (await answer.JsonAsync()).GetProperty("number").GetInt64();
        }));
        numbers.Order().ShouldBe(Enumerable.Range(1, 20).Select(n => (long)n));
    }

    [Fact]
    public async Task Everything_wrong_is_said_at_once_and_nothing_is_stored()
    {
        using var client = server.Api(server.Agent);
        var before = await server.InContextAsync(c => c.Tickets.CountAsync());
        using var answer = await client.PostAsJsonAsync("/api/v1/tickets", new { productCategory = "No Slug!", problemType = "", title = "x", description = "", severity = "huge" });
        (await answer.ProblemAsync(400)).ShouldBe("invalid");
        var errors = (await answer.JsonAsync()).GetProperty("errors");
        errors.EnumerateObject().Select(e => e.Name).Order().ShouldBe(["description", "problemType", "productCategory", "severity", "title"]);
        (await client.PostAsJsonAsync("/api/v1/tickets", new { title = "only" })).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await client.PostAsJsonAsync("/api/v1/tickets", new { productCategory = "a", problemType = "b", title = "abc", description = "x", person = Guid.CreateVersion7(), directory = "customers" })).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await server.InContextAsync(c => c.Tickets.CountAsync())).ShouldBe(before);
    }

    [Fact]
    public async Task A_body_that_is_too_large_is_413()
    {
        using var client = server.Api(server.Agent);
        using var answer = await client.PostAsJsonAsync("/api/v1/tickets", new { productCategory = "a", problemType = "b", title = "abc", description = new string('x', 1_200_000) });
        (await answer.ProblemAsync(413)).ShouldBe("too-large");
    }

    [Fact]
    public async Task What_belongs_to_another_account_is_not_there()
    {
        var (id, _) = await server.OpenAsync(await server.PersonAsync("hidden"));
        using var client = server.Api(server.Stranger);
        (await client.GetAsync($"/api/v1/tickets/{id}")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await client.PostAsJsonAsync($"/api/v1/tickets/{id}/transitions", new { action = "accept" })).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await client.PostAsJsonAsync($"/api/v1/tickets/{id}/messages", new { body = "hello" })).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await client.PostAsJsonAsync($"/api/v1/tickets/{id}/contacts/email/reveal", new { purpose = "x", reason = "because" })).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await client.GetFromJsonAsync<JsonElement>($"/api/v1/tickets?directory=customers")).GetProperty("items").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task Without_the_permission_nothing_is_answered_but_its_name()
    {
        var reader = server.Agent with { TokenReference = "reader", Permissions = System.Collections.Frozen.FrozenSet.ToFrozenSet(["tickets.tickets.read"], StringComparer.Ordinal) };
        using var client = server.Api(reader);
        using var answer = await client.PostAsJsonAsync("/api/v1/tickets", Body);
        (await answer.ProblemAsync(403)).ShouldBe("forbidden");
        using var nobody = server.Client();
        (await nobody.GetAsync("/api/v1/tickets")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_secret_in_the_text_is_refused_with_its_place_and_not_stored()
    {
        using var client = server.Api(server.Agent);
        var before = await server.InContextAsync(c => c.Tickets.CountAsync());
        using var answer = await client.PostAsJsonAsync("/api/v1/tickets", new { productCategory = "a", problemType = "b", title = "Help", description = "call 13800138000" });
        (await answer.ProblemAsync(422)).ShouldBe("secret-in-text");
        var finding = (await answer.JsonAsync()).GetProperty("findings")[0];
        (finding.GetProperty("field").GetString(), finding.GetProperty("kind").GetString(), finding.GetProperty("start").GetInt32(), finding.GetProperty("length").GetInt32()).ShouldBe(("description", "mobile", 5, 11));
        (await server.InContextAsync(c => c.Tickets.CountAsync())).ShouldBe(before);

        object Likely(bool confirm) => new { productCategory = "a", problemType = "b", title = "Help", description = "订单号 13800138000", confirm };
        using var asked = await client.PostAsJsonAsync("/api/v1/tickets", Likely(false));
        (await asked.ProblemAsync(422)).ShouldBe("confirmation-needed");
        (await client.PostAsJsonAsync("/api/v1/tickets", Likely(true))).StatusCode.ShouldBe(HttpStatusCode.Created);
    }

    [Fact]
    public async Task Every_access_leaves_the_IP_in_the_access_log_until_it_is_cleared()
    {
        using var client = server.Api(server.Lead);
        await client.GetAsync("/api/v1/tickets");
        var logs = (Kernel.Streams.LogStreams)server.Services.GetService(typeof(Kernel.Streams.LogStreams))!;
        var query = new Kernel.Streams.StreamQuery("tickets.access-log", TicketServer.Account) { Person = server.Lead.Person };
        var entry = (await logs.QueryAsync(query, default)).Entries[0];
        entry.Fields.ShouldHaveSingleItem().ShouldBe(KeyValuePair.Create<string, object?>("ip", "127.0.0.1"));

        using var owner = server.Api(server.Owner);
        (await owner.DeleteAsync("/api/v1/ticket-access-log")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await logs.QueryAsync(query, default)).Entries.ShouldBeEmpty();
    }

    [Fact]
    public async Task Settings_are_kept_within_their_range()
    {
        using var client = server.Api(server.Owner);
        (await client.PutAsJsonAsync("/api/v1/ticket-settings", new { contentLimitDays = 7 })).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await client.PutAsJsonAsync("/api/v1/ticket-settings", new { contentLimitDays = 3650 })).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await client.GetFromJsonAsync<JsonElement>("/api/v1/ticket-settings")).GetProperty("contentLimitDays").GetInt32().ShouldBe(3650);
    }
}
