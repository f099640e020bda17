using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Custodia.Identity.Registration;
using Custodia.Identity.Tests.People;

namespace Custodia.Identity.Tests.Registration;

public sealed class AttributeTests(PeopleServer server) : IClassFixture<PeopleServer>
{
    private const string Api = "/api/v1/directories/customers";

    [Theory]
    [InlineData("Text", "ab", "too-short")]
    [InlineData("Text", "abcdef", "too-long")]
    [InlineData("Text", "abc", null)]
    [InlineData("Number", "2", "too-small")]
    [InlineData("Number", "5.5", "too-large")]
    [InlineData("Number", "-", "number")]
    [InlineData("Number", "1e3", "number")]
    [InlineData("Number", "4.25", null)]
    [InlineData("Boolean", "yes", "true-or-false")]
    [InlineData("Boolean", "true", null)]
    [InlineData("Date", "2026-02-30", "date")]
    [InlineData("Date", "2026-02-28", null)]
    [InlineData("Choice", "xl", "unknown-value")]
    [InlineData("Choice", "m", null)]
    [InlineData("Email", "somebody", "email-shape")]
    [InlineData("Email", "a@b.example", null)]
    [InlineData("Url", "javascript:alert(1)", "web-address")]
    [InlineData("Url", "https://user@example.com", "web-address")]
    [InlineData("Url", "https://example.com/x", null)]
    public void A_value_must_fit_its_definition(string kind, string value, string? rule)
    {
        var definition = new AttributeDefinition
        {
            Name = "size",
            Label = "Size",
            LabelZh = "尺码",
            Kind = Enum.Parse<AttributeKind>(kind),
            Minimum = 3,
            Maximum = 5,
            Choices = """[{"Value":"m","Label":"M","LabelZh":"M"}]""",
        };
        AttributeRules.RuleBrokenBy(definition, value).ShouldBe(rule);
    }

    [Fact]
    public async Task Sign_up_asks_for_attributes_and_the_portal_changes_what_the_person_may()
    {
        await using var own = await PeopleServer.StartNewAsync();
        var admin = await own.AdminAsync();
        await DefineAsync(admin, "shoeSize", new { label = "Shoe size", labelZh = "鞋码", kind = "number", minimum = 20, maximum = 55, askedAtSignUp = true, mandatory = true });
        await DefineAsync(admin, "tier", new { label = "Tier", labelZh = "等级", kind = "choice", editableBy = "staff", choices = new[] { new { value = "gold", label = "Gold", labelZh = "金" } } });

        var visitor = own.Visitor();
        await visitor.OpenAsync("/d/customers/sign-up");
        visitor.Html.ShouldContain("Shoe size");
        visitor.Html.ShouldNotContain("Tier");
        await visitor.PostAsync("/d/customers/sign-up", ("email", "feet@example.com"), ("password", "a-quite-long-phrase"), ("attribute-shoeSize", "120"), ("attribute-tier", "gold"));
        visitor.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        visitor.Html.ShouldContain("At most 55");
        await visitor.PostAsync("/d/customers/sign-up", ("email", "feet@example.com"), ("password", "a-quite-long-phrase"), ("attribute-shoeSize", "42"), ("attribute-tier", "gold"));
        await visitor.PostAsync("/d/customers/sign-up/code", ("id", visitor.Hidden("id")), ("code", await own.CodeForAsync("feet@example.com")));
        (await visitor.OpenAsync("/account/customers")).Html.ShouldContain("<dt>Shoe size</dt><dd>42</dd>");
        visitor.Html.ShouldNotContain("Gold");

        var id = await own.UserIdAsync("feet@example.com");
        using var tiered = await admin.PatchAsJsonAsync($"/api/v1/users/{id}", new { customAttributes = new { shoeSize = "42", tier = "gold" } });
        tiered.StatusCode.ShouldBe(HttpStatusCode.OK);
        await visitor.OpenAsync("/account/customers/edit");
        await visitor.PostAsync("/account/customers/edit", ("user-name", ""), ("attribute-shoeSize", "43"), ("attribute-tier", "none"));
        visitor.Location.ShouldBe("/account/customers?note=saved");
        (await visitor.OpenAsync("/account/customers")).Html.ShouldContain("<dt>Shoe size</dt><dd>43</dd>");
        visitor.Html.ShouldContain("<dd>Gold</dd>");
    }

    [Fact]
    public async Task The_api_refuses_values_that_do_not_fit_and_names_that_are_not_defined()
    {
        await using var own = await PeopleServer.StartNewAsync();
        var admin = await own.AdminAsync();
        await DefineAsync(admin, "born", new { label = "Born", labelZh = "出生", kind = "date" });
        using var refused = await admin.PostAsJsonAsync("/api/v1/users", new
        {
            directory = "customers",
            userName = "typed",
            customAttributes = new { born = "yesterday", hat = "top" },
        });
        refused.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        var errors = (await refused.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("errors");
        errors.GetProperty("customAttributes.born")[0].GetString().ShouldBe("date");
        errors.GetProperty("customAttributes.hat")[0].GetString().ShouldBe("unknown-attribute");
        using var made = await admin.PostAsJsonAsync("/api/v1/users", new { directory = "customers", userName = "typed", customAttributes = new { born = "2001-02-03" } });
        made.StatusCode.ShouldBe(HttpStatusCode.Created);
        var id = (await made.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetGuid();
        using var changed = await admin.PatchAsJsonAsync($"/api/v1/users/{id}", new { customAttributes = new { born = "2001-02-31" } });
        changed.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task A_definition_names_everything_that_is_wrong_with_it()
    {
        var admin = await server.AdminAsync();
        using var refused = await admin.PutAsJsonAsync($"{Api}/attributes/9lives", new { label = "", labelZh = "x", kind = "date", minimum = 1, choices = new[] { new { value = "a", label = "a", labelZh = "a" } }, mandatory = true, editableBy = "staff" });
        refused.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        var errors = (await refused.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("errors");
        errors.EnumerateObject().Select(e => e.Name).ShouldBe(["name", "label", "minimum", "choices", "mandatory"], ignoreOrder: true);
    }

    [Fact]
    public async Task Which_fields_are_asked_is_the_directorys_choice_and_what_is_not_asked_is_not_taken()
    {
        await using var own = await PeopleServer.StartNewAsync();
        var admin = await own.AdminAsync();
        using var set = await admin.PatchAsJsonAsync($"{Api}/registration", new { askedFields = new[] { "email", "gender" }, mandatoryFields = new[] { "email" } });
        set.StatusCode.ShouldBe(HttpStatusCode.OK);
        var directory = await admin.GetFromJsonAsync<JsonElement>(Api);
        directory.GetProperty("mandatoryFields").EnumerateArray().Select(f => f.GetString()).ShouldBe(["email"]);
        var page = await own.Visitor().OpenAsync("/d/customers/sign-up");
        page.Html.ShouldContain("name=\"gender\"");
        page.Html.ShouldNotContain("name=\"user-name\"");
        var visitor = await own.SignUpAsync("plain@example.com", userName: "sneaky");
        (await visitor.OpenAsync("/account/customers")).Html.ShouldNotContain("sneaky");
    }

    private static async Task DefineAsync(HttpClient admin, string name, object definition)
    {
        using var answer = await admin.PutAsJsonAsync($"{Api}/attributes/{name}", definition);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, await answer.Content.ReadAsStringAsync());
    }
}
