using System.Text;
using Custodia.Kernel.Deletion;
using Custodia.Tickets.Tests.Attachments;
using Custodia.Tickets.Tests.Server;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Custodia.Tickets.Tests.Erasure;

[Collection(SharedServer.Name)]
public sealed class ErasureTests(TicketServer server)
{
    [Fact]
    public async Task A_person_leaves_and_the_text_stays_without_them()
    {
        var person = await server.PersonAsync("zoe.canary", "zoe@home.example", "+8613700137000", "Zoe Canary");
        var page = await TicketPage.OpenAsync(server, person, "Zoe Canary cannot sign in", "I am zoe.canary, mail zoe@home.example.");
        await page.VerifyAsync("zoe@work.example");
        await page.PostAsync("confidential", ("confidential", "under the mat"));
        (await page.ReplyAsync("Screenshot of Zoe", ("me.png", Pictures.Png(false)), ("zoe.canary.txt", "user=zoe.canary ok\n"u8.ToArray()))).Status.ShouldBe(200);
        var before = await server.InContextAsync(c => c.Tickets.AsNoTracking().SingleAsync(t => t.Id == page.Ticket));
        var files = await server.InContextAsync(c => c.Attachments.Where(a => a.TicketId == page.Ticket).Select(a => a.StoredName).ToListAsync());
        var exported = await ExportAsync(person);
        exported.ShouldContain("tickets.contact-email email=zoe@work.example");
        exported.ShouldContain("tickets.confidential text=under the mat");
        exported.ShouldContain("tickets.registered-contact mobile=+8613700137000");
        exported.ShouldContain("tickets.content messages=Screenshot of Zoe");

        var report = await EraseAsync(person);
        Of(report, "tickets.content").ShouldBe((2, 1, 1));
        Of(report, "tickets.contact-email").ShouldBe((1, 1, 0));
        Of(report, "tickets.confidential").ShouldBe((1, 1, 0));
        Of(report, "tickets.registered-contact").ShouldBe((1, 1, 0));
        report.Categories.Single(c => c.Category == "tickets.content").Reason.ShouldNotBeNull().ShouldContain("de-identified");

        var ticket = await server.InContextAsync(c => c.Tickets.SingleAsync(t => t.Id == page.Ticket));
        ticket.Title.ToStored().ShouldBe("[removed] cannot sign in");
        ticket.Description.ToStored().ShouldBe("I am [removed], mail [removed].");
        (ticket.Person, ticket.IdempotencyKey).ShouldBe((null, null));
        ticket.ContentKey.ShouldNotBe(before.ContentKey);
        var message = await server.InContextAsync(c => c.Messages.SingleAsync(m => m.TicketId == page.Ticket));
        (message.Author, message.Body.ToStored()).ShouldBe((null, "Screenshot of [removed]"));
        (await server.Vault.DestroyAsync(((Kernel.Storage.IOwnedData)before).OwnerKey, "test", default)).DestroyedAt.ShouldBeLessThanOrEqualTo(server.Time.GetUtcNow());
        (await server.InContextAsync(c => c.RetiredKeys.CountAsync())).ShouldBe(0);
        var file = await server.InContextAsync(c => c.Attachments.SingleAsync(a => a.TicketId == page.Ticket));
        file.FileName.ToStored().ShouldBe("[removed].txt");
        using var text = new MemoryStream();
        (await server.Services.GetRequiredService<Custodia.Tickets.Attachments.AttachmentFiles>().CopyToAsync(file, text, default)).ShouldBeTrue();
        Encoding.UTF8.GetString(text.ToArray()).ShouldBe("user=[removed] ok\n");
        files.Count.ShouldBe(2);
        foreach (var name in files) File.Exists(Path.Combine(server.DataDirectory, "files", "tickets", name[..2], name)).ShouldBeFalse();

        var again = await EraseAsync(person);
        again.Categories.ShouldAllBe(c => c.Found == 0);
        (await ExportAsync(person)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_member_of_staff_leaves_and_their_answers_stay_unsigned()
    {
        var page = await TicketPage.OpenAsync(server, await server.PersonAsync("stays"));
        var leaver = server.Staff("leaver", Kernel.Access.Role.SupportAgent);
        using var client = server.As(leaver);
        var path = $"/console/tickets/{page.Ticket:N}";
        await client.SubmitAsync(path, path + "/step", new Dictionary<string, string> { ["action"] = "accept" });
        await client.SubmitAsync(path, path + "/reply", new Dictionary<string, string> { ["body"] = "I help" });
        (await page.ShowAsync()).Shows("leaver").ShouldBeTrue();
        await EraseAsync(leaver);
        var shown = await page.ShowAsync();
        shown.Shows("leaver").ShouldBeFalse();
        shown.Shows("I help").ShouldBeTrue();
        (await server.InContextAsync(c => c.Tickets.SingleAsync(t => t.Id == page.Ticket))).Assignee.ShouldBeNull();
    }

    [Fact]
    public async Task Interrupted_after_the_first_ticket_the_next_run_goes_on()
    {
        var person = await server.PersonAsync("halfway", "halfway@home.example");
        var first = await TicketPage.OpenAsync(server, person, "First of halfway");
        var second = await TicketPage.OpenAsync(server, person, "Second of halfway");
        using var stop = new CancellationTokenSource();
        await using (var scope = server.Services.CreateAsyncScope())
        {
            var subject = new Subject(person.Account, person.Person!.Value);
            var known = await scope.ServiceProvider.GetRequiredService<Custodia.Tickets.Erasure.IdentifierReader>().ReadAsync(subject, default);
            var ticket = await scope.ServiceProvider.GetRequiredService<TicketsContext>().Tickets.AsNoTracking().SingleAsync(t => t.Id == first.Ticket);
            await scope.ServiceProvider.GetRequiredService<Custodia.Tickets.Erasure.Deidentification>().RunAsync(ticket, subject, known, new(), default);
        }

        var report = await EraseAsync(person);
        Of(report, "tickets.content").ShouldBe((1, 0, 1));
        (await server.InContextAsync(c => c.Tickets.Where(t => t.Id == first.Ticket || t.Id == second.Ticket).OrderBy(t => t.Number).ToListAsync())).Select(t => t.Title.ToStored())
            .ShouldBe(["First of [removed]", "Second of [removed]"]);
    }

    private static (int Found, int Deleted, int Kept) Of(ErasureReport report, string category)
    {
        var line = report.Categories.Single(c => c.Category == category);
        return (line.Found, line.Deleted, line.Kept);
    }

    private async Task<ErasureReport> EraseAsync(Kernel.Access.Caller person)
    {
        await using var scope = server.Services.CreateAsyncScope();
        return await Data(scope).EraseAsync(new Subject(person.Account, person.Person!.Value), default);
    }

    private async Task<IReadOnlyList<string>> ExportAsync(Kernel.Access.Caller person)
    {
        await using var scope = server.Services.CreateAsyncScope();
        var lines = new List<string>();
        await foreach (var item in Data(scope).ExportAsync(new Subject(person.Account, person.Person!.Value), default))
            lines.AddRange(item.Values.Select(v => $"{item.Category} {v.Key}={v.Value}"));
        return lines;
    }

    private static ISubjectData Data(AsyncServiceScope scope) => scope.ServiceProvider.GetServices<ISubjectData>().Single(d => d.Module == "tickets");
}
