using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Custodia.Identity.AgeGates;
using Custodia.Identity.Tests.People;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Custodia.Identity.Tests.Registration;

public sealed class AgeGateTests(PeopleServer server) : IClassFixture<PeopleServer>
{
    private static readonly (string Name, string Value)[] Form = [("email", "kid@example.com"), ("password", "a-quite-long-phrase")];

    [Theory]
    [InlineData("2012-02-29", "2026-02-28", 13)]
    [InlineData("2012-02-29", "2026-03-01", 14)]
    [InlineData("2012-11-22", "2026-11-21", 13)]
    [InlineData("2012-11-22", "2026-11-22", 14)]
    public void Years_are_full_years(string born, string today, int years) =>
        AgeCheck.YearsBetween(DateOnly.Parse(born, CultureInfo.InvariantCulture), DateOnly.Parse(today, CultureInfo.InvariantCulture)).ShouldBe(years);

    [Fact]
    public async Task Who_is_too_young_is_refused_neutrally_and_nothing_of_them_is_kept()
    {
        // A server of its own: nothing at all may be kept.
        await using var server = await PeopleServer.StartNewAsync();
        await GateAsync(server);
        var born = BirthDate(server, 13);
        var visitor = server.Visitor();
        await visitor.OpenAsync("/d/customers/sign-up");
        visitor.Html.ShouldContain("name=\"birth-date\"");
        visitor.Html.ShouldContain(">Belgium</option>");
        // The password is wrong too: the answer is the same, so that nothing tells which field decided.
        await visitor.PostAsync("/d/customers/sign-up", ("email", "kid@example.com"), ("password", "short"), ("birth-date", born), ("country", "CN"));
        visitor.Status.ShouldBe(HttpStatusCode.Forbidden);
        visitor.Html.ShouldNotContain("kid@example.com");
        visitor.Html.ShouldContain("is not possible for you at the moment");

        (await server.OutboxAsync("kid@example.com")).ShouldBeEmpty();
        await server.InScopeAsync(async services =>
        {
            var database = services.GetRequiredService<IdentityContext>();
            (await database.PendingSignUps.CountAsync()).ShouldBe(0);
            (await database.OneTimeCodes.CountAsync()).ShouldBe(0);
        });
        var note = (await server.LogAsync("identity.user-operation-log")).Where(e => e.Fields.Any(f => f.Key == "result" && Equals(f.Value?.ToString(), "age-refused"))).ShouldHaveSingleItem();
        note.Person.ShouldBeNull();
    }

    [Fact]
    public async Task Going_back_and_changing_the_date_does_not_help_for_a_day()
    {
        await GateAsync(server);
        (string, string)[] later = [("email", "later@example.com"), ("password", "a-quite-long-phrase")];
        var visitor = server.Visitor();
        await visitor.OpenAsync("/d/customers/sign-up");
        var again = visitor.Copy();
        await visitor.PostAsync("/d/customers/sign-up", [.. later, ("birth-date", BirthDate(server, 10)), ("country", "US")]);
        visitor.Status.ShouldBe(HttpStatusCode.Forbidden);
        visitor.SetCookies.ShouldContain(c => c.StartsWith("sign-up-later-customers=", StringComparison.Ordinal) && c.Contains("httponly", StringComparison.OrdinalIgnoreCase));
        (await visitor.OpenAsync("/d/customers/sign-up")).Status.ShouldBe(HttpStatusCode.Forbidden);
        await visitor.PostAsync("/d/customers/sign-up", [.. later, ("birth-date", BirthDate(server, 30)), ("country", "US"), ("form-token", again.Hidden("form-token"))]);
        visitor.Status.ShouldNotBe(HttpStatusCode.OK);
        (await server.OutboxAsync("later@example.com")).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("US", 13, true)]
    [InlineData("US", 12, false)]
    [InlineData("CN", 13, false)]
    [InlineData("DE", 15, false)]
    [InlineData("IN", 17, false)]
    [InlineData("JP", 15, false)]
    [InlineData("JP", 16, true)]
    [InlineData("FR", 15, false)]
    public async Task The_countrys_age_decides_and_the_directory_may_set_its_own(string country, int years, bool passes)
    {
        await GateAsync(server, new Dictionary<string, int> { ["FR"] = 18 });
        var visitor = server.Visitor();
        await visitor.OpenAsync("/d/customers/sign-up");
        await visitor.PostAsync("/d/customers/sign-up", [.. Form, ("birth-date", BirthDate(server, years)), ("country", country)]);
        visitor.Status.ShouldBe(passes ? HttpStatusCode.OK : HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task Birth_date_and_country_cannot_be_left_out()
    {
        await GateAsync(server);
        var visitor = server.Visitor();
        await visitor.OpenAsync("/d/customers/sign-up");
        await visitor.PostAsync("/d/customers/sign-up", Form);
        visitor.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        await visitor.PostAsync("/d/customers/sign-up", [.. Form, ("birth-date", BirthDate(server, 30)), ("country", "XX")]);
        visitor.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
    }

    [Fact]
    public async Task By_address_an_unknown_country_takes_the_age_of_all_others()
    {
        await GateAsync(server, source: "address");
        var visitor = server.Visitor();
        await visitor.OpenAsync("/d/customers/sign-up");
        visitor.Html.ShouldNotContain("name=\"country\"");
        await visitor.PostAsync("/d/customers/sign-up", [.. Form, ("birth-date", BirthDate(server, 15)), ("country", "US")]);
        visitor.Status.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task Ages_out_of_range_and_unknown_countries_are_refused()
    {
        using var refused = await (await server.AdminAsync()).PutAsJsonAsync(
            "/api/v1/directories/customers/age-gate", new { enabled = true, minimumAges = new Dictionary<string, int> { ["ZZ"] = 13, ["DE"] = 99 }, otherCountries = 40 });
        refused.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        var errors = (await refused.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("errors");
        errors.GetProperty("minimumAges").GetArrayLength().ShouldBe(2);
        errors.GetProperty("otherCountries").GetArrayLength().ShouldBe(1);
    }

    private static string BirthDate(PeopleServer server, int years) =>
        DateOnly.FromDateTime(server.Time.GetUtcNow().UtcDateTime).AddYears(-years).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static async Task GateAsync(PeopleServer server, Dictionary<string, int>? ages = null, string source = "stated")
    {
        using var set = await (await server.AdminAsync()).PutAsJsonAsync(
            "/api/v1/directories/customers/age-gate", new { enabled = true, countrySource = source, minimumAges = ages });
        set.StatusCode.ShouldBe(HttpStatusCode.OK, await set.Content.ReadAsStringAsync());
    }
}
