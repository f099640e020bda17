using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Custodia.Identity.Tests.People;
using Custodia.Identity.Webhooks;
using Custodia.Kernel.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Directory = Custodia.Identity.Directories.Directory;

namespace Custodia.Identity.Tests.Webhooks;

public sealed class WebhookAdministrationTests(HookServer server) : IClassFixture<HookServer>
{
    private static readonly string[] Joined = [WebhookEvents.Registered];

    [Fact]
    public async Task A_webhook_is_made_changed_and_removed_and_its_secret_is_shown_once()
    {
        var admin = await server.AdminAsync();
        var (id, secret) = await server.AddHookAsync(new { url = "https://hooks.example/a?b=c", events = Joined, description = "One" });
        var text = await admin.GetStringAsync($"{HookServer.Path}/{id}");
        text.ShouldNotContain(secret);
        text.ShouldNotContain("whsec_");
        var changed = await (await admin.PatchAsJsonAsync($"{HookServer.Path}/{id}", new { events = new[] { WebhookEvents.Deleted, WebhookEvents.SignedIn } })).Content.ReadFromJsonAsync<JsonElement>();
        changed.GetProperty("events").EnumerateArray().Select(e => e.GetString()).ShouldBe([WebhookEvents.SignedIn, WebhookEvents.Deleted]);
        changed.GetProperty("description").GetString().ShouldBe("One");
        changed.GetProperty("url").GetString().ShouldBe("https://hooks.example/a?b=c");
        Webhook? stored = null;
        await server.InScopeAsync(async s => stored = await s.GetRequiredService<IdentityContext>().Webhooks.AsNoTracking().SingleAsync(w => w.Id == id));
        (await admin.DeleteAsync($"{HookServer.Path}/{id}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await admin.GetAsync($"{HookServer.Path}/{id}")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        await server.InScopeAsync(async s => (await s.GetRequiredService<Custodia.Kernel.Vault.DataVault>()
            .OpenAsync(stored!.SecretPlace, stored.Secret, "webhook-delivery", default)).ShouldBeNull("its key went with it"));
    }

    [Fact]
    public async Task Webhooks_and_deliveries_page_by_cursor()
    {
        await using var receiver = await HookReceiver.StartAsync();
        var (id, _) = await server.AddHookAsync(receiver, WebhookEvents.Registered);
        await server.AddHookAsync(new { url = "https://hooks.example/second", events = Joined });
        var admin = await server.AdminAsync();
        var first = await admin.GetFromJsonAsync<JsonElement>($"{HookServer.Path}?limit=1");
        first.GetProperty("items").GetArrayLength().ShouldBe(1);
        var second = await admin.GetFromJsonAsync<JsonElement>($"{HookServer.Path}?limit=1&cursor={first.GetProperty("nextCursor").GetString()}");
        second.GetProperty("items")[0].GetProperty("id").GetGuid().ShouldNotBe(first.GetProperty("items")[0].GetProperty("id").GetGuid());
        for (var i = 0; i < 3; i++) (await admin.PostAsync($"{HookServer.Path}/{id}/test", null)).StatusCode.ShouldBe(HttpStatusCode.Accepted);
        await Eventually.TrueAsync(async () => (await server.DeliveriesAsync(id, "?status=delivered")).Count == 3);
        var page = await admin.GetFromJsonAsync<JsonElement>($"{HookServer.Path}/{id}/deliveries?limit=2");
        var rest = await admin.GetFromJsonAsync<JsonElement>($"{HookServer.Path}/{id}/deliveries?limit=2&cursor={page.GetProperty("nextCursor").GetString()}");
        page.GetProperty("items").EnumerateArray().Concat(rest.GetProperty("items").EnumerateArray()).Select(d => d.GetProperty("eventId").GetGuid()).Distinct().Count().ShouldBe(3);
        (await server.DeliveriesAsync(id, "?status=failed")).ShouldBeEmpty();
        receiver.Heard.ShouldAllBe(m => m.Type == WebhookEvents.Test && m.Data.GetProperty("webhookId").GetGuid() == id);
    }

    [Fact]
    public async Task Everything_that_is_wrong_with_a_webhook_is_said_at_once()
    {
        var admin = await server.AdminAsync();
        var answer = await admin.PostAsJsonAsync(HookServer.Path, new { url = "http://hooks.example/", events = new[] { "identity.user.unheard-of" }, description = new string('x', 201) });
        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        var errors = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("errors");
        errors.EnumerateObject().Select(e => e.Name).Order().ShouldBe(["description", "events", "url"]);
        foreach (var body in new[] { "{}", "{\"url\":\"https://hooks.example/\",\"events\":[]}", "{\"url\":\"https://hooks.example/\",\"events\":[null]}", "{\"url\":5}", "[]", "{\"secret\":\"mine\"}" })
        {
            using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
            (await admin.PostAsync(HookServer.Path, content)).StatusCode.ShouldBe(HttpStatusCode.BadRequest, body);
        }
    }

    [Theory]
    [InlineData("https://user:word@hooks.example/")]
    [InlineData("https://hooks.example/#part")]
    [InlineData("ftp://hooks.example/")]
    [InlineData("hooks.example")]
    [InlineData("https://10.0.0.1/")]
    [InlineData("https://169.254.169.254/latest")]
    [InlineData("https://[::1]/")]
    [InlineData("http://192.168.0.1/")]
    public async Task Addresses_that_are_not_fit_are_refused(string url)
    {
        var answer = await (await server.AdminAsync()).PostAsJsonAsync(HookServer.Path, new { url, events = Joined });
        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("errors").TryGetProperty("url", out _).ShouldBeTrue();
    }

    [Theory]
    [InlineData("?limit=0")]
    [InlineData("?limit=201")]
    [InlineData("?cursor=zzz")]
    [InlineData("?status=lost")]
    public async Task Lists_refuse_what_they_do_not_know(string query)
    {
        var (id, _) = await server.AddHookAsync(new { url = "https://hooks.example/lists", events = Joined });
        var admin = await server.AdminAsync();
        (await admin.GetAsync($"{HookServer.Path}/{id}/deliveries{query}")).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        await admin.DeleteAsync($"{HookServer.Path}/{id}");
    }

    [Fact]
    public async Task Webhooks_of_another_directory_or_account_do_not_exist_here()
    {
        var (id, _) = await server.AddHookAsync(new { url = "https://hooks.example/mine", events = Joined });
        var foreign = Guid.Empty;
        await server.InScopeAsync(async services =>
        {
            var database = services.GetRequiredService<IdentityContext>();
            var vault = services.GetRequiredService<Custodia.Kernel.Vault.DataVault>();
            var home = await database.Directories.AsNoTracking().FirstAsync();
            var now = server.Time.GetUtcNow();
            var directory = new Directory { Id = Guid.CreateVersion7(now), Account = home.Account + 1, Name = "not-yours", Title = "Not yours", TitleZh = "Not yours", Kind = home.Kind, CreatedAt = now };
            var hook = new Webhook { Id = Guid.CreateVersion7(now), Account = home.Account + 1, DirectoryId = directory.Id, Url = "https://hooks.example/", EventTypes = "", CreatedAt = now };
            hook.Secret = await vault.SealAsync(hook.SecretPlace, WebhookSignature.NewSecret(), default);
            database.Add(directory);
            database.Add(hook);
            await database.SaveChangesAsync();
            foreign = hook.Id;
        });
        var admin = await server.AdminAsync();
        foreach (var path in new[] { $"/api/v1/directories/staff/webhooks/{id}", $"{HookServer.Path}/{foreign}", $"/api/v1/directories/not-yours/webhooks/{foreign}" })
        {
            (await admin.GetAsync(path)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
            (await admin.GetAsync($"{path}/deliveries")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
            (await admin.PatchAsJsonAsync(path, new { enabled = false })).StatusCode.ShouldBe(HttpStatusCode.NotFound);
            (await admin.PostAsync($"{path}/secret", null)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
            (await admin.PostAsync($"{path}/test", null)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
            (await admin.PostAsync($"{path}/deliveries/{Guid.CreateVersion7()}/resend", null)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
            (await admin.DeleteAsync(path)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        }

        (await admin.GetAsync("/api/v1/directories/not-yours/webhooks")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await admin.PostAsync($"{HookServer.Path}/{id}/deliveries/{Guid.CreateVersion7()}/resend", null)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await server.Client().GetAsync(HookServer.Path)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Of_twenty_rotations_at_once_every_secret_that_was_given_out_was_in_force()
    {
        var (id, _) = await server.AddHookAsync(new { url = "https://hooks.example/rotated", events = Joined });
        var admin = await server.AdminAsync();
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => admin.PostAsync($"{HookServer.Path}/{id}/secret", null)));
        answers.ShouldAllBe(a => a.StatusCode == HttpStatusCode.OK || a.StatusCode == HttpStatusCode.Conflict);
        await server.InScopeAsync(async s =>
            (await s.GetRequiredService<IdentityContext>().Webhooks.SingleAsync(w => w.Id == id)).SecretVersion.ShouldBe(answers.Count(a => a.StatusCode == HttpStatusCode.OK)));
    }

    [Fact]
    public async Task The_console_makes_changes_and_removes_a_webhook_and_sends_again()
    {
        await using var receiver = await HookReceiver.StartAsync();
        const string Home = "/console/directories/customers/webhooks";
        var staff = await server.SignInAsync("staff", "administrator");
        await staff.OpenAsync($"{Home}/new");
        await staff.PostAsync($"{Home}/new", ("url", "http://hooks.example/"), ("description", "By hand"));
        staff.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        staff.Html.ShouldContain("Choose at least one event.");
        staff.Html.ShouldContain("An https address");
        staff.Html.ShouldContain("By hand");
        await staff.PostAsync($"{Home}/new", ("url", receiver.Url), ("description", "By hand"), ("events", WebhookEvents.Registered), ("events", WebhookEvents.Deleted));
        staff.Status.ShouldBe(HttpStatusCode.OK);
        staff.Html.ShouldContain("whsec_");
        staff.Html.ShouldContain("It is not shown again.");
        (await staff.OpenAsync(Home)).Html.ShouldContain("By hand");
        var path = System.Text.RegularExpressions.Regex.Match(staff.Html, Home + "/[0-9a-f-]{36}", System.Text.RegularExpressions.RegexOptions.None, TimeSpan.FromSeconds(1)).Value;
        var page = (await staff.OpenAsync(path)).Html;
        page.ShouldNotContain("whsec_");
        await staff.PostAsync($"{path}/test");
        staff.Location.ShouldBe($"{path}?note=webhook-tested");
        await Eventually.TrueAsync(async () => (await staff.OpenAsync($"{path}?status=delivered")).Html.Contains("msg_", StringComparison.Ordinal));
        var resend = System.Text.RegularExpressions.Regex.Match(staff.Html, path + "/deliveries/[0-9a-f-]{36}/resend", System.Text.RegularExpressions.RegexOptions.None, TimeSpan.FromSeconds(1)).Value;
        await staff.PostAsync(resend);
        staff.Location.ShouldBe($"{path}?note=webhook-resent");
        await Eventually.TrueAsync(() => Task.FromResult(receiver.Heard.Count == 2));
        await staff.OpenAsync(path);
        await staff.PostAsync(path, ("url", receiver.Url), ("events", WebhookEvents.Deleted), ("description", "Changed"));
        staff.Location.ShouldBe($"{path}?note=saved");
        (await staff.OpenAsync(path)).Html.ShouldContain("Off");
        await staff.PostAsync($"{path}/test");
        staff.Location.ShouldBe($"{path}?note=webhook-off");
        await staff.PostAsync($"{path}/secret");
        staff.Html.ShouldContain("whsec_");
        await staff.PostAsync($"{path}/delete", ("confirmed", "true"));
        staff.Location.ShouldBe($"{Home}?note=deleted");
        (await staff.OpenAsync(path)).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Who_may_only_read_directories_sees_webhooks_and_cannot_change_them()
    {
        var (id, _) = await server.AddHookAsync(new { url = "https://hooks.example/read", events = Joined });
        var auditor = await server.SignInAsync("staff", "auditor");
        (await auditor.OpenAsync($"/console/directories/customers/webhooks/{id}")).Html.ShouldContain("https://hooks.example/read");
        auditor.Html.ShouldNotContain("webhooks/" + id + "/test");
        (await auditor.OpenAsync("/console/directories/customers/webhooks/new")).Status.ShouldBe(HttpStatusCode.Forbidden);
        await auditor.OpenAsync($"/console/directories/customers/webhooks/{id}");
        (await auditor.PostAsync($"/console/directories/customers/webhooks/{id}/test")).Status.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task Changes_of_webhooks_are_on_record()
    {
        var (id, _) = await server.AddHookAsync(new { url = "https://hooks.example/recorded", events = Joined });
        (await (await server.AdminAsync()).PostAsync($"{HookServer.Path}/{id}/secret", null)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await server.LogAsync("identity.admin-action-log")).Count(e => JsonSerializer.Serialize(e).Contains(WebhooksApi.Area, StringComparison.Ordinal)).ShouldBeGreaterThanOrEqualTo(2);
    }
}

public sealed class WebhookPersonTests
{
    [Fact]
    public async Task Erasing_a_person_removes_what_waits_about_them_and_their_export_shows_it()
    {
        await using var receiver = await HookReceiver.StartAsync();
        receiver.Answer = (_, _) => Task.FromResult(Microsoft.AspNetCore.Http.Results.StatusCode(500));
        await using var server = await HookServer.StartAsync();
        var (id, _) = await server.AddHookAsync(new { url = receiver.Url, events = WebhookEvents.All, includesProfile = true });
        var visitor = await server.SignUpAsync("forgotten@example.com");
        var user = await server.UserIdAsync("forgotten@example.com");
        await Eventually.TrueAsync(async () => (await server.DeliveriesAsync(id)).Count == 2);
        WebhookDelivery? waiting = null;
        await server.InScopeAsync(async s =>
        {
            waiting = await s.GetRequiredService<IdentityContext>().WebhookDeliveries.AsNoTracking().FirstAsync(d => d.UserId == user);
            var items = new List<string>();
            await foreach (var item in s.GetServices<Custodia.Identity.PersonData.IPersonData>().OfType<WebhookData>().Single().ExportAsync(new Custodia.Kernel.Deletion.Subject(waiting.Account, user), default))
                items.Add(string.Join(' ', item.Values.Select(v => v.Value)));
            items.Count.ShouldBe(2);
            items.ShouldContain(i => i.Contains("forgotten@example.com", StringComparison.Ordinal));
        });
        (await (await server.AdminAsync()).DeleteAsync($"/api/v1/users/{user}")).StatusCode.ShouldBe(HttpStatusCode.Accepted);
        await Eventually.TrueAsync(async () =>
        {
            var left = await server.DeliveriesAsync(id);
            return left.Count == 1 && left[0].GetProperty("type").GetString() == WebhookEvents.Deleted;
        });
        // A backup that still has it cannot open it.
        await Eventually.TrueAsync(async () =>
        {
            byte[]? opened = null;
            await server.InScopeAsync(async s => opened = await s.GetRequiredService<Custodia.Kernel.Vault.DataVault>().OpenAsync(waiting!.PayloadPlace, waiting.Payload, "webhook-delivery", default));
            return opened is null;
        });
        visitor.ShouldNotBeNull();
    }

    [Fact]
    public async Task What_was_sent_goes_after_thirty_days_and_a_terminated_accounts_webhooks_with_it()
    {
        await using var receiver = await HookReceiver.StartAsync();
        // Without the scheduler, which would enforce the same lines at its own time.
        await using var server = await HookServer.StartAsync(s => s.Settings["Custodia:Roles"] = "web,worker");
        var (id, _) = await server.AddHookAsync(receiver, WebhookEvents.Registered);
        await (await server.AdminAsync()).PostAsync($"{HookServer.Path}/{id}/test", null);
        await server.SettledAsync(id, "delivered");
        server.Time.Advance(TimeSpan.FromDays(29));
        (await server.EnforceAsync(WebhookDelivery.Category, "age")).ShouldBe(0);
        server.Time.Advance(TimeSpan.FromDays(2));
        (await server.EnforceAsync(WebhookDelivery.Category, "age")).ShouldBe(1);
        var account = await server.AccountAsync();
        (await server.EnforceAsync(Webhook.Category, "service-terminated")).ShouldBe(0);
        await server.InScopeAsync(async s => (await s.GetRequiredService<AccountServices>().TerminateAsync(account, "identity", default)).ShouldBeTrue());
        (await server.EnforceAsync(Webhook.Category, "service-terminated")).ShouldBe(1);
        await server.InScopeAsync(async s => (await s.GetRequiredService<IdentityContext>().WebhookDeliveries.AnyAsync()).ShouldBeFalse());
    }

    [Fact]
    public async Task Private_networks_are_refused_unless_the_server_allows_them()
    {
        await using var receiver = await HookReceiver.StartAsync();
        await using var server = await HookServer.StartAsync(s => s.Settings["Custodia:Http:AllowedPrivateNetworks:0"] = "10.255.255.0/24");
        var refused = await (await server.AdminAsync()).PostAsJsonAsync(HookServer.Path, new { url = receiver.Url, events = WebhookEvents.All });
        refused.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        // A name is looked up when it is called; so is what was stored before the setting was changed.
        var (id, _) = await server.AddHookAsync(new { url = "https://hooks.example/", events = new[] { WebhookEvents.Registered } });
        await server.InScopeAsync(s => s.GetRequiredService<IdentityContext>().Webhooks.ExecuteUpdateAsync(set => set.SetProperty(w => w.Url, receiver.Url)));
        await server.AddUserAsync("refused");
        (await server.SettledAsync(id, "waiting")).GetProperty("failure").GetString().ShouldBe("address-refused");
        receiver.Heard.ShouldBeEmpty();
    }
}
