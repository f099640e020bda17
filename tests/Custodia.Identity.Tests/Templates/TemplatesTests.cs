using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using Custodia.Identity.Directories;
using Custodia.Identity.Templates;
using Custodia.Identity.Tests.People;
using Custodia.Kernel.Policy;
using Custodia.Kernel.Retention;
using Custodia.Kernel.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Directory = Custodia.Identity.Directories.Directory;

namespace Custodia.Identity.Tests.Templates;

public sealed class TemplatesTests(PeopleServer server) : IClassFixture<PeopleServer>
{
    private const string Home = "/api/v1/directories/customers/templates";

    [Fact]
    public async Task The_list_names_every_message_with_what_it_offers_and_what_is_written()
    {
        var admin = await server.AdminAsync();
        await PutAsync(admin, "passkey-added", "de", new { subject = "Neuer Passkey", text = "Ein Passkey kam zu {{directory}} dazu." });
        var list = await admin.GetFromJsonAsync<JsonElement>(Home);
        var items = list.GetProperty("items").EnumerateArray().ToDictionary(i => i.GetProperty("id").GetString()!);
        items["passkey-added"].GetProperty("own").EnumerateArray().Select(l => l.GetString()).ShouldBe(["de"]);
        items["passkey-added"].GetProperty("builtIn").EnumerateArray().Select(l => l.GetString()).ShouldBe(["en", "zh"]);
        items["sign-in-link"].GetProperty("required").EnumerateArray().Select(l => l.GetString()).ShouldBe(["code", "link"]);
        items["sms-sign-in-code"].GetProperty("channel").GetString().ShouldBe("sms");
        items.ShouldNotContainKey("deletion-overdue");
        // What goes to strangers' addresses has no words of a person.
        foreach (var id in new[] { "sign-up-code", "already-registered", "change-email-code", "invitation", "account-created" })
            items[id].GetProperty("offered").EnumerateArray().Select(l => l.GetString()).ShouldNotContain("name");
        var staff = await admin.GetFromJsonAsync<JsonElement>("/api/v1/directories/staff/templates");
        staff.GetProperty("items").EnumerateArray().Select(i => i.GetProperty("id").GetString()).ShouldContain("deletion-overdue");
    }

    [Fact]
    public async Task What_is_written_is_sent_at_once_and_the_preview_was_the_same()
    {
        var admin = await server.AdminAsync();
        var template = new
        {
            subject = "Hello from {{directory}}",
            text = "{{name}}, your code is {{code}} for {{minutes}} minutes. {{link}}",
            html = "<p style=\"color:#123\">{{name}}, your code is <strong>{{code}}</strong>. <a href=\"{{link}}\">Sign in</a></p>",
        };
        var preview = await (await admin.PostAsJsonAsync($"{Home}/sign-in-link/en/preview", template)).Content.ReadFromJsonAsync<JsonElement>();
        (await SendCodeAsync("wei@customers.example")).Text.ShouldContain("is your code to sign in");

        (await PutAsync(admin, "sign-in-link", "en", template)).GetProperty("source").GetString().ShouldBe("own");
        var mail = await SendCodeAsync("wei@customers.example");
        var code = Regex.Match(mail.Text, "[0-9]{6}").Value;
        mail.Subject.ShouldBe(preview.GetProperty("subject").GetString());
        var name = Regex.Match(mail.Text, "^(.*), your code").Groups[1].Value;
        name.ShouldNotBeEmpty();
        var link = Regex.Match(mail.Text, "http[^ ]*").Value;
        Sample(mail.Text, code, name, link).ShouldBe(preview.GetProperty("text").GetString());
        Sample(mail.Html!, code, WebUtility.HtmlEncode(name), WebUtility.HtmlEncode(link)).ShouldBe(preview.GetProperty("html").GetString());

        (await admin.DeleteAsync($"{Home}/sign-in-link/en")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        var again = await SendCodeAsync("wei@customers.example");
        again.Text.ShouldContain("is your code to sign in");
        again.Html.ShouldBeNull();
        (await admin.DeleteAsync($"{Home}/sign-in-link/en")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Names_of_people_and_directories_are_text_in_html()
    {
        var admin = await server.AdminAsync();
        (await admin.PostAsJsonAsync("/api/v1/directories", new { name = "scripted", title = "<img src=x onerror=alert(1)>" })).StatusCode.ShouldBe(HttpStatusCode.Created);
        const string address = "/api/v1/directories/scripted/templates";
        var put = await admin.PutAsJsonAsync($"{address}/sign-in-link/en", new { subject = "{{name}}", text = "{{code}} {{link}}", html = "<p title=\"{{name}}\">{{name}} {{directory}} {{code}} {{link}}</p>" });
        put.StatusCode.ShouldBe(HttpStatusCode.OK, await put.Content.ReadAsStringAsync());
        (await admin.PostAsJsonAsync("/api/v1/users", new { directory = "scripted", email = "eve@example.com", emailVerified = true, displayName = "\"><script>alert(1)</script>{{code}}" }))
            .StatusCode.ShouldBe(HttpStatusCode.Created);
        var mail = await SendCodeAsync("eve@example.com", "scripted");
        var html = mail.Html!;
        html.ShouldNotContain("<script");
        html.ShouldNotContain("<img");
        html.ShouldContain("title=\"&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;{{code}}\"");
        mail.Subject.ShouldBe("\"><script>alert(1)</script>{{code}}");
    }

    [Fact]
    public async Task People_read_the_language_they_ask_for_and_staff_write_in_the_persons()
    {
        var admin = await server.AdminAsync();
        await PutAsync(admin, "recovery-code", "de", new { subject = "Kennwort", text = "Ihr Code: {{code}}" });
        (await RecoverAsync("sofia@customers.example", "de-AT,en;q=0.5")).Subject.ShouldBe("Kennwort");
        (await RecoverAsync("sofia@customers.example", "en,de;q=0.5")).Subject.ShouldStartWith("Your code for a new password");
        (await RecoverAsync("sofia@customers.example", "zh-CN")).Subject.ShouldContain("设置新密码");
        (await admin.PatchAsJsonAsync(Home, new { defaultLanguage = "de" })).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await RecoverAsync("sofia@customers.example", "fr")).Subject.ShouldBe("Kennwort");
        (await admin.PatchAsJsonAsync(Home, new { defaultLanguage = "" })).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await RecoverAsync("sofia@customers.example", "fr")).Subject.ShouldStartWith("Your code for a new password");

        await PutAsync(admin, "account-created", "de", new { subject = "Willkommen", text = "Anmelden: {{link}}" });
        await admin.PostAsJsonAsync("/api/v1/users", new { directory = "customers", email = "hans@example.com", locale = "de-DE", invite = true });
        (await server.OutboxAsync("hans@example.com")).First(m => m.Origin == "identity.invitation").Subject.ShouldBe("Willkommen");
    }

    [Fact]
    public async Task Bad_templates_are_refused_with_everything_that_is_wrong()
    {
        var admin = await server.AdminAsync();
        var answer = await admin.PutAsJsonAsync($"{Home}/sign-in-link/en", new { subject = "{{code}}\nBcc: eve@example.com", text = "{{nmae}}", html = "<p onclick=\"x\">{{code}} {{link}}</p><script></script>" });
        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        var errors = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("errors");
        errors.GetProperty("subject").GetRawText().ShouldContain("one-line");
        errors.GetProperty("subject").GetRawText().ShouldContain("not-in-subject {{code}} at 1:1");
        errors.GetProperty("text").GetRawText().ShouldContain("unknown-placeholder {{nmae}} at 1:1");
        errors.GetProperty("text").GetRawText().ShouldContain("required-placeholder {{link}}");
        errors.GetProperty("html").GetRawText().ShouldContain("html-attribute p onclick at 1:4");
        errors.GetProperty("html").GetRawText().ShouldContain("html-element script");
        (await admin.GetFromJsonAsync<JsonElement>($"{Home}/sign-in-link/en")).GetProperty("source").GetString().ShouldBe("built-in");

        (await admin.GetAsync($"{Home}/no-such-message/en")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await admin.GetAsync($"{Home}/sign-in-code/en_GB")).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await admin.GetAsync("/api/v1/directories/nowhere/templates")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await admin.PatchAsJsonAsync(Home, new { defaultLanguage = "nonsense!" })).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task An_sms_costs_at_most_three()
    {
        var admin = await server.AdminAsync();
        var long3 = new { text = "{{code}} " + new string('x', 440) };
        var preview = await (await admin.PostAsJsonAsync($"{Home}/sms-sign-in-code/en/preview", long3)).Content.ReadFromJsonAsync<JsonElement>();
        preview.GetProperty("sms").GetProperty("segments").GetInt32().ShouldBe(3);
        preview.GetProperty("sms").GetProperty("encoding").GetString().ShouldBe("GSM-7");
        var answer = await admin.PutAsJsonAsync($"{Home}/sms-sign-in-code/en", new { text = "{{code}} " + new string('码', 200) });
        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await answer.Content.ReadAsStringAsync()).ShouldContain("segments 4");
        (await admin.PutAsJsonAsync($"{Home}/sms-sign-in-code/en", new { subject = "x", text = "{{code}}", html = "<p>{{code}}</p>" })).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task A_test_goes_to_whoever_asks_and_to_nobody_else()
    {
        var staff = await server.SignInAsync("staff", "administrator");
        const string page = "/console/directories/customers/templates/invitation/en";
        (string, string)[] typed = [("subject", "Test of {{directory}}"), ("text", "Come: {{link}}"), ("html", "")];
        await staff.OpenAsync(page);
        await staff.PostAsync($"{page}/test", typed);
        staff.Status.ShouldBe(HttpStatusCode.UnprocessableEntity, "the address is not verified");
        await server.InScopeAsync(services => services.GetRequiredService<IdentityContext>().Users
            .Where(u => u.UserNameIndex != null && u.Email != null).ExecuteUpdateAsync(u => u.SetProperty(x => x.EmailVerified, true)));
        await staff.OpenAsync(page);
        await staff.PostAsync($"{page}/test", typed);
        staff.Status.ShouldBe(HttpStatusCode.OK);
        var sent = (await server.OutboxAsync()).Where(m => m.Origin == "identity.test").ShouldHaveSingleItem();
        sent.Recipient.ShouldBe("administrator@staff.example");
        sent.Text.ShouldBe("Come: https://example.com/sample-link");
        staff.Html.ShouldNotContain("administrator@staff.example");

        // An application is nobody who could read it; a member of staff without a verified number gets no SMS.
        (await (await server.AdminAsync()).PostAsJsonAsync($"{Home}/invitation/en/test", new { })).StatusCode.ShouldBe(HttpStatusCode.Conflict);
        const string sms = "/console/directories/customers/templates/sms-mobile-code/en";
        await staff.OpenAsync(sms);
        await staff.PostAsync($"{sms}/test", ("text", "{{code}}"));
        staff.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await server.OutboxAsync()).Count(m => m.Origin == "identity.test").ShouldBe(1);
    }

    [Fact]
    public async Task The_editor_previews_in_a_frame_that_can_do_nothing_and_stores_only_on_save()
    {
        var staff = await server.SignInAsync("staff", "administrator");
        const string page = "/console/directories/customers/templates/confirm-code/en";
        await staff.OpenAsync(page);
        (string, string)[] typed = [("subject", "Is it you, {{name}}?"), ("text", "{{code}}"), ("html", "<p style=\"color:#a00\">{{code}}</p>")];
        await staff.PostAsync($"{page}/preview", typed);
        staff.Html.ShouldContain("Is it you, Ada Lovelace?");
        staff.Html.ShouldContain("sandbox");
        await staff.PostAsync($"{page}/preview", [("subject", "x"), ("text", "{{nmae}}"), ("html", "<script></script>")]);
        staff.Html.ShouldContain("{{nmae}}");
        staff.Html.ShouldContain("The element script is not allowed.");
        (await (await server.AdminAsync()).GetFromJsonAsync<JsonElement>($"{Home}/confirm-code/en")).GetProperty("source").GetString().ShouldBe("built-in");

        await staff.PostAsync(page, typed);
        staff.Location.ShouldBe($"{page}?note=saved");
        (await (await server.AdminAsync()).GetFromJsonAsync<JsonElement>($"{Home}/confirm-code/en")).GetProperty("html").GetString().ShouldBe("<p style=\"color:#a00\">{{code}}</p>");
        await staff.OpenAsync(page);
        await staff.PostAsync($"{page}/preview/html", typed);
        staff.Html.ShouldContain("<p style=\"color:#a00\">123456</p>");
        await staff.OpenAsync(page);
        await staff.PostAsync($"{page}/reset");
        (await (await server.AdminAsync()).GetFromJsonAsync<JsonElement>($"{Home}/confirm-code/en")).GetProperty("source").GetString().ShouldBe("built-in");
        (await server.LogAsync("identity.admin-action-log")).ShouldContain(e => e.Fields.Any(f => Equals(f.Value, "directories.templates")));
    }

    [Fact]
    public async Task Another_accounts_directory_is_not_there()
    {
        await server.InScopeAsync(async services =>
        {
            var database = services.GetRequiredService<IdentityContext>();
            database.Directories.Add(new Directory { Id = Guid.CreateVersion7(), Account = 999_999, Name = "foreign", Kind = DirectoryKind.Customer, Title = "Foreign", TitleZh = "外部", CreatedAt = server.Time.GetUtcNow() });
            await database.SaveChangesAsync();
        });
        var admin = await server.AdminAsync();
        const string home = "/api/v1/directories/foreign/templates";
        (await admin.GetAsync(home)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await admin.GetAsync($"{home}/sign-in-code/en")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await admin.PutAsJsonAsync($"{home}/sign-in-code/en", new { subject = "x", text = "{{code}}" })).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await admin.PostAsJsonAsync($"{home}/sign-in-code/en/preview", new { })).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await admin.PostAsJsonAsync($"{home}/sign-in-code/en/test", new { })).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await admin.DeleteAsync($"{home}/sign-in-code/en")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await admin.PatchAsJsonAsync(home, new { defaultLanguage = "en" })).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Templates_go_when_the_account_ends_the_service()
    {
        var directory = Guid.CreateVersion7();
        await server.InScopeAsync(async services =>
        {
            var database = services.GetRequiredService<IdentityContext>();
            database.MessageTemplates.Add(new MessageTemplate { Account = 888_888, DirectoryId = directory, Message = "sign-in-code", Language = "en", Subject = "x", Text = "{{code}}", UpdatedAt = server.Time.GetUtcNow() });
            database.TemplateSettings.Add(new TemplateSettings { Account = 888_888, DirectoryId = directory, DefaultLanguage = "de", UpdatedAt = server.Time.GetUtcNow() });
            await database.SaveChangesAsync();
            var rule = services.GetServices<IRetentionRule>().OfType<TemplateTermination>().ShouldHaveSingleItem();
            var accounts = services.GetRequiredService<AccountServices>();
            await accounts.OpenAsync(888_888, AccountServices.Identity, default);
            var moment = new RetentionMoment(server.Time.GetUtcNow().AddDays(31), new DeletionTrigger.Event("service-terminated", default));
            (await rule.EnforceAsync(moment, default)).ShouldBe(0);
            await accounts.TerminateAsync(888_888, AccountServices.Identity, default);
            (await rule.PreviewAsync(moment, default)).Due.ShouldBe(2);
            (await rule.EnforceAsync(moment, default)).ShouldBe(2);
            (await database.MessageTemplates.CountAsync(t => t.Account == 888_888)).ShouldBe(0);
        });
    }

    [Fact]
    public async Task Twenty_at_once_leave_one_template()
    {
        var admin = await server.AdminAsync();
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => admin.PutAsJsonAsync($"{Home}/new-device/fr", new { subject = $"Essai {i}", text = "Bonjour" })));
        answers.ShouldAllBe(a => a.StatusCode == HttpStatusCode.OK);
        var stored = await admin.GetFromJsonAsync<JsonElement>($"{Home}/new-device/fr");
        stored.GetProperty("subject").GetString()!.ShouldStartWith("Essai ");
        stored.GetProperty("sourceLanguage").GetString().ShouldBe("fr");
    }

    private static string Sample(string text, string code, string name, string link) =>
        text.Replace(link, "https://example.com/sample-link", StringComparison.Ordinal).Replace(code, "123456", StringComparison.Ordinal).Replace(name, "Ada Lovelace", StringComparison.Ordinal);

    private static async Task<JsonElement> PutAsync(HttpClient admin, string id, string language, object body)
    {
        var answer = await admin.PutAsJsonAsync($"{Home}/{id}/{language}", body);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, await answer.Content.ReadAsStringAsync());
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }

    private async Task<Custodia.Testing.OutboxItem> SendCodeAsync(string email, string directory = "customers")
    {
        var visitor = await server.Visitor().OpenAsync($"/d/{directory}/sign-in/code");
        await visitor.PostAsync($"/d/{directory}/sign-in/code", ("email", email));
        visitor.Status.ShouldBe(HttpStatusCode.OK);
        server.Time.Advance(TimeSpan.FromSeconds(2));
        return (await server.OutboxAsync(email)).First(m => m.Origin == "identity.code");
    }

    private async Task<Custodia.Testing.OutboxItem> RecoverAsync(string email, string languages)
    {
        var visitor = server.Visitor();
        visitor.Languages = languages;
        await visitor.OpenAsync("/d/customers/recover");
        await visitor.PostAsync("/d/customers/recover", ("email", email));
        visitor.Status.ShouldBe(HttpStatusCode.OK);
        server.Time.Advance(TimeSpan.FromSeconds(2));
        return (await server.OutboxAsync(email)).First(m => m.Origin == "identity.code");
    }
}
