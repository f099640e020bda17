using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Custodia.Identity.Codes;
using Custodia.Identity.Consents;
using Custodia.Identity.Passkeys;
using Custodia.Identity.Sessions;
using Custodia.Identity.Templates;
using Custodia.Identity.Tests.People;
using Custodia.Identity.Tests.Registration;
using Custodia.Testing;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Custodia.Identity.Tests.Users;

/// <summary>
/// Twenty change the same thing at once, on each database: each is answered as one after the other would be, nobody with 500, and the
/// rules that hold for one hold for twenty.
/// </summary>
public sealed class ParallelChangeTests(LostRaceTests.Servers servers) : IClassFixture<LostRaceTests.Servers>
{
    private const int Many = 20;
    private const string Customers = "/api/v1/directories/customers";

    public static TheoryData<string> Databases => Engines.Required || Engines.Missing(Engines.PostgreSql) is null ? ["sqlite", Engines.PostgreSql] : ["sqlite"];

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task A_name_that_many_change_at_once_is_one_of_theirs(string engine)
    {
        var (_, admin) = await OnAsync(engine);
        var id = await NewUserAsync(admin, "renamed@parallel.example");
        await AllAsync(i => admin.PatchAsJsonAsync($"/api/v1/users/{id}", new { displayName = $"Somebody Number{i}" }), HttpStatusCode.OK);
        await AllAsync(i => admin.PatchAsJsonAsync($"/api/v1/users/{id}", new { displayName = "Quintessa Zimt" }), HttpStatusCode.OK);
        (await ItemsAsync(admin, "/api/v1/users?directory=customers&name=quintessa%20zimt")).ShouldHaveSingleItem().GetProperty("id").GetGuid().ShouldBe(id);
        (await ItemsAsync(admin, "/api/v1/users?directory=customers&name=number")).ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task Settings_that_many_make_for_the_first_time_are_made_once(string engine)
    {
        var (_, admin) = await OnAsync(engine);
        using (var made = await admin.PostAsJsonAsync("/api/v1/directories", new { name = "parallel", title = "P", titleZh = "P" })) made.StatusCode.ShouldBe(HttpStatusCode.Created);
        const string At = "/api/v1/directories/parallel";
        await AllAsync(i => admin.PatchAsJsonAsync($"{At}/sign-in", new { rememberDays = i }), HttpStatusCode.OK);
        await AllAsync(i => admin.PatchAsJsonAsync($"{At}/branding", new { lead = $"Lead {i}" }), HttpStatusCode.OK);
        await AllAsync(i => admin.PatchAsJsonAsync($"{At}/templates", new { defaultLanguage = i % 2 == 0 ? "en" : "zh" }), HttpStatusCode.OK);
        await AllAsync(i => admin.PutAsJsonAsync($"{At}/templates/sign-in-code/de", new { subject = "Ihr Code", text = "{{code}} {{minutes}}" }), HttpStatusCode.OK);
        await AllAsync(i => admin.PatchAsJsonAsync($"{At}/registration", new { askedFields = new[] { "email", "display-name" } }), HttpStatusCode.OK);
        await AllAsync(i => admin.PutAsJsonAsync($"{At}/attributes/shoe_size", new { label = "Shoe size", labelZh = "鞋码", kind = "text", editableBy = "staff", position = i }), HttpStatusCode.OK);
        await AllAsync(i => admin.PutAsJsonAsync($"{At}/age-gate", new { enabled = false, countrySource = "stated", otherCountries = 13 }), HttpStatusCode.OK);
        var application = await NewApplicationAsync(admin);
        await AllAsync(i => admin.PutAsJsonAsync($"/api/v1/applications/{application}/sign-in", new { demandsSecondFactor = i % 2 == 0 }), HttpStatusCode.OK);
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task A_limit_holds_for_those_who_come_at_once(string engine)
    {
        var (_, admin) = await OnAsync(engine);
        var answers = await Task.WhenAll(Enumerable.Range(0, 2 * Many).Select(i =>
            admin.PostAsJsonAsync($"{Customers}/webhooks", new { url = $"https://hooks.example/{i}", events = new[] { "identity.user.deleted" } })));
        answers.Count(a => a.StatusCode == HttpStatusCode.Created).ShouldBe(20);
        answers.Where(a => a.StatusCode != HttpStatusCode.Created).ShouldAllBe(a => a.StatusCode == HttpStatusCode.Conflict);
        foreach (var webhook in await ItemsAsync(admin, $"{Customers}/webhooks?limit=100")) (await admin.DeleteAsync($"{Customers}/webhooks/{webhook.GetProperty("id").GetGuid()}")).Dispose();
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task A_person_gets_as_many_passkeys_as_allowed_and_each_belongs_to_one(string engine)
    {
        var (server, admin) = await OnAsync(engine);
        var collector = await NewUserAsync(admin, "collector@parallel.example");
        var added = await Task.WhenAll(Enumerable.Range(0, Passkey.Most + 10).Select(i => AddPasskeyAsync(server, collector, $"{engine}-{i}")));
        added.Count(a => a).ShouldBe(Passkey.Most);
        var people = await Task.WhenAll(Enumerable.Range(0, 6).Select(i => NewUserAsync(admin, $"same{i}@parallel.example")));
        (await Task.WhenAll(people.Select(person => AddPasskeyAsync(server, person, $"{engine}-one")))).Count(a => a).ShouldBe(1);
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task One_invitation_of_an_address_and_one_code_of_a_person_stay_open(string engine)
    {
        var (server, admin) = await OnAsync(engine);
        await AllAsync(_ => admin.PostAsJsonAsync($"{Customers}/invitations", new { email = "wanted@parallel.example" }), HttpStatusCode.Created);
        var id = await NewUserAsync(admin, "codes@parallel.example");
        await Task.WhenAll(Enumerable.Range(0, Many).Select(_ => Task.Run(() => server.InScopeAsync(async services =>
        {
            var context = services.GetRequiredService<IdentityContext>();
            var home = await context.Directories.AsNoTracking().SingleAsync(d => d.Name == "customers");
            var codes = services.GetRequiredService<OneTimeCodes>();
            await context.InTransactionAsync(
                async token =>
                {
                    await codes.AddAsync(home, CodePurpose.SignIn, id, null, token);
                    await context.SaveChangesAsync(token);
                },
                default);
        }))));
        await server.InScopeAsync(async services =>
        {
            var context = services.GetRequiredService<IdentityContext>();
            (await context.OneTimeCodes.CountAsync(c => c.UserId == id && c.UsedAt == null)).ShouldBe(1, "there is one code to guess at a time");
            (await context.Invitations.GroupBy(i => i.EmailIndex).Select(g => g.Count(i => i.UsedAt == null && i.RevokedAt == null)).MaxAsync()).ShouldBe(1, "one link works");
        });
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task A_group_takes_a_member_that_many_add_and_is_gone_for_all_at_once(string engine)
    {
        var (_, admin) = await OnAsync(engine);
        var member = await NewUserAsync(admin, "member@parallel.example");
        using var made = await admin.PostAsJsonAsync("/api/v1/groups", new { directory = "customers", name = "Parallel" });
        var group = $"/api/v1/groups/{(await made.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetGuid()}";
        await AllAsync(_ => admin.PostAsJsonAsync($"{group}/members", new { users = new[] { member } }), HttpStatusCode.OK);
        var answers = await Task.WhenAll(Enumerable.Range(0, Many).Select(i => (i % 5) switch
        {
            0 => admin.DeleteAsync(group),
            1 => admin.PutAsJsonAsync(group, new { name = "Parallel" }),
            2 => admin.GetAsync(group),
            _ => admin.PostAsJsonAsync($"{group}/members", new { users = new[] { member } }),
        }));
        answers.Where(a => !a.IsSuccessStatusCode).ShouldAllBe(a => a.StatusCode == HttpStatusCode.NotFound);
        answers.Count(a => a.StatusCode == HttpStatusCode.NoContent).ShouldBe(1);
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task One_secret_of_an_application_stays_without_an_end_and_its_rules_go_with_it(string engine)
    {
        var (server, admin) = await OnAsync(engine);
        var application = await NewApplicationAsync(admin);
        await AllAsync(_ => admin.PostAsJsonAsync($"/api/v1/applications/{application}/secrets", new { }), HttpStatusCode.Created);
        await server.InScopeAsync(async services =>
            (await services.GetRequiredService<IdentityContext>().ApplicationSecrets.CountAsync(s => s.ApplicationId == application && s.ExpiresAt == null)).ShouldBe(1));

        using var rules = await admin.PutAsJsonAsync($"/api/v1/applications/{application}/sign-in", new { demandsSecondFactor = true });
        rules.StatusCode.ShouldBe(HttpStatusCode.OK);
        using var deleted = await admin.DeleteAsync($"/api/v1/applications/{application}");
        await server.InScopeAsync(async services =>
            (await services.GetRequiredService<IdentityContext>().ApplicationSignInRules.AnyAsync(r => r.ApplicationId == application)).ShouldBeFalse("its rules go with it"));
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task A_token_that_is_revoked_many_times_at_once_is_revoked_for_all(string engine)
    {
        var (server, admin) = await OnAsync(engine);
        using var made = await admin.PostAsJsonAsync("/api/v1/applications", new { directory = "customers", kind = "m2m", name = "Parallel", resources = new[] { "https://api.example" } });
        var answer = await made.Content.ReadFromJsonAsync<JsonElement>();
        var (id, secret) = (answer.GetProperty("application").GetProperty("clientId").GetString(), answer.GetProperty("clientSecret").GetString());
        var client = server.Client();
        client.DefaultRequestHeaders.Authorization = new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{id}:{secret}")));
        using var given = await client.PostAsync("/d/customers/token", Form(("grant_type", "client_credentials"), ("resource", "https://api.example")));
        var token = (await given.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("access_token").GetString()!;
        await AllAsync(_ => client.PostAsync("/d/customers/revoke", Form(("token", token))), HttpStatusCode.OK);
        using var asked = await client.PostAsync("/d/customers/introspect", Form(("token", token)));
        (await asked.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("active").GetBoolean().ShouldBeFalse();
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task A_consent_that_a_person_gives_in_many_tabs_is_given_once(string engine)
    {
        var (server, admin) = await OnAsync(engine);
        var (person, application) = (await NewUserAsync(admin, "consents@parallel.example"), await NewApplicationAsync(admin));
        string[] scopes = ["openid", "profile", "email", "phone"];
        await Task.WhenAll(Enumerable.Range(0, Many).Select(i => Task.Run(() => server.InScopeAsync(services =>
            services.GetRequiredService<ConsentStore>().GiveAsync(1, person, application, [scopes[i % 4]], default)))));
        await server.InScopeAsync(async services =>
            (await services.GetRequiredService<ConsentStore>().CoversAsync(person, application, scopes, default)).ShouldBeTrue("no tab took away what another had given"));
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task A_person_whom_many_ask_to_delete_has_one_request(string engine)
    {
        var (_, admin) = await OnAsync(engine);
        var id = await NewUserAsync(admin, "leaving@parallel.example");
        await AllAsync(_ => admin.DeleteAsync($"/api/v1/users/{id}"), HttpStatusCode.Accepted);
        (await ItemsAsync(admin, "/api/v1/deletion-requests?limit=200")).Count(r => r.GetProperty("person").GetGuid() == id).ShouldBe(1);
    }

    /// <summary>As many transactions as there are connections, none of which is free for what is asked once in a while inside of them.</summary>
    [EngineFact(Engines.PostgreSql)]
    public async Task Nothing_inside_a_transaction_waits_for_a_second_connection()
    {
        var (server, _) = await OnAsync(Engines.PostgreSql);
        var arrived = 0;
        var all = new TaskCompletionSource();
        await Task.WhenAll(Enumerable.Range(0, Many).Select(_ => Task.Run(() => server.InScopeAsync(services =>
        {
            var context = services.GetRequiredService<IdentityContext>();
            return context.InTransactionAsync(
                async token =>
                {
                    var home = await context.Directories.AsNoTracking().SingleAsync(d => d.Name == "customers", token);
                    if (Interlocked.Increment(ref arrived) == Many)
                    {
                        // What is kept in memory for seconds has to be asked for again.
                        server.Time.Advance(TimeSpan.FromMinutes(1));
                        all.SetResult();
                    }

                    await all.Task;
                    var receiver = new MessageReceiver(Guid.CreateVersion7(), "somebody@parallel.example", null);
                    await services.GetRequiredService<BrowserSessions>().EndAllAsync(receiver.Person, except: null, token);
                    await services.GetRequiredService<DirectoryMessages>().SendAsync(
                        home, receiver, MessageCatalogue.Invitation, token, (Placeholders.Link, "https://parallel.example"), (Placeholders.Expires, "tomorrow"));
                },
                default);
        })))).WaitAsync(TimeSpan.FromSeconds(14));
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task An_account_keeps_an_owner_whatever_its_owners_do_to_each_other(string engine)
    {
        var (_, admin) = await OnAsync(engine);
        for (var round = 0; round < 3; round++)
        {
            for (var i = 0; i < 3; i++)
            {
                using var made = await admin.PostAsJsonAsync("/api/v1/sub-accounts", new { userName = $"owner{round}{i}", password = "a-quite-long-phrase-7", roles = new[] { "owner" } });
                made.StatusCode.ShouldBe(HttpStatusCode.Created, await made.Content.ReadAsStringAsync());
            }

            var owners = await OwnersAsync(admin);
            var answers = await Task.WhenAll(owners.Select((o, i) => round switch
            {
                0 => admin.PatchAsJsonAsync($"/api/v1/sub-accounts/{o.GetProperty("uin").GetInt64()}", new { roles = new[] { "developer" } }),
                1 => admin.PostAsJsonAsync($"/api/v1/users/{o.GetProperty("userId").GetGuid()}/lock", new { reason = "because" }),
                _ => admin.DeleteAsync($"/api/v1/sub-accounts/{o.GetProperty("uin").GetInt64()}"),
            }));
            answers.Count(a => a.StatusCode == HttpStatusCode.Conflict).ShouldBe(1);
            (await OwnersAsync(admin)).Count(o => o.GetProperty("status").GetString() == "NORMAL").ShouldBe(1);
        }
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task Somebody_who_is_erased_while_they_sign_in_is_nobody(string engine)
    {
        var (server, admin) = await OnAsync(engine);
        for (var round = 0; round < 5; round++)
        {
            var email = $"erased{round}@parallel.example";
            var id = await NewUserAsync(admin, email);
            var signIns = Enumerable.Range(0, Many).Select(_ => server.SignInAsync("customers", email, "a-quite-long-phrase")).ToList();
            using var deleted = await admin.DeleteAsync($"/api/v1/users/{id}");
            deleted.StatusCode.ShouldBe(HttpStatusCode.Accepted);
            (await Task.WhenAll(signIns)).ShouldAllBe(v => v.Status == HttpStatusCode.SeeOther || v.Status == HttpStatusCode.UnprocessableEntity);
            await Eventually.TrueAsync(() => IsErasedAsync(server, id));
            await server.InScopeAsync(async services =>
            {
                var context = services.GetRequiredService<IdentityContext>();
                (await context.KnownDevices.CountAsync(d => d.UserId == id)).ShouldBe(0, "nothing is left of them");
                (await context.Sessions.CountAsync(s => s.UserId == id)).ShouldBe(0);
            });
        }
    }

    private static async Task<bool> IsErasedAsync(PeopleServer server, Guid id)
    {
        var erased = false;
        await server.InScopeAsync(async services => erased = !await services.GetRequiredService<IdentityContext>().Users.AnyAsync(u => u.Id == id));
        return erased;
    }

    private static async Task<IReadOnlyList<JsonElement>> OwnersAsync(HttpClient admin) =>
        [.. (await ItemsAsync(admin, "/api/v1/sub-accounts?limit=200")).Where(s => s.GetProperty("status").GetString() == "NORMAL"
            && s.GetProperty("roles").EnumerateArray().Any(r => r.GetString() == "owner"))];

    private static async Task<IReadOnlyList<JsonElement>> ItemsAsync(HttpClient admin, string address) =>
        [.. (await admin.GetFromJsonAsync<JsonElement>(address)).GetProperty("items").EnumerateArray()];

    private static async Task<Guid> NewUserAsync(HttpClient admin, string email)
    {
        using var made = await admin.PostAsJsonAsync("/api/v1/users", new { directory = "customers", email, emailVerified = true, displayName = "Anna Beispiel", password = "a-quite-long-phrase" });
        made.StatusCode.ShouldBe(HttpStatusCode.Created, await made.Content.ReadAsStringAsync());
        return (await made.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetGuid();
    }

    private static async Task<bool> AddPasskeyAsync(PeopleServer server, Guid person, string credential)
    {
        var added = false;
        var made = new UserPasskeyInfo(Encoding.UTF8.GetBytes(credential), [1], DateTimeOffset.UnixEpoch, 0, null, true, false, false, [], []);
        await server.InScopeAsync(async services =>
        {
            var context = services.GetRequiredService<IdentityContext>();
            var user = await context.Users.SingleAsync(u => u.Id == person);
            added = await context.InTransactionAsync(token => services.GetRequiredService<PasskeyStore>().AddAsync(user, made, "Key", token), default);
        });
        return added;
    }

    private static async Task<Guid> NewApplicationAsync(HttpClient admin)
    {
        using var made = await admin.PostAsJsonAsync("/api/v1/applications", new { directory = "customers", kind = "web", name = "Parallel", redirectUris = new[] { "https://rp.example/back" } });
        made.StatusCode.ShouldBe(HttpStatusCode.Created, await made.Content.ReadAsStringAsync());
        return (await made.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("application").GetProperty("id").GetGuid();
    }

    private static FormUrlEncodedContent Form(params (string Name, string Value)[] fields) => new(fields.Select(f => KeyValuePair.Create(f.Name, f.Value)));

    private static async Task AllAsync(Func<int, Task<HttpResponseMessage>> call, HttpStatusCode expected)
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, Many).Select(call));
        foreach (var answer in answers) answer.StatusCode.ShouldBe(expected, $"{answer.RequestMessage!.RequestUri}: {await answer.Content.ReadAsStringAsync()}");
    }

    private async Task<(PeopleServer Server, HttpClient Admin)> OnAsync(string engine)
    {
        var server = await servers.OnAsync(engine);
        return (server, await server.AdminAsync());
    }
}
