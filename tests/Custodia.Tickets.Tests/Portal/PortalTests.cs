using System.Net.Http.Json;
using System.Text.Json;
using Custodia.Tickets.Tests.Attachments;
using Custodia.Tickets.Tests.Server;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Tickets.Tests.Portal;

[Collection(SharedServer.Name)]
public sealed class PortalTests(TicketServer server)
{
    private const string Home = $"/support/{TicketServer.Directory}";

    [Fact]
    public async Task A_person_sees_their_own_tickets_and_nobody_elses()
    {
        var ada = await server.PersonAsync("ada");
        var eve = await server.PersonAsync("eve");
        var (_, number) = await server.OpenAsync(ada, "Printer on fire");
        using var own = server.As(ada);
        (await own.PageAsync(Home)).Shows("Printer on fire").ShouldBeTrue();
        (await own.PageAsync($"{Home}/tickets/{number}")).Shows("Since this morning nothing works.").ShouldBeTrue();
        using var other = server.As(eve);
        (await other.PageAsync(Home)).Shows("Printer on fire").ShouldBeFalse();
        (await other.PageAsync($"{Home}/tickets/{number}")).Status.ShouldBe(404);
        (await other.PageAsync("/support/elsewhere")).Status.ShouldBe(403);
    }

    [Fact]
    public async Task A_form_with_errors_comes_back_with_its_values()
    {
        using var own = server.As(await server.PersonAsync("forms"));
        var form = new TicketForm { ["title"] = "x", ["description"] = "Words that I do not want to type again", ["category"] = "" };
        var answer = await own.SubmitAsync($"{Home}/new", $"{Home}/new", form.Fields);
        answer.Status.ShouldBe(422);
        answer.Shows("3 to 200 characters.").ShouldBeTrue();
        answer.Shows("Choose a category.").ShouldBeTrue();
        answer.Shows("Words that I do not want to type again").ShouldBeTrue();
    }

    [Fact]
    public async Task Sending_a_form_twice_opens_one_ticket()
    {
        var person = await server.PersonAsync("twice");
        using var own = server.As(person);
        var form = new TicketForm { ["submit-key"] = "0123456789abcdef" };
        var first = await own.SubmitAsync($"{Home}/new", $"{Home}/new", form.Fields);
        var second = await own.SubmitAsync($"{Home}/new", $"{Home}/new", form.Fields);
        second.Path.ShouldBe(first.Path);
        (await server.InContextAsync(c => c.Tickets.CountAsync(t => t.Person == person.Person))).ShouldBe(1);
    }

    [Fact]
    public async Task A_form_from_elsewhere_is_refused_before_its_files_are_read()
    {
        using var own = server.As(await server.PersonAsync("forged"));
        using var multipart = new MultipartFormDataContent { { new StringContent("nonsense"), "form-token" }, { new StringContent("abc"), "title" } };
        using var answer = await own.PostAsync($"{Home}/new", multipart);
        answer.StatusCode.ShouldBe(System.Net.HttpStatusCode.BadRequest, await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_secret_is_marked_and_one_click_takes_it_out()
    {
        var person = await server.PersonAsync("redact");
        using var own = server.As(person);
        var form = new TicketForm { ["description"] = "密码：Abc@1234，请帮忙" };
        var marked = await own.SubmitAsync($"{Home}/new", $"{Home}/new", form.Fields);
        marked.Status.ShouldBe(422);
        marked.Shows("<mark title=\"password\">Abc@1234</mark>").ShouldBeTrue();
        form["screening"] = "redact";
        (await own.SubmitAsync($"{Home}/new", $"{Home}/new", form.Fields)).Status.ShouldBe(200);
        var stored = await server.InContextAsync(c => c.Tickets.SingleAsync(t => t.Person == person.Person));
        stored.Description.ToStored().ShouldBe("密码：[taken out]，请帮忙");
        (await server.InContextAsync(c => c.ConfidentialNotes.CountAsync(n => n.TicketId == stored.Id))).ShouldBe(0);
    }

    [Fact]
    public async Task A_secret_can_be_moved_to_the_confidential_field()
    {
        var person = await server.PersonAsync("move");
        using var own = server.As(person);
        var form = new TicketForm { ["description"] = "my password is Sunny#2024 and call 13800138000", ["screening"] = "move" };
        (await own.SubmitAsync($"{Home}/new", $"{Home}/new", form.Fields)).Status.ShouldBe(200);
        var stored = await server.InContextAsync(c => c.Tickets.SingleAsync(t => t.Person == person.Person));
        stored.Description.ToStored().ShouldBe("my password is [see confidential field] and call [see confidential field]");
        var note = await server.InContextAsync(c => c.ConfidentialNotes.SingleAsync(n => n.TicketId == stored.Id));
        (await server.Vault.OpenAsync(note.Place, note.Text, "subject-rights", default)).ShouldBe("Sunny#2024\n13800138000");
    }

    [Fact]
    public async Task Pages_speak_Chinese_to_those_who_ask_for_it()
    {
        using var own = server.As(await server.PersonAsync("zh"));
        own.DefaultRequestHeaders.AcceptLanguage.Clear();
        own.DefaultRequestHeaders.AcceptLanguage.ParseAdd("zh-CN");
        (await own.PageAsync($"{Home}/new")).Shows("新建工单").ShouldBeTrue();
    }

    [Fact]
    public async Task The_desk_lists_filters_shows_and_answers()
    {
        var person = await server.PersonAsync("desk");
        var (id, number) = await server.OpenAsync(person, "Desk sees this");
        using var staff = server.As(server.Agent);
        (await staff.PageAsync($"/console/tickets?number={number}")).Shows("Desk sees this").ShouldBeTrue();
        (await staff.PageAsync("/console/tickets?state=completed&severity=low")).Shows("Desk sees this").ShouldBeFalse();
        var path = $"/console/tickets/{id:N}";
        (await staff.SubmitAsync(path, path + "/step", new Dictionary<string, string> { ["action"] = "accept" })).Query.ShouldContain("ticket-changed");
        (await staff.SubmitAsync(path, path + "/assignee", new Dictionary<string, string> { ["assignee"] = "me" })).Query.ShouldContain("ticket-assigned");
        (await staff.SubmitAsync(path, path + "/reply", new Dictionary<string, string> { ["body"] = "Only among us", ["internal"] = "true" })).Query.ShouldContain("ticket-replied");
        (await staff.SubmitAsync(path, path + "/reply", new Dictionary<string, string> { ["body"] = "Hello customer" }, ("a.png", Pictures.Png(true)))).Query.ShouldContain("ticket-replied");
        var page = await staff.PageAsync(path);
        page.Shows("Only among us").ShouldBeTrue();
        page.Shows("a.png").ShouldBeTrue();
        using var own = server.As(person);
        var theirs = await own.PageAsync($"{Home}/tickets/{number}");
        theirs.Shows("Hello customer").ShouldBeTrue();
        theirs.Shows("Only among us").ShouldBeFalse();
        (await staff.SubmitAsync(path, path + "/step", new Dictionary<string, string> { ["action"] = "complete" })).Status.ShouldBe(409);
    }
}
