using System.Net;
using Custodia.Identity.Statistics;
using Custodia.Identity.Tests.People;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Custodia.Identity.Tests.SignIn;

/// <summary>What follows from where somebody is: second factors by risk, and the map of users. Addresses are real ones of their countries.</summary>
public sealed class PlaceTests(PlaceTests.PlacedServer server) : IClassFixture<PlaceTests.PlacedServer>
{
    private const string Germany = "194.25.0.60";
    private const string GermanyToo = "91.64.1.1";
    private const string China = "114.114.114.114";
    private const string America = "8.8.8.8";
    private const string Nowhere = "10.1.2.3";

    [Fact]
    public async Task By_risk_a_new_country_asks_for_more_even_in_a_known_browser()
    {
        await RiskAsync(device: false, country: true);
        var (person, email) = await PersonAsync(Germany);
        (await AgainAsync(person.Copy(), email, GermanyToo)).IsSignedIn().ShouldBeTrue("another address of the same country");
        (await AgainAsync(server.Visitor(), email, Germany)).IsSignedIn().ShouldBeTrue("a new browser is not asked about here");

        var abroad = await AgainAsync(person, email, China);
        abroad.Location.ShouldBe(SignInSteps.Second);
        abroad.Cookie("custodia-customers").ShouldBeNull();
        await abroad.OpenAsync(SignInSteps.Second);
        await abroad.CodeAsync("mailed-code", await server.CodeForAsync(email));
        abroad.IsSignedIn().ShouldBeTrue(abroad.Html);
        (await AgainAsync(server.Visitor(), email, China)).IsSignedIn().ShouldBeTrue("they have been there now");
        (await AgainAsync(server.Visitor(), email, America)).Location.ShouldBe(SignInSteps.Second);
    }

    [Fact]
    public async Task By_risk_a_new_browser_asks_for_the_factor_that_the_person_has()
    {
        await RiskAsync(device: true, country: false);
        var (person, email) = await PersonAsync(Germany);
        var (secret, _) = await server.AddAppAsync(person);
        (await AgainAsync(person, email, America)).IsSignedIn().ShouldBeTrue("a known browser, wherever it is");

        var fresh = await AgainAsync(server.Visitor(), email, Germany);
        fresh.Location.ShouldBe(SignInSteps.Second);
        await fresh.OpenAsync(SignInSteps.Second);
        fresh.Html.ShouldContain("value=\"totp\"");
        await fresh.CodeAsync("totp", server.Digits(secret, 1));
        fresh.IsSignedIn().ShouldBeTrue(fresh.Html);
        (await AgainAsync(fresh, email, China)).IsSignedIn().ShouldBeTrue("it is known from now on");
    }

    [Fact]
    public async Task By_risk_an_address_without_a_country_says_nothing()
    {
        await RiskAsync(device: false, country: true);
        var (person, email) = await PersonAsync(Germany);
        (await AgainAsync(person, email, Nowhere)).IsSignedIn().ShouldBeTrue();
    }

    [Fact]
    public async Task What_a_stranger_writes_about_their_address_is_not_believed()
    {
        await RiskAsync(device: false, country: true);
        var (_, email) = await PersonAsync(Germany);
        // The last entry is the proxy's; what stands before it the client may have written.
        (await AgainAsync(server.Visitor(), email, $"{Germany}, {China}")).Location.ShouldBe(SignInSteps.Second);
    }

    [Fact]
    public async Task The_map_counts_users_by_the_country_of_their_address_as_the_table_has_it()
    {
        await RiskAsync(device: false, country: false);
        var table = new CountryTable();
        string[] addresses = [America, "2001:4860:4860::8888", America, China, Germany, "196.216.2.1", "200.160.2.3", "133.11.0.1", Nowhere];
        var before = await DistributionAsync();
        for (var i = 0; i < addresses.Length; i++) await server.SignUpAsync($"mapped-{i}@places.example", from: addresses[i]);
        var expected = addresses.Select(a => table.Of(IPAddress.Parse(a)) ?? "").Concat(before.SelectMany(b => Enumerable.Repeat(b.Key, (int)b.Value)))
            .GroupBy(c => c, StringComparer.Ordinal).ToDictionary(g => g.Key, g => (long)g.Count(), StringComparer.Ordinal);
        expected.Keys.ShouldContain("BR");
        expected.Keys.ShouldContain("JP");
        (await DistributionAsync()).ShouldBe(expected, ignoreOrder: true);

        await server.InScopeAsync(async services =>
        {
            var database = services.GetRequiredService<IdentityContext>();
            var home = await database.Directories.SingleAsync(d => d.Name == "customers");
            (await database.Users.Where(u => u.DirectoryId == home.Id).GroupBy(u => u.Country ?? "").Select(g => new { g.Key, Count = g.LongCount() }).ToDictionaryAsync(g => g.Key, g => g.Count))
                .ShouldBe(expected, ignoreOrder: true);
        });
    }

    private async Task<Dictionary<string, long>> DistributionAsync() => (await server.StatisticsAsync()).GetProperty("distribution").EnumerateArray()
        .ToDictionary(c => c.GetProperty("country").GetString()!, c => c.GetProperty("users").GetInt64(), StringComparer.Ordinal);

    private Task RiskAsync(bool device, bool country) => server.RuleAsync(new { secondFactor = "byRisk", riskNewDevice = device, riskNewCountry = country });

    /// <summary>Somebody who has signed up from an address, signed in.</summary>
    private async Task<(Visitor Visitor, string Email)> PersonAsync(string from)
    {
        var email = $"{Guid.CreateVersion7():N}@places.example";
        return (await server.SignUpAsync(email, from: from), email);
    }

    private static async Task<Visitor> AgainAsync(Visitor visitor, string email, string from)
    {
        visitor.From = from;
        visitor.Forget("custodia-customers");
        await visitor.OpenAsync("/d/customers/sign-in");
        return await visitor.PostAsync("/d/customers/sign-in", ("name", email), ("password", "a-quite-long-phrase"));
    }

    /// <summary>Believes what this machine says about the address of its clients.</summary>
    public sealed class PlacedServer : PeopleServer
    {
        protected override void Prepare()
        {
            base.Prepare();
            Settings["Custodia:Http:TrustedProxies:0"] = "127.0.0.1";
        }
    }
}
