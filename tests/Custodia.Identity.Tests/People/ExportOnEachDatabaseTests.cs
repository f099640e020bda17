using System.Net;
using System.Text.Json;
using Custodia.Identity.Tests.Registration;
using Custodia.Testing;

namespace Custodia.Identity.Tests.People;

/// <summary>"Download everything that is held about you" is one answer out of all services, whatever the database.</summary>
public sealed class ExportOnEachDatabaseTests(LostRaceTests.Servers servers) : IClassFixture<LostRaceTests.Servers>
{
    [Fact]
    public Task All_services_are_in_it_on_SQLite() => AllServicesAsync("sqlite");

    [EngineFact(Engines.PostgreSql)]
    public Task All_services_are_in_it_on_PostgreSQL() => AllServicesAsync(Engines.PostgreSql);

    private async Task AllServicesAsync(string engine)
    {
        var server = await servers.OnAsync(engine);
        // The flow "welcome" of the sample content runs with each registration, so there is a job with steps about the person.
        var visitor = await server.SignUpAsync("export@databases.example");
        HashSet<string?> categories = [];
        await Eventually.TrueAsync(async () =>
        {
            await visitor.OpenAsync("/account/customers/data/export.json");
            visitor.Status.ShouldBe(HttpStatusCode.OK);
            categories = JsonDocument.Parse(visitor.Html).RootElement.GetProperty("items").EnumerateArray().Select(i => i.GetProperty("category").GetString()).ToHashSet();
            return categories.Contains("integration.job");
        });
        categories.ShouldContain("identity.session");
        categories.ShouldContain("kernel.outgoing-message");
        await visitor.OpenAsync("/account/customers/data/export.html");
        visitor.Status.ShouldBe(HttpStatusCode.OK);
        visitor.Html.ShouldEndWith("</html>");
    }
}
