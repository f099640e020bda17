using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Custodia.Kernel.Access;
using Custodia.Tickets.Tests.Server;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Tickets.Tests.Contacts;

[Collection(SharedServer.Name)]
public sealed class RevealTests(TicketServer server)
{
    [Fact]
    public async Task Off_the_whitelist_a_reveal_is_refused_and_recorded_on_it_it_opens_and_is_recorded()
    {
        var page = await TicketPage.OpenAsync(server, await server.PersonAsync("reveal"));
        await page.VerifyAsync("reveal@work.example");
        using var owner = server.Api(server.Owner);
        var whole = await owner.GetFromJsonAsync<JsonElement>($"/api/v1/tickets/{page.Ticket}");
        whole.GetProperty("sealed").GetProperty("contactEmail").GetString().ShouldBe("r***@work.example");

        var body = new { purpose = "progress-notification", reason = "The mail came back" };
        var path = $"/api/v1/tickets/{page.Ticket}/contacts/email/reveal";
        using var refused = await owner.PostAsJsonAsync(path, body);
        (await refused.ProblemAsync(403)).ShouldBe("not-on-whitelist");
        using var lead = server.Api(server.Lead);
        using var noPurpose = await lead.PostAsJsonAsync(path, new { purpose = "curiosity", reason = "because" });
        (await noPurpose.JsonAsync()).GetProperty("errors").TryGetProperty("purpose", out _).ShouldBeTrue();
        using var noReason = await lead.PostAsJsonAsync(path, new { purpose = "progress-notification", reason = " " });
        noReason.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        using var opened = await lead.PostAsJsonAsync(path, body);
        opened.Headers.CacheControl!.NoStore.ShouldBeTrue();
        (await opened.JsonAsync()).GetProperty("value").GetString().ShouldBe("reveal@work.example");

        var history = (await lead.GetFromJsonAsync<JsonElement>($"/api/v1/tickets/{page.Ticket}/reveals")).GetProperty("items");
        history.EnumerateArray().Select(r => (r.GetProperty("who").GetString(), r.GetProperty("result").GetString()))
            .ShouldBe([("lead", "revealed"), ("lead", "invalid"), ("lead", "invalid"), ("owner", "not-on-whitelist")]);
        var shown = await page.ShowAsync();
        shown.Shows("The mail came back").ShouldBeTrue();
        shown.Shows("not-on-whitelist").ShouldBeTrue();
    }

    [Fact]
    public async Task The_desk_shows_masks_reveals_once_and_says_why_not()
    {
        var page = await TicketPage.OpenAsync(server, await server.PersonAsync("desk-reveal", "desk-reveal@home.example"));
        await page.PostAsync("confidential", ("confidential", "Under the doormat"));
        var note = (await server.InContextAsync(c => c.ConfidentialNotes.SingleAsync(n => n.TicketId == page.Ticket))).Id;
        var path = $"/console/tickets/{page.Ticket:N}";
        using var owner = server.As(server.Owner);
        (await owner.PageAsync(path)).Shows("d***@home.example").ShouldBeTrue();
        var form = new Dictionary<string, string> { ["target"] = $"note:{note:N}", ["purpose"] = "as-customer-says", ["reason"] = "Asked to" };
        var refused = await owner.SubmitAsync(path, path + "/reveal", form);
        refused.Status.ShouldBe(403);
        refused.Shows("Your roles are not on the whitelist of tickets.confidential").ShouldBeTrue();
        refused.Shows("Under the doormat").ShouldBeFalse();
        using var agent = server.As(server.Agent);
        (await agent.SubmitAsync(path, path + "/reveal", form)).Shows("Under the doormat").ShouldBeTrue();
        (await agent.PageAsync(path)).Shows("Under the doormat").ShouldBeFalse();
    }

    [Fact]
    public async Task An_authorisation_is_opened_by_the_named_member_of_staff_only()
    {
        var (page, grant) = await GrantAsync("named", server.Agent);
        var path = $"/api/v1/tickets/{page.Ticket}/authorisations/{grant}/password/reveal";
        var body = new { purpose = "ticket-troubleshooting", reason = "Looking into it" };
        using var lead = server.Api(server.Lead);
        using var refused = await lead.PostAsJsonAsync(path, body);
        (await refused.ProblemAsync(403)).ShouldBe("not-named");
        using var agent = server.Api(server.Agent);
        using var opened = await agent.PostAsJsonAsync(path, body);
        (await opened.JsonAsync()).GetProperty("value").GetString().ShouldBe("s3cret!");
        using var unknown = await agent.PostAsJsonAsync(path.Replace("password", "shoe-size", StringComparison.Ordinal), body);
        unknown.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        var shown = await page.ShowAsync();
        shown.Shows("not-named").ShouldBeTrue();
        shown.Shows("Looking into it").ShouldBeTrue();
    }

    [Fact]
    public async Task A_revoked_authorisation_is_gone_with_its_key()
    {
        var (page, grant) = await GrantAsync("revoked", server.Agent);
        var row = await server.InContextAsync(c => c.Authorisations.AsNoTracking().SingleAsync(a => a.Id == grant));
        (await page.PostAsync($"authorisations/{grant:N}/revoke")).Query.ShouldContain("ticket-revoked");
        using var agent = server.Api(server.Agent);
        (await agent.PostAsJsonAsync($"/api/v1/tickets/{page.Ticket}/authorisations/{grant}/host/reveal", new { purpose = "ticket-troubleshooting", reason = "late" })).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await server.Vault.OpenAsync(row.Place("host"), row.Host, "subject-rights", default)).ShouldBeNull();
    }

    [Fact]
    public async Task A_grant_to_nobody_for_ever_is_not_valid()
    {
        var page = await TicketPage.OpenAsync(server, await server.PersonAsync("invalid-grant"));
        using var staff = server.Api(server.Agent);
        (await staff.PostAsJsonAsync($"/api/v1/tickets/{page.Ticket}/transitions", new { action = "accept" })).EnsureSuccessStatusCode();
        var answer = await page.PostAsync("authorisations", ("scope", "everything"), ("host", ""), ("systemAccount", "x"), ("password", "y"), ("grantedTo", Guid.CreateVersion7().ToString()), ("until", "2999-01-01"));
        answer.Status.ShouldBe(422);
        answer.Shows("A day ahead, at most 30 days.").ShouldBeTrue();
        answer.Shows("Choose a member of staff.").ShouldBeTrue();
        (await server.InContextAsync(c => c.Authorisations.AnyAsync(a => a.TicketId == page.Ticket))).ShouldBeFalse();
    }

    private async Task<(TicketPage Page, Guid Grant)> GrantAsync(string name, Caller staff)
    {
        var page = await TicketPage.OpenAsync(server, await server.PersonAsync(name));
        using var client = server.Api(staff);
        (await client.PostAsJsonAsync($"/api/v1/tickets/{page.Ticket}/transitions", new { action = "accept" })).EnsureSuccessStatusCode();
        var until = server.Time.GetUtcNow().AddDays(2).ToString("yyyy-MM-dd");
        (await page.PostAsync("authorisations", ("scope", "change"), ("host", "db1.example"), ("systemAccount", "root"), ("password", "s3cret!"), ("grantedTo", staff.Person.ToString()!), ("until", until)))
            .Query.ShouldContain("ticket-granted");
        return (page, (await server.InContextAsync(c => c.Authorisations.SingleAsync(a => a.TicketId == page.Ticket))).Id);
    }
}
