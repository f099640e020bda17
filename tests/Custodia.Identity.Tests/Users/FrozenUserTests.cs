using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Custodia.Identity.Tests.People;
using Custodia.Identity.Users;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Custodia.Identity.Tests.Users;

public sealed class FrozenUserTests(PeopleServer server) : IClassFixture<PeopleServer>
{
    private const string Password = "a-quite-long-phrase";

    [Fact]
    public async Task A_frozen_user_is_out_at_once_reads_what_a_locked_one_reads_and_comes_back_when_it_is_lifted()
    {
        var visitor = await server.SignUpAsync("frozen@example.com");
        (await visitor.OpenAsync("/account/customers")).Status.ShouldBe(HttpStatusCode.OK);
        var id = await server.UserIdAsync("frozen@example.com");
        (await SetAsync(id, "FROZEN", "a dispute about who owns it")).GetProperty("status").GetString().ShouldBe("FROZEN");
        (await visitor.OpenAsync("/account/customers")).Status.ShouldNotBe(HttpStatusCode.OK);
        (await server.SignInAsync("customers", "frozen@example.com", "wrong")).Html.ShouldContain("is not right");
        var told = (await server.SignInAsync("customers", "frozen@example.com", Password)).Html;
        told.ShouldContain("is locked");
        told.ShouldNotContain("dispute");

        await SetAsync(id, "NORMAL", "the dispute is over");
        (await visitor.OpenAsync("/account/customers")).Status.ShouldNotBe(HttpStatusCode.OK, "the old session stays ended");
        (await server.SignInAsync("customers", "frozen@example.com", Password)).Status.ShouldBe(HttpStatusCode.SeeOther);
    }

    [Fact]
    public async Task A_status_needs_a_reason_and_stands_alone()
    {
        var admin = await server.AdminAsync();
        var id = await CreateAsync("reasons@example.com");
        foreach (var (body, field) in new (object, string)[]
                 {
                     (new { status = "FROZEN" }, "reason"),
                     (new { status = "FROZEN", reason = "x" }, "reason"),
                     (new { status = "MELTED", reason = "because" }, "status"),
                     (new { status = (string?)null, reason = "because" }, "status"),
                     (new { reason = "because" }, "status"),
                     (new { status = "LOCKED", reason = "because", displayName = "X Y" }, "displayName"),
                 })
        {
            var answer = await admin.PatchAsJsonAsync($"/api/v1/users/{id}", body);
            answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
            (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("errors").TryGetProperty(field, out _).ShouldBeTrue(field);
        }

        (await admin.GetFromJsonAsync<JsonElement>($"/api/v1/users/{id}")).GetProperty("status").GetString().ShouldBe("NORMAL");
    }

    [Fact]
    public async Task A_freeze_is_not_an_unlock_away()
    {
        var admin = await server.AdminAsync();
        var id = await CreateAsync("not-unlocked@example.com");
        await SetAsync(id, "FROZEN", "kept as it is");
        (await admin.PostAsync($"/api/v1/users/{id}/unlock", null)).StatusCode.ShouldBe(HttpStatusCode.Conflict);
        (await admin.GetFromJsonAsync<JsonElement>($"/api/v1/users/{id}")).GetProperty("status").GetString().ShouldBe("FROZEN");
    }

    [Fact]
    public async Task A_provisioning_client_sees_a_frozen_user_as_inactive_and_cannot_lift_it()
    {
        var admin = await server.AdminAsync();
        var id = await CreateAsync("provisioned-frozen@example.com", userName: "provisioned-frozen");
        await SetAsync(id, "FROZEN", "kept as it is");
        var seen = await admin.GetFromJsonAsync<JsonElement>($"/scim/v2/customers/Users/{id}");
        seen.GetProperty("active").GetBoolean().ShouldBeFalse();
        foreach (var active in new[] { true, false })
        {
            using var request = new HttpRequestMessage(HttpMethod.Patch, $"/scim/v2/customers/Users/{id}")
            {
                Content = JsonContent.Create(
                    new { schemas = new[] { "urn:ietf:params:scim:api:messages:2.0:PatchOp" }, Operations = new[] { new { op = "replace", path = "active", value = active } } },
                    new System.Net.Http.Headers.MediaTypeHeaderValue("application/scim+json")),
            };
            (await admin.SendAsync(request)).IsSuccessStatusCode.ShouldBeTrue();
            (await admin.GetFromJsonAsync<JsonElement>($"/api/v1/users/{id}")).GetProperty("status").GetString().ShouldBe("FROZEN");
        }
    }

    [Fact]
    public async Task Who_is_being_deleted_stays_frozen()
    {
        var admin = await server.AdminAsync();
        var id = await CreateAsync("leaving@example.com");
        // The row as it is between the request and the end of erasing.
        (await admin.DeleteAsync($"/api/v1/users/{id}")).StatusCode.ShouldBe(HttpStatusCode.Accepted);
        var answer = await admin.PatchAsJsonAsync($"/api/v1/users/{id}", new { status = "NORMAL", reason = "changed my mind" });
        answer.StatusCode.ShouldBeOneOf(HttpStatusCode.Conflict, HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task An_unlock_that_was_late_does_not_undo_a_freeze()
    {
        var id = await CreateAsync("late@example.com");
        await SetAsync(id, "LOCKED", "locked first");
        await server.InScopeAsync(async services =>
        {
            var user = await services.GetRequiredService<IdentityContext>().Users.SingleAsync(u => u.Id == id);
            await SetAsync(id, "FROZEN", "frozen meanwhile");
            (await services.GetRequiredService<UserAccess>().SetStatusAsync(user, UserStatus.Normal, null, default)).ShouldBeFalse();
        });
        (await (await server.AdminAsync()).GetFromJsonAsync<JsonElement>($"/api/v1/users/{id}")).GetProperty("status").GetString().ShouldBe("FROZEN");
    }

    [Fact]
    public async Task The_console_freezes_and_lifts_with_a_reason_that_staff_can_have_revealed()
    {
        var id = await CreateAsync("console-frozen@example.com");
        var staff = await server.SignInAsync("staff", "administrator");
        var page = $"/console/users/{id}";
        await staff.OpenAsync(page);
        await staff.PostAsync($"{page}/freeze", ("freeze-reason", "x"));
        staff.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        await staff.PostAsync($"{page}/freeze", ("freeze-reason", "court order 17"));
        staff.Location.ShouldBe($"{page}?note=frozen");
        (await staff.OpenAsync(page)).Html.ShouldContain("Lift the freeze");
        await staff.PostAsync($"{page}/reveal", ("field", "status-reason"), ("purpose", "user-administration"), ("reason", "looking why"));
        staff.Html.ShouldContain("court order 17");
        await staff.OpenAsync(page);
        await staff.PostAsync($"{page}/lift", ("lift-reason", "order withdrawn"));
        staff.Location.ShouldBe($"{page}?note=lifted");
        (await staff.OpenAsync(page)).Html.ShouldNotContain("Lift the freeze");
        (await server.LogAsync("identity.admin-action-log")).SelectMany(e => e.Fields.Select(f => f.Value?.ToString())).ShouldContain("users.freeze");
    }

    private async Task<Guid> CreateAsync(string email, string? userName = null)
    {
        var answer = await (await server.AdminAsync()).PostAsJsonAsync("/api/v1/users", new { directory = "customers", email, userName });
        answer.StatusCode.ShouldBe(HttpStatusCode.Created, await answer.Content.ReadAsStringAsync());
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetGuid();
    }

    private async Task<JsonElement> SetAsync(Guid id, string status, string reason)
    {
        var answer = await (await server.AdminAsync()).PatchAsJsonAsync($"/api/v1/users/{id}", new { status, reason });
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, await answer.Content.ReadAsStringAsync());
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }
}
