using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Custodia.Identity.Agreements;
using Custodia.Identity.Tests.People;
using Custodia.Kernel.Deletion;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Custodia.Identity.Tests.Registration;

public sealed class AgreementTests
{
    private const string Api = "/api/v1/directories/customers/agreements";

    [Fact]
    public async Task Sign_up_stores_what_was_accepted_and_refuses_without_the_mandatory_one()
    {
        await using var server = await PeopleServer.StartNewAsync();
        var terms = await AddAsync(server, "terms", "1");
        var news = await AddAsync(server, "news", "1", mandatory: false);
        var visitor = server.Visitor();
        await visitor.OpenAsync("/d/customers/sign-up");
        await visitor.PostAsync("/d/customers/sign-up", ("email", "agree@example.com"), ("password", "a-quite-long-phrase"));
        visitor.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        await visitor.PostAsync("/d/customers/sign-up", ("email", "agree@example.com"), ("password", "a-quite-long-phrase"), (Box(terms), "true"), (Box(news), "true"));
        visitor.Status.ShouldBe(HttpStatusCode.OK);
        await visitor.PostAsync("/d/customers/sign-up/code", ("id", visitor.Hidden("id")), ("code", await server.CodeForAsync("agree@example.com")));
        (await visitor.OpenAsync("/account/customers")).Status.ShouldBe(HttpStatusCode.OK);

        await visitor.OpenAsync("/account/customers/agreements");
        await visitor.PostAsync($"/account/customers/agreements/{terms}/withdraw");
        visitor.Status.ShouldBe(HttpStatusCode.NotFound);
        await visitor.OpenAsync("/account/customers/agreements");
        await visitor.PostAsync($"/account/customers/agreements/{news}/withdraw");
        visitor.Location.ShouldBe("/account/customers/agreements?note=agreement-withdrawn");

        var person = await server.UserIdAsync("agree@example.com");
        await server.InScopeAsync(async services =>
        {
            var database = services.GetRequiredService<IdentityContext>();
            var kept = await database.Acceptances.Where(a => a.UserId == person).ToListAsync();
            kept.Count.ShouldBe(2);
            kept.Single(a => a.AgreementId == terms).WithdrawnAt.ShouldBeNull();
            kept.Single(a => a.AgreementId == news).WithdrawnAt.ShouldNotBeNull();
            kept.Single(a => a.AgreementId == terms).TextHash.ShouldBe((await database.Agreements.SingleAsync(a => a.Id == terms)).TextHash);
        });
    }

    [Fact]
    public async Task A_new_mandatory_version_is_asked_for_before_the_portal_goes_on()
    {
        await using var server = await PeopleServer.StartNewAsync();
        var first = await AddAsync(server, "terms", "1");
        var ada = await server.SignInAsync("customers", "ada");
        await ada.OpenAsync("/account/customers/security");
        ada.Location.ShouldBe("/d/customers/agreements?return=%2Faccount%2Fcustomers%2Fsecurity");
        // Rights do not wait for an agreement.
        (await ada.OpenAsync("/account/customers/data")).Status.ShouldBe(HttpStatusCode.OK);
        (await ada.OpenAsync("/account/customers/delete")).Status.ShouldBe(HttpStatusCode.OK);

        await ada.OpenAsync("/d/customers/agreements?return=%2Faccount%2Fcustomers%2Fsecurity");
        await ada.PostAsync("/d/customers/agreements", ("return", "/account/customers/security"));
        ada.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        await ada.PostAsync("/d/customers/agreements", ("return", "/account/customers/security"), (Box(first), "true"));
        ada.Location.ShouldBe("/account/customers/security");
        (await ada.OpenAsync("/account/customers/security")).Status.ShouldBe(HttpStatusCode.OK);

        await AddAsync(server, "terms", "2", from: server.Time.GetUtcNow().AddDays(1));
        (await ada.OpenAsync("/account/customers/security")).Status.ShouldBe(HttpStatusCode.OK);
        server.Time.Advance(TimeSpan.FromHours(25));
        (await ada.OpenAsync("/account/customers/security")).Status.ShouldBe(HttpStatusCode.SeeOther);
    }

    [Fact]
    public async Task An_application_waits_for_the_agreement_and_prompt_none_is_told()
    {
        await using var server = await PeopleServer.StartNewAsync();
        var ada = await server.SignInAsync("customers", "ada");
        var terms = await AddAsync(server, "terms", "1");
        await ada.OpenAsync("/demo/sign-in");
        var authorize = new Uri(ada.Location!).PathAndQuery;
        await ada.OpenAsync(authorize);
        var page = ada.Location!;
        page.ShouldStartWith("/d/customers/agreements?return=");
        await ada.OpenAsync(authorize + "&prompt=none");
        ada.Location!.ShouldContain("error=interaction_required");

        await ada.OpenAsync(page);
        await ada.PostAsync("/d/customers/agreements", ("return", Uri.UnescapeDataString(page.Split("return=")[1])), (Box(terms), "true"));
        await ada.OpenAsync(ada.Location!);
        ada.Location!.ShouldContain("code=");
    }

    [Fact]
    public async Task A_device_waits_for_the_agreement()
    {
        await using var server = await PeopleServer.StartNewAsync();
        using var made = await (await server.AdminAsync())
            .PostAsJsonAsync("/api/v1/applications", new { directory = "customers", kind = "native", name = "Television", deviceGrant = true });
        var television = (await made.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("application").GetProperty("clientId").GetString()!;
        var ada = await server.SignInAsync("customers", "ada");
        var terms = await AddAsync(server, "terms", "1");
        using var form = new FormUrlEncodedContent([new("client_id", television), new("scope", "openid")]);
        using var asked = await server.Client().PostAsync("/d/customers/device_authorization", form);
        var code = (await asked.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("user_code").GetString();

        await ada.OpenAsync($"/d/customers/device?user_code={code}");
        var page = ada.Location!;
        page.ShouldStartWith("/d/customers/agreements?return=");
        await ada.OpenAsync(page);
        await ada.PostAsync("/d/customers/agreements", ("return", Uri.UnescapeDataString(page.Split("return=")[1])), (Box(terms), "true"));
        ada.Location.ShouldBe($"/d/customers/device?user_code={code}");
        (await ada.OpenAsync(ada.Location!)).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task An_accepted_version_cannot_be_deleted_and_a_version_is_given_once()
    {
        await using var server = await PeopleServer.StartNewAsync();
        var admin = await server.AdminAsync();
        var terms = await AddAsync(server, "terms", "1");
        var ada = await server.SignInAsync("customers", "ada");
        await ada.OpenAsync("/d/customers/agreements");
        await ada.PostAsync("/d/customers/agreements", (Box(terms), "true"));
        using var kept = await admin.DeleteAsync($"{Api}/{terms}");
        kept.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        using var twice = await admin.PostAsJsonAsync(Api, Body("terms", "1", true, null));
        twice.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        using var retired = await admin.PostAsync($"{Api}/{terms}/retire", null);
        retired.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await (await server.SignInAsync("customers", "wei")).OpenAsync("/account/customers")).Status.ShouldBe(HttpStatusCode.OK);
        using var both = await admin.PostAsJsonAsync(Api, new { name = "Terms!", version = "", title = "", titleZh = "", text = "a", link = "http://example.com" });
        (await both.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("errors").EnumerateObject().Select(e => e.Name)
            .ShouldBe(["name", "version", "title", "titleZh", "text", "link"], ignoreOrder: true);
    }

    [Fact]
    public async Task What_a_person_accepted_is_in_their_export_and_goes_with_them()
    {
        await using var server = await PeopleServer.StartNewAsync();
        var terms = await AddAsync(server, "terms", "1");
        var ada = await server.SignInAsync("customers", "ada");
        await ada.OpenAsync("/d/customers/agreements");
        await ada.PostAsync("/d/customers/agreements", (Box(terms), "true"));
        var subject = new Subject(await server.AccountAsync(), await server.UserIdAsync("ada@customers.example"));
        await server.InScopeAsync(async services =>
        {
            var data = services.GetServices<ISubjectData>().Single(d => d.Module == "identity");
            List<ExportedItem> items = [];
            await foreach (var item in data.ExportAsync(subject, default)) items.Add(item);
            items.Where(i => i.Category == Acceptance.Category).ShouldHaveSingleItem().Values.ShouldContain(v => v.Key == "text" && v.Value == "The text of terms 1.");
            var report = await data.EraseAsync(subject, default);
            report.Categories.Single(c => c.Category == Acceptance.Category).Deleted.ShouldBe(1);
            (await services.GetRequiredService<IdentityContext>().Acceptances.CountAsync()).ShouldBe(0);
        });
    }

    private static string Box(Guid agreement) => $"agreement-{agreement:N}";

    private static object Body(string name, string version, bool mandatory, DateTimeOffset? from) =>
        new { name, version, title = name, titleZh = name, text = $"The text of {name} {version}.", mandatory, validFrom = from };

    private static async Task<Guid> AddAsync(PeopleServer server, string name, string version, bool mandatory = true, DateTimeOffset? from = null)
    {
        using var made = await (await server.AdminAsync()).PostAsJsonAsync(Api, Body(name, version, mandatory, from));
        made.StatusCode.ShouldBe(HttpStatusCode.Created, await made.Content.ReadAsStringAsync());
        return (await made.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetGuid();
    }
}
