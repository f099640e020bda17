using System.Net.Http.Json;
using System.Text.Json;
using Custodia.Tickets.Contacts;
using Custodia.Tickets.Tests.Attachments;
using Custodia.Tickets.Tests.Server;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Tickets.Tests.Retention;

/// <summary>Each promise by the clock: gone on the day the policy says, and not before.</summary>
public sealed class RetentionTests(TicketServer server) : IClassFixture<TicketServer>
{
    [Fact]
    public async Task A_contact_email_is_forgotten_three_months_after_it_was_verified_and_its_key_with_it()
    {
        // The policy counts three months back, which for the last days of a month is not the same as three months on.
        server.Time.AdvanceToMidMonth();
        var page = await TicketPage.OpenAsync(server, await server.PersonAsync("age"));
        await page.VerifyAsync("age@work.example");
        var contact = await server.InContextAsync(c => c.ContactEmails.AsNoTracking().SingleAsync(e => e.TicketId == page.Ticket));
        var due = contact.VerifiedAt.AddMonths(3);
        server.Time.Advance(due - server.Time.GetUtcNow() - TimeSpan.FromHours(1));
        await server.EnforceAsync(ContactEmail.Category, "age-since-verified");
        (await server.InContextAsync(c => c.ContactEmails.AnyAsync(e => e.TicketId == page.Ticket))).ShouldBeTrue();
        server.Time.Advance(TimeSpan.FromHours(2));
        (await server.EnforceAsync(ContactEmail.Category, "age-since-verified")).Deleted.ShouldBeGreaterThanOrEqualTo(1);
        (await server.InContextAsync(c => c.ContactEmails.AnyAsync(e => e.TicketId == page.Ticket))).ShouldBeFalse();
        (await server.Vault.OpenAsync(contact.Place, contact.Email, "progress-notification", default)).ShouldBeNull();
    }

    [Fact]
    public async Task A_code_is_worthless_after_five_minutes_and_gone_after_a_day()
    {
        var page = await TicketPage.OpenAsync(server, await server.PersonAsync("code"));
        await page.SendAsync("code@work.example");
        var code = await server.MailedCodeAsync("code@work.example");
        server.Time.Advance(TimeSpan.FromMinutes(5) + TimeSpan.FromSeconds(1));
        (await page.CodeAsync(code!)).Status.ShouldBe(422);
        await server.EnforceAsync(ContactCode.Category, "age");
        (await server.InContextAsync(c => c.ContactCodes.CountAsync(e => e.TicketId == page.Ticket))).ShouldBe(1);
        server.Time.Advance(TimeSpan.FromDays(1));
        (await server.EnforceAsync(ContactCode.Category, "age")).Deleted.ShouldBe(1);
        (await server.InContextAsync(c => c.ContactCodes.CountAsync(e => e.TicketId == page.Ticket))).ShouldBe(0);
    }

    [Fact]
    public async Task A_grant_ends_with_its_date_for_everybody_at_once_and_for_good()
    {
        var page = await TicketPage.OpenAsync(server, await server.PersonAsync("grant"));
        using var staff = server.Api(server.Agent);
        (await staff.PostAsJsonAsync($"/api/v1/tickets/{page.Ticket}/transitions", new { action = "accept" })).EnsureSuccessStatusCode();
        await page.PostAsync("authorisations", ("scope", "look"), ("host", "h"), ("systemAccount", "a"), ("password", "p"), ("grantedTo", server.Agent.Person.ToString()!), ("until", server.Time.GetUtcNow().AddDays(1).ToString("yyyy-MM-dd")));
        var grant = await server.InContextAsync(c => c.Authorisations.AsNoTracking().SingleAsync(a => a.TicketId == page.Ticket));
        (await server.EnforceAsync("tickets.authorisation", "grant-expired")).Deleted.ShouldBe(0);
        server.Time.Advance(grant.ValidUntil - server.Time.GetUtcNow() + TimeSpan.FromSeconds(1));
        var reveal = await staff.PostAsJsonAsync($"/api/v1/tickets/{page.Ticket}/authorisations/{grant.Id}/password/reveal", new { purpose = "ticket-troubleshooting", reason = "too late" });
        ((int)reveal.StatusCode).ShouldBe(404);
        (await server.EnforceAsync("tickets.authorisation", "grant-expired")).Deleted.ShouldBe(1);
        (await server.Vault.OpenAsync(grant.Place("password"), grant.Password, "subject-rights", default)).ShouldBeNull();
    }

    [Fact]
    public async Task A_link_to_a_file_works_for_five_minutes()
    {
        var page = await TicketPage.OpenAsync(server, await server.PersonAsync("link"));
        await page.ReplyAsync("See", ("a.png", Pictures.Png(false)));
        var file = await server.InContextAsync(c => c.Attachments.SingleAsync(a => a.TicketId == page.Ticket));
        using var staff = server.Api(server.Agent);
        var link = (await (await staff.PostAsync($"/api/v1/tickets/{page.Ticket}/attachments/{file.Id}/link", null)).JsonAsync()).GetProperty("url").GetString();
        server.Time.Advance(TimeSpan.FromMinutes(4));
        ((int)(await server.Client().GetAsync(link)).StatusCode).ShouldBe(200);
        server.Time.Advance(TimeSpan.FromMinutes(2));
        ((int)(await server.Client().GetAsync(link)).StatusCode).ShouldBe(404);
    }

    [Fact]
    public async Task Tickets_stay_until_the_account_sets_a_limit_and_then_go_whole()
    {
        var page = await TicketPage.OpenAsync(server, await server.PersonAsync("limit"));
        await page.ReplyAsync("See", ("a.png", Pictures.Png(false)));
        var file = await server.InContextAsync(c => c.Attachments.SingleAsync(a => a.TicketId == page.Ticket));
        var open = await TicketPage.OpenAsync(server, await server.PersonAsync("open"));
        await page.PostAsync("step", ("action", "cancel"));
        server.Time.Advance(TimeSpan.FromDays(400));
        (await server.EnforceAsync("tickets.content", "account-limit")).ShouldBe((0, 0));
        using var owner = server.Api(server.Owner);
        (await owner.PutAsJsonAsync("/api/v1/ticket-settings", new { contentLimitDays = 365 })).EnsureSuccessStatusCode();
        (await server.EnforceAsync("tickets.content", "account-limit")).Deleted.ShouldBeGreaterThanOrEqualTo(1);
        (await server.EnforceAsync("tickets.record", "account-limit")).ShouldBe((0, 0));
        (await server.InContextAsync(c => c.Tickets.Where(t => t.Id == page.Ticket || t.Id == open.Ticket).Select(t => t.Id).ToListAsync())).ShouldBe([open.Ticket]);
        (await server.InContextAsync(async c => await c.Messages.CountAsync(m => m.TicketId == page.Ticket) + await c.Attachments.CountAsync(a => a.TicketId == page.Ticket) + await c.RetiredKeys.CountAsync())).ShouldBe(0);
        File.Exists(Path.Combine(server.DataDirectory, "files", "tickets", file.StoredName[..2], file.StoredName)).ShouldBeFalse();
    }

    [Fact]
    public async Task What_a_crash_left_between_row_and_key_is_finished_by_the_next_round()
    {
        var page = await TicketPage.OpenAsync(server, await server.PersonAsync("crash"));
        await page.VerifyAsync("crash@work.example");
        var contact = await server.InContextAsync(c => c.ContactEmails.AsNoTracking().SingleAsync(e => e.TicketId == page.Ticket));
        // The ticket closed and the server died before it forgot.
        await server.InContextAsync(c => c.Tickets.Where(t => t.Id == page.Ticket).ExecuteUpdateAsync(set => set.SetProperty(t => t.State, Custodia.Tickets.Tickets.TicketState.Cancelled)));
        (await server.EnforceAsync(ContactEmail.Category, "ticket-closed")).ShouldBe((1, 1));
        (await server.Vault.OpenAsync(contact.Place, contact.Email, "progress-notification", default)).ShouldBeNull();
    }
}
