using System.Net.Http.Json;
using Custodia.Tickets.Tests.Server;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Tickets.Tests.Contacts;

[Collection(SharedServer.Name)]
public sealed class ContactTests(TicketServer server)
{
    [Fact]
    public async Task A_contact_counts_only_after_its_code_came_back()
    {
        var page = await PageAsync("verify", "verify@home.example");
        (await page.SendAsync("Other.Verify@Work.example")).Query.ShouldContain("ticket-code-sent");
        (await server.InContextAsync(c => c.ContactEmails.AnyAsync(e => e.TicketId == page.Ticket))).ShouldBeFalse();
        var code = await server.MailedCodeAsync("other.verify@work.example");
        code.ShouldNotBeNull();
        var verified = await page.CodeAsync(code);
        verified.Query.ShouldContain("ticket-contact-verified");
        verified.Shows("other.verify@").ShouldBeFalse();
        verified.Shows("@work.example").ShouldBeTrue();
        var contact = await server.InContextAsync(c => c.ContactEmails.SingleAsync(e => e.TicketId == page.Ticket));
        (await server.Vault.OpenAsync(contact.Place, contact.Email, "progress-notification", default)).ShouldBe("other.verify@work.example");
        (await page.CodeAsync(code)).Status.ShouldBe(422);
    }

    [Fact]
    public async Task Five_wrong_codes_end_it_even_for_the_right_one()
    {
        var page = await PageAsync("guess");
        await page.SendAsync("guess@work.example");
        var right = await server.MailedCodeAsync("guess@work.example");
        var wrong = right == "111111" ? "222222" : "111111";
        for (var left = 4; left >= 0; left--) (await page.CodeAsync(wrong)).Shows($"Tries left: {left}.").ShouldBeTrue();
        (await page.CodeAsync(right!)).Shows("There is no valid code.").ShouldBeTrue();
    }

    [Fact]
    public async Task A_code_is_used_once_even_by_twenty_at_a_time()
    {
        var page = await PageAsync("parallel");
        await page.SendAsync("parallel@work.example");
        var code = await server.MailedCodeAsync("parallel@work.example");
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => page.CodeAsync(code!)));
        answers.Count(a => a.Query.Contains("ticket-contact-verified", StringComparison.Ordinal)).ShouldBe(1);
        (await server.InContextAsync(c => c.ContactEmails.CountAsync(e => e.TicketId == page.Ticket))).ShouldBe(1);
    }

    [Fact]
    public async Task The_registered_contact_needs_a_tick_and_no_code()
    {
        var page = await PageAsync("registered", "registered@home.example");
        (await page.SendAsync("Registered@Home.example")).Shows("This is the contact you registered with.").ShouldBeTrue();
        (await page.SendAsync("no address")).Shows("Not a mail address.").ShouldBeTrue();
        await AnswerAsync(page.Ticket);
        (await server.OutboxAsync("registered@home.example")).ShouldBeEmpty();
        await page.PostAsync("contact/registered", ("use", "true"));
        await AnswerAsync(page.Ticket);
        (await server.OutboxAsync("registered@home.example")).ShouldHaveSingleItem().Text.ShouldContain($"/support/{TicketServer.Directory}/tickets/");
    }

    [Fact]
    public async Task News_go_to_the_verified_contact_in_the_persons_language_and_say_nothing_of_the_content()
    {
        var page = await PageAsync("news", locale: "zh-CN");
        await page.VerifyAsync("news@work.example");
        await AnswerAsync(page.Ticket, "The secret answer is forty-two.");
        var mail = (await server.OutboxAsync("news@work.example")).Single(m => m.Origin == "tickets.progress");
        mail.Subject.ShouldContain("有新进展");
        mail.Text.ShouldNotContain("forty-two");
    }

    [Fact]
    public async Task A_mobile_is_verified_by_SMS()
    {
        var page = await PageAsync("mobile");
        (await page.PostAsync("contact", ("kind", "mobile"), ("contact", "+86 138 0013 8000"))).Query.ShouldContain("ticket-code-sent");
        var sms = (await server.OutboxAsync("+8613800138000")).ShouldHaveSingleItem();
        sms.Channel.ShouldBe("sms");
        var code = System.Text.RegularExpressions.Regex.Match(sms.Text, "[0-9]{6}").Value;
        (await page.PostAsync("contact/code", ("kind", "mobile"), ("code", code))).Query.ShouldContain("ticket-contact-verified");
        (await server.InContextAsync(c => c.ContactMobiles.CountAsync(e => e.TicketId == page.Ticket))).ShouldBe(1);
    }

    [Fact]
    public async Task The_persons_button_deletes_the_contact_and_its_key()
    {
        var page = await PageAsync("forget");
        await page.VerifyAsync("forget@work.example");
        var contact = await server.InContextAsync(c => c.ContactEmails.AsNoTracking().SingleAsync(e => e.TicketId == page.Ticket));
        (await page.PostAsync("contact/forget", ("kind", "email"))).Query.ShouldContain("ticket-contact-forgotten");
        (await server.InContextAsync(c => c.ContactEmails.AnyAsync(e => e.TicketId == page.Ticket))).ShouldBeFalse();
        (await server.Vault.OpenAsync(contact.Place, contact.Email, "progress-notification", default)).ShouldBeNull();
        (await server.InContextAsync(c => c.RetiredKeys.CountAsync())).ShouldBe(0);
    }

    [Fact]
    public async Task Closing_tells_the_person_and_then_forgets_everything_lent_for_the_ticket()
    {
        var page = await PageAsync("closing");
        await page.VerifyAsync("closing@work.example");
        await page.PostAsync("confidential", ("confidential", "The vault is behind the picture"));
        using var staff = server.Api(server.Agent);
        (await staff.PostAsJsonAsync($"/api/v1/tickets/{page.Ticket}/transitions", new { action = "accept" })).EnsureSuccessStatusCode();
        (await page.PostAsync("authorisations", ("scope", "look"), ("host", "db1"), ("systemAccount", "root"), ("password", "pw"), ("grantedTo", server.Agent.Person.ToString()!), ("until", Tomorrow()))).Query.ShouldContain("ticket-granted");
        var before = await server.InContextAsync(async c => (
            Contact: await c.ContactEmails.AsNoTracking().SingleAsync(e => e.TicketId == page.Ticket),
            Note: await c.ConfidentialNotes.AsNoTracking().SingleAsync(e => e.TicketId == page.Ticket),
            Grant: await c.Authorisations.AsNoTracking().SingleAsync(e => e.TicketId == page.Ticket)));

        (await staff.PostAsJsonAsync($"/api/v1/tickets/{page.Ticket}/transitions", new { action = "reject" })).EnsureSuccessStatusCode();

        (await server.OutboxAsync("closing@work.example")).Count(m => m.Origin == "tickets.progress").ShouldBe(2);
        (await server.InContextAsync(async c => await c.ContactEmails.CountAsync(e => e.TicketId == page.Ticket) + await c.ConfidentialNotes.CountAsync(e => e.TicketId == page.Ticket) + await c.Authorisations.CountAsync(e => e.TicketId == page.Ticket))).ShouldBe(0);
        (await server.Vault.OpenAsync(before.Contact.Place, before.Contact.Email, "progress-notification", default)).ShouldBeNull();
        (await server.Vault.OpenAsync(before.Note.Place, before.Note.Text, "subject-rights", default)).ShouldBeNull();
        (await server.Vault.OpenAsync(before.Grant.Place("password"), before.Grant.Password, "subject-rights", default)).ShouldBeNull();
        (await page.SendAsync("late@work.example")).Shows("does not allow this").ShouldBeTrue();
    }

    [Fact]
    public async Task More_than_five_codes_an_hour_are_not_sent()
    {
        var page = await PageAsync("flood");
        for (var i = 0; i < 5; i++) (await page.SendAsync($"flood{i}@work.example")).Query.ShouldContain("ticket-code-sent");
        (await page.SendAsync("flood9@work.example")).Shows("Too many codes were sent.").ShouldBeTrue();
    }

    private string Tomorrow() => server.Time.GetUtcNow().AddDays(1).ToString("yyyy-MM-dd");

    private async Task<TicketPage> PageAsync(string name, string? email = null, string locale = "en") => await TicketPage.OpenAsync(server, await server.PersonAsync(name, email, locale: locale));

    private async Task AnswerAsync(Guid ticket, string body = "We are on it.")
    {
        using var staff = server.Api(server.Agent);
        (await staff.PostAsJsonAsync($"/api/v1/tickets/{ticket}/messages", new { body })).EnsureSuccessStatusCode();
    }
}
