using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using Custodia.Identity.Invitations;
using Custodia.Identity.Tests.People;
using Custodia.Kernel.Policy;
using Custodia.Kernel.Retention;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Custodia.Identity.Tests.Registration;

public sealed class InvitationTests
{
    private const string Api = "/api/v1/directories/customers/invitations";
    private const string Password = "a-quite-long-phrase";

    [Fact]
    public async Task Only_who_is_invited_joins_a_directory_by_invitation()
    {
        await using var server = await ByInvitationAsync();
        var stranger = await server.Visitor().OpenAsync("/d/customers/sign-up");
        stranger.Html.ShouldNotContain("name=\"password\"");
        // The page has no form; a stranger takes the token of another one.
        await stranger.OpenAsync("/d/customers/sign-in");
        await stranger.PostAsync("/d/customers/sign-up", ("email", "stranger@example.com"), ("password", Password));
        stranger.Status.ShouldBe(HttpStatusCode.Forbidden);

        var (_, link) = await InviteAsync(server, "guest@example.com");
        var guest = server.Visitor();
        // Mail scanners open links: opening one uses nothing up.
        await guest.OpenAsync(link);
        await guest.OpenAsync(link);
        guest.Html.ShouldContain("guest@example.com");
        await guest.PostAsync("/d/customers/invitation", ("key", guest.Hidden("key")), ("email", "other@example.com"), ("password", Password));
        guest.Location.ShouldBe("/account/customers");
        (await guest.OpenAsync("/account/customers")).Html.ShouldContain("guest@example.com");
        await server.UserIdAsync("guest@example.com");

        var second = server.Visitor();
        (await second.OpenAsync(link)).Status.ShouldBe(HttpStatusCode.Forbidden);
        var list = await (await server.AdminAsync()).GetFromJsonAsync<JsonElement>(Api);
        var row = list.GetProperty("items").EnumerateArray().ShouldHaveSingleItem();
        row.GetProperty("state").GetString().ShouldBe("used");
        row.GetProperty("email").GetString().ShouldBe("g***@example.com");
    }

    [Fact]
    public async Task Twenty_parallel_uses_of_one_invitation_make_one_user()
    {
        await using var server = await ByInvitationAsync();
        var (_, link) = await InviteAsync(server, "raced@example.com");
        var before = (await server.StatisticsAsync()).GetProperty("users").GetInt64();
        List<Visitor> visitors = [];
        for (var i = 0; i < 20; i++) visitors.Add(await server.Visitor().OpenAsync(link));
        await Task.WhenAll(visitors.Select(v => v.PostAsync("/d/customers/invitation", ("key", v.Hidden("key")), ("password", Password))));
        visitors.Count(v => v.Status == HttpStatusCode.SeeOther).ShouldBe(1);
        visitors.Count(v => v.Status == HttpStatusCode.Forbidden).ShouldBe(19);
        (await server.StatisticsAsync()).GetProperty("users").GetInt64().ShouldBe(before + 1);
    }

    [Fact]
    public async Task A_revoked_an_expired_and_an_unknown_link_answer_alike()
    {
        await using var server = await ByInvitationAsync();
        var (revoked, first) = await InviteAsync(server, "one@example.com");
        var (_, second) = await InviteAsync(server, "two@example.com", days: 1);
        using var gone = await (await server.AdminAsync()).DeleteAsync($"{Api}/{revoked}");
        gone.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        using var twice = await (await server.AdminAsync()).DeleteAsync($"{Api}/{revoked}");
        twice.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        server.Time.Advance(TimeSpan.FromHours(25));
        var a = await server.Visitor().OpenAsync(first);
        var b = await server.Visitor().OpenAsync(second);
        var c = await server.Visitor().OpenAsync("/d/customers/invitation?key=" + new string('A', 43));
        a.Status.ShouldBe(HttpStatusCode.Forbidden);
        string Shape(Visitor v) => Regex.Replace(v.Shape(), "key=[A-Za-z0-9_-]+", "");
        (Shape(a) == Shape(c), Shape(b) == Shape(c)).ShouldBe((true, true));
    }

    [Fact]
    public async Task A_new_invitation_of_an_address_ends_the_one_before_and_a_known_address_is_not_invited()
    {
        await using var server = await ByInvitationAsync();
        var (_, first) = await InviteAsync(server, "again@example.com");
        var (_, second) = await InviteAsync(server, "AGAIN@example.com");
        (await server.Visitor().OpenAsync(first)).Status.ShouldBe(HttpStatusCode.Forbidden);
        (await server.Visitor().OpenAsync(second)).Status.ShouldBe(HttpStatusCode.OK);
        using var taken = await (await server.AdminAsync()).PostAsJsonAsync(Api, new { email = "ada@customers.example" });
        taken.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        using var wrong = await (await server.AdminAsync()).PostAsJsonAsync(Api, new { email = "nobody", days = 99 });
        (await wrong.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("errors").EnumerateObject().Count().ShouldBe(2);
    }

    [Fact]
    public async Task Expired_invitations_go_with_their_key_and_those_of_a_person_with_the_person()
    {
        await using var server = await ByInvitationAsync();
        var (unused, _) = await InviteAsync(server, "never@example.com", days: 1);
        await InviteAsync(server, "stays@example.com", days: 30);
        server.Time.Advance(TimeSpan.FromDays(2));
        await server.InScopeAsync(async services =>
        {
            var rule = services.GetServices<IRetentionRule>().OfType<ExpiredInvitations>().Single();
            var trigger = services.GetRequiredService<LoadedPolicy>().Category(Invitation.Category).DeleteOn.Single(t => t.Name == "expired");
            // The server's own round may have been there first.
            await rule.EnforceAsync(new RetentionMoment(server.Time.GetUtcNow(), trigger), default);
            var database = services.GetRequiredService<IdentityContext>();
            (await database.Invitations.AnyAsync(i => i.Id == unused)).ShouldBeFalse();
            (await database.Invitations.CountAsync()).ShouldBe(1);
        });
    }

    private static async Task<PeopleServer> ByInvitationAsync()
    {
        var server = await PeopleServer.StartNewAsync();
        using var set = await (await server.AdminAsync()).PatchAsJsonAsync("/api/v1/directories/customers/registration", new { signUp = "invite" });
        set.StatusCode.ShouldBe(HttpStatusCode.OK, await set.Content.ReadAsStringAsync());
        return server;
    }

    private static async Task<(Guid Id, string Link)> InviteAsync(PeopleServer server, string email, int days = 7)
    {
        using var made = await (await server.AdminAsync()).PostAsJsonAsync(Api, new { email, days });
        made.StatusCode.ShouldBe(HttpStatusCode.Created, await made.Content.ReadAsStringAsync());
        var mail = (await server.OutboxAsync(email)).First(m => m.Origin == "identity.invitation");
        return ((await made.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetGuid(), Regex.Match(mail.Text, "/d/customers/invitation\\?key=[A-Za-z0-9_-]+").Value);
    }
}
