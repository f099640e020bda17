using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Custodia.Identity.Tests.Jobs;
using Custodia.Identity.Tests.People;
using Custodia.Identity.Users;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Custodia.Identity.Tests.Registration;

/// <summary>The definitions of custom attributes hold for people who come by file or by a provisioning client too.</summary>
public sealed class AttributeIntakeTests(PeopleServer server) : IClassFixture<PeopleServer>
{
    private const string Users = "/scim/v2/customers/Users";

    [Fact]
    public async Task An_import_reports_each_value_that_its_definition_does_not_take()
    {
        var admin = await server.AdminAsync();
        await DefineAsync(admin, "shoeSize", new { label = "Shoe size", labelZh = "鞋码", kind = "number", minimum = 20, maximum = 55 });
        await DefineAsync(admin, "tier", new { label = "Tier", labelZh = "等级", kind = "choice", choices = new[] { Choice("gold"), Choice("silver") } });
        const string File = """
            login,shoe,tier,hat
            feet-one,42,gold,
            feet-two,120,gold,
            feet-three,huge,lead,top
            feet-four,,,

            """;
        var mapping = new { userName = "login", customAttributes = new { shoeSize = "shoe", tier = "tier", hat = "hat" } };
        var job = await admin.ImportAsync(File, new { mapping });
        job.Figures().ShouldBe((2, 0, 0, 2));
        using var report = await admin.GetAsync($"/api/v1/jobs/{job.GetProperty("id").GetGuid()}/report");
        (await report.Content.ReadAsStringAsync()).TrimEnd().Split("\r\n").ShouldBe(
        [
            "line,field,rule",
            "3,custom-attributes.shoeSize,too-large",
            "4,custom-attributes.shoeSize,number",
            "4,custom-attributes.tier,unknown-value",
            "4,custom-attributes.hat,unknown-attribute",
        ]);

        // A rehearsal says the same and writes nothing.
        (await admin.ImportAsync(File, new { mapping, dryRun = true })).Figures().Failed.ShouldBe(2);

        // What an update leaves out stays, attribute by attribute.
        var update = await admin.ImportAsync("login,tier\nfeet-one,silver\n", new { mapping = new { userName = "login", customAttributes = new { tier = "tier" } }, duplicates = "update" });
        update.Figures().ShouldBe((0, 1, 0, 0));
        CustomAttributes.Read(await AttributesOfAsync("feet-one")).ShouldBe(new Dictionary<string, string> { ["shoeSize"] = "42", ["tier"] = "silver" }, ignoreOrder: true);
    }

    [Fact]
    public async Task A_provisioning_client_gets_invalidValue_with_the_attribute()
    {
        var admin = await server.AdminAsync();
        var early = await SendAsync(admin, HttpMethod.Post, Users, """{"userName":"early","name":{"givenName":"Li","familyName":"Wu"}}""", HttpStatusCode.Created);
        await DefineAsync(admin, "givenName", new { label = "Given name", labelZh = "名", kind = "text", minimum = 3, maximum = 8 });

        var refused = await SendAsync(admin, HttpMethod.Post, Users, """{"userName":"late","name":{"givenName":"Bo","familyName":"Wu"},"locale":"not a tag"}""", HttpStatusCode.BadRequest);
        refused.GetProperty("scimType").GetString().ShouldBe("invalidValue");
        refused.GetProperty("detail").GetString().ShouldBe("locale: language-tag; name.givenName: too-short");
        (await admin.GetFromJsonAsync<JsonElement>($"{Users}?filter={Uri.EscapeDataString("userName eq \"late\"")}")).GetProperty("totalResults").GetInt32().ShouldBe(0);

        var path = $"{Users}/{early.GetProperty("id").GetString()}";
        var patched = await SendAsync(admin, HttpMethod.Patch, path, """{"Operations":[{"op":"replace","path":"name.givenName","value":"Bartholomew"}]}""", HttpStatusCode.BadRequest);
        patched.GetProperty("detail").GetString().ShouldBe("name.givenName: too-long");
        await SendAsync(admin, HttpMethod.Put, path, """{"userName":"early","name":{"givenName":"Bo"}}""", HttpStatusCode.BadRequest);

        // A value that is older than its definition keeps nobody from being deactivated.
        var inactive = await SendAsync(admin, HttpMethod.Patch, path, """{"Operations":[{"op":"replace","path":"active","value":false}]}""", HttpStatusCode.OK);
        inactive.GetProperty("active").GetBoolean().ShouldBeFalse();
        inactive.GetProperty("name").GetProperty("givenName").GetString().ShouldBe("Li");
        (await SendAsync(admin, HttpMethod.Patch, path, """{"Operations":[{"op":"replace","path":"name.givenName","value":"Lina"}]}""", HttpStatusCode.OK))
            .GetProperty("name").GetProperty("givenName").GetString().ShouldBe("Lina");
    }

    private static object Choice(string value) => new { value, label = value, labelZh = value };

    private static async Task DefineAsync(HttpClient admin, string name, object definition)
    {
        using var answer = await admin.PutAsJsonAsync($"/api/v1/directories/customers/attributes/{name}", definition);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, await answer.Content.ReadAsStringAsync());
    }

    private async Task<string?> AttributesOfAsync(string userName)
    {
        string? json = null;
        await server.InScopeAsync(async services =>
        {
            var home = await services.GetRequiredService<IdentityContext>().Directories.SingleAsync(d => d.Name == "customers");
            var user = await services.GetRequiredService<UserLookup>().FindAsync(home, UserField.UserName, userName, default);
            json = await services.GetRequiredService<UserProfiles>().OpenAsync(user!, UserField.CustomAttributes, ProfileUse.UserAdministration, default);
        });
        return json;
    }

    private static async Task<JsonElement> SendAsync(HttpClient client, HttpMethod method, string path, string body, HttpStatusCode expected)
    {
        using var request = new HttpRequestMessage(method, path) { Content = new StringContent(body, Encoding.UTF8, "application/scim+json") };
        using var answer = await client.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        answer.StatusCode.ShouldBe(expected, text);
        return JsonSerializer.Deserialize<JsonElement>(text);
    }
}
