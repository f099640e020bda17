using System.Net;
using System.Text.Json;
using Custodia.Identity.Applications;
using Custodia.Identity.Groups;
using Custodia.Identity.Tests.Protocol;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.JsonWebTokens;

namespace Custodia.Identity.Tests.Groups;

/// <summary>The scope <c>groups</c> and the claim of the same name (RFC 9068 section 2.2.3.1).</summary>
[Collection(ProtocolCollection.Name)]
public sealed class GroupClaimTests(ProtocolServer server)
{
    private static readonly string[] WithGroups = ["openid", "profile", "offline_access", "groups"];

    [Fact]
    public async Task An_application_that_may_ask_is_told_the_groups_everywhere()
    {
        var (shop, browser) = await ReadyAsync("grp-all", WithGroups, "Buyers", "alpha \"testers\"");
        var tokens = await shop.TokensAsync(browser, ("scope", "openid groups"));
        GroupsOf(tokens.Id).ShouldBe(["alpha \"testers\"", "Buyers"]);
        GroupsOf(tokens.Access).ShouldBe(["alpha \"testers\"", "Buyers"]);
        var told = (await shop.UserinfoAsync(tokens.AccessToken)).Json.GetProperty("groups");
        told.EnumerateArray().Select(g => g.GetString()).ShouldBe(["alpha \"testers\"", "Buyers"]);
    }

    [Fact]
    public async Task Without_the_scope_nobody_is_told()
    {
        var (shop, browser) = await ReadyAsync("grp-none", WithGroups, "Secret club");
        var tokens = await shop.TokensAsync(browser, ("scope", "openid profile"));
        tokens.Id.TryGetPayloadValue<JsonElement>("groups", out _).ShouldBeFalse();
        tokens.Access.TryGetPayloadValue<JsonElement>("groups", out _).ShouldBeFalse();
        (await shop.UserinfoAsync(tokens.AccessToken)).Json.TryGetProperty("groups", out _).ShouldBeFalse();
    }

    [Fact]
    public async Task An_application_that_was_not_given_the_scope_cannot_ask_for_it()
    {
        var (shop, browser) = await ReadyAsync("grp-refused", ["openid", "profile"], "Secret club");
        var answer = await browser.GetAsync(shop.Authorize(("scope", "openid groups")));
        answer["error"].ShouldBe("invalid_scope");
        // Nor by the back door: a claim whose scope it has not is left out.
        var tokens = await shop.TokensAsync(browser, ("scope", "openid"), ("claims", "{\"id_token\":{\"groups\":null},\"userinfo\":{\"groups\":{\"essential\":true}}}"));
        tokens.Id.TryGetPayloadValue<JsonElement>("groups", out _).ShouldBeFalse();
        (await shop.UserinfoAsync(tokens.AccessToken)).Json.TryGetProperty("groups", out _).ShouldBeFalse();
        ApplicationSettings.Defaults(ApplicationKind.Web).Scopes!.ShouldNotContain("groups");
    }

    [Fact]
    public async Task The_claim_is_told_where_it_is_asked_for_by_name()
    {
        var (shop, browser) = await ReadyAsync("grp-claims", WithGroups, "Buyers");
        var id = await shop.TokensAsync(browser, ("scope", "openid"), ("claims", "{\"id_token\":{\"groups\":null}}"));
        GroupsOf(id.Id).ShouldBe(["Buyers"]);
        id.Access.TryGetPayloadValue<JsonElement>("groups", out _).ShouldBeFalse();
        (await shop.UserinfoAsync(id.AccessToken)).Json.TryGetProperty("groups", out _).ShouldBeFalse();
        var info = await shop.TokensAsync(browser, ("scope", "openid"), ("claims", "{\"userinfo\":{\"groups\":null}}"));
        info.Id.TryGetPayloadValue<JsonElement>("groups", out _).ShouldBeFalse();
        (await shop.UserinfoAsync(info.AccessToken)).Json.GetProperty("groups").GetArrayLength().ShouldBe(1);
    }

    [Fact]
    public async Task Who_is_in_no_group_has_an_empty_list_and_a_refresh_tells_what_is_so_now()
    {
        var (shop, browser) = await ReadyAsync("grp-later", WithGroups);
        var tokens = await shop.TokensAsync(browser, ("scope", "openid offline_access groups"));
        GroupsOf(tokens.Id).ShouldBeEmpty();
        GroupsOf(tokens.Access).ShouldBeEmpty();
        await JoinAsync("grp-later", "Late comers");
        var fresh = await shop.RefreshAsync(tokens.RefreshToken);
        GroupsOf(fresh.Access).ShouldBe(["Late comers"]);
        GroupsOf(fresh.Id).ShouldBe(["Late comers"]);
        var narrow = await shop.RefreshAsync(fresh.RefreshToken, ("scope", "openid"));
        narrow.Access.TryGetPayloadValue<JsonElement>("groups", out _).ShouldBeFalse();
        narrow.Id.TryGetPayloadValue<JsonElement>("groups", out _).ShouldBeFalse();
    }

    [Fact]
    public async Task More_than_fit_are_left_out_of_tokens_and_told_by_userinfo()
    {
        var names = Enumerable.Range(0, 201).Select(i => $"g{i:000}").ToArray();
        var (shop, browser) = await ReadyAsync("grp-many", WithGroups, names);
        var tokens = await shop.TokensAsync(browser, ("scope", "openid groups"));
        tokens.Id.TryGetPayloadValue<JsonElement>("groups", out _).ShouldBeFalse();
        tokens.Access.TryGetPayloadValue<JsonElement>("groups", out _).ShouldBeFalse();
        (await shop.UserinfoAsync(tokens.AccessToken)).Json.GetProperty("groups").EnumerateArray().Select(g => g.GetString()).ShouldBe(names);
    }

    [Fact]
    public async Task Long_names_never_make_a_token_that_the_server_itself_refuses()
    {
        // As long as is allowed, of characters that take six bytes each in JSON, just below the limit.
        var names = Enumerable.Range(0, 10).Select(i => new string('组', 66) + i).ToArray();
        var (shop, browser) = await ReadyAsync("grp-long", WithGroups, names);
        var tokens = await shop.TokensAsync(browser, ("scope", "openid groups"));
        GroupsOf(tokens.Access).Count.ShouldBe(10);
        (await shop.UserinfoAsync(tokens.AccessToken)).Status.ShouldBe(HttpStatusCode.OK);
        await JoinAsync("grp-long", new string('组', 99));
        var more = await shop.TokensAsync(browser, ("scope", "openid groups"));
        more.Access.TryGetPayloadValue<JsonElement>("groups", out _).ShouldBeFalse();
    }

    private static IReadOnlyList<string> GroupsOf(JsonWebToken token) => token.GetPayloadValue<string[]>("groups");

    private async Task<(RelyingParty Shop, TestBrowser Browser)> ReadyAsync(string person, string[] scopes, params string[] groups)
    {
        await server.AddPersonAsync(person, $"{person}@example.com", person);
        foreach (var group in groups) await JoinAsync(person, group);
        return (await server.RegisterAsync(settings: new ApplicationSettings(Scopes: scopes)), await server.SignedInAsync(person));
    }

    private Task JoinAsync(string person, string group) => server.InScopeAsync(async services =>
    {
        var database = services.GetRequiredService<IdentityContext>();
        var directory = await database.Directories.SingleAsync(d => d.Name == ProtocolServer.Customers);
        var user = await services.GetRequiredService<Custodia.Identity.Administration.UserQueries>()
            .ByValueAsync(directory, Custodia.Identity.Users.UserField.UserName, person, default);
        var changes = services.GetRequiredService<GroupChanges>();
        var key = Group.KeyOf(group);
        if (await database.Set<Group>().AsNoTracking().FirstOrDefaultAsync(g => g.DirectoryId == directory.Id && g.NameKey == key) is { } there)
            (await changes.AddAsync(there, [user!.Id], default)).ShouldBeOfType<GroupOutcome.Stored>();
        else
            (await changes.CreateAsync(directory, new GroupText(group, null, null), [user!.Id], default)).ShouldBeOfType<GroupOutcome.Stored>();
    });
}
