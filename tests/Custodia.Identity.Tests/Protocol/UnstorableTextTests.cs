using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Custodia.Identity.Applications;
using Custodia.Testing;

namespace Custodia.Identity.Tests.Protocol;

/// <summary>PostgreSQL stores no U+0000: wherever a request holds one, the answer is that of bad input.</summary>
public sealed class UnstorableTextTests(UnstorableTextTests.Postgres postgres) : IClassFixture<UnstorableTextTests.Postgres>
{
    [EngineFact(Engines.PostgreSql)]
    public async Task A_character_that_PostgreSQL_does_not_store_is_bad_input()
    {
        await using var server = new ProtocolServer();
        server.Settings["Custodia:Storage:Provider"] = "PostgreSql";
        server.Settings["Custodia:Storage:ConnectionString"] = await postgres.Server.NewDatabaseAsync();
        await server.InitializeAsync();
        var service = await server.RegisterAsync(ApplicationKind.M2m, new ApplicationSettings { Permissions = ["identity.applications.read", "identity.applications.write"] }, ProtocolServer.Staff);
        var client = server.Client((await service.ClientCredentialsAsync()).AccessToken);

        using var inAddress = await client.GetAsync("/api/v1/applications?directory=x%00y");
        inAddress.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await inAddress.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("errors").TryGetProperty("directory", out _).ShouldBeTrue();
        using var inBody = await client.PostAsJsonAsync($"/api/v1/directories/{ProtocolServer.Customers}/registration-tokens", new { name = "a\0b" });
        inBody.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await inBody.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("errors").TryGetProperty("name", out _).ShouldBeTrue();
        (await service.PostRawAsync("token", [("grant_type", "client_credentials")], RelyingParty.Basic("app\0", "x"))).Error.ShouldBe("invalid_client");
    }

    [EngineFact(Engines.PostgreSql)]
    public async Task A_provisioning_client_that_sends_one_is_told_in_the_words_of_the_standard()
    {
        await using var server = new ProtocolServer();
        server.Settings["Custodia:Storage:Provider"] = "PostgreSql";
        server.Settings["Custodia:Storage:ConnectionString"] = await postgres.Server.NewDatabaseAsync();
        await server.InitializeAsync();
        var service = await server.RegisterAsync(ApplicationKind.M2m, new ApplicationSettings { Permissions = ["identity.scim"] }, ProtocolServer.Staff);
        var client = server.Client((await service.ClientCredentialsAsync()).AccessToken);
        const string At = $"/scim/v2/{ProtocolServer.Customers}";

        string[] schemas = ["urn:ietf:params:scim:schemas:core:2.0:Group"];
        using var group = await client.PostAsJsonAsync($"{At}/Groups", new { schemas, displayName = "Staff", externalId = "a\0b" });
        await RefusedAsync(group, "invalidValue", "externalId");
        schemas = ["urn:ietf:params:scim:schemas:core:2.0:User"];
        using var user = await client.PostAsJsonAsync($"{At}/Users", new { schemas, userName = "grace", name = new { givenName = "a\0b" } });
        await RefusedAsync(user, "invalidValue", "name.givenName");
        using var filter = await client.GetAsync($"{At}/Groups?filter={Uri.EscapeDataString("displayName co \"\\u0000\"")}");
        await RefusedAsync(filter, "invalidFilter", "displayname");
    }

    private static async Task RefusedAsync(HttpResponseMessage answer, string code, string attribute)
    {
        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        var error = await answer.Content.ReadFromJsonAsync<JsonElement>();
        error.GetProperty("scimType").GetString().ShouldBe(code);
        error.GetProperty("detail").GetString()!.ShouldContain(attribute);
    }

    public sealed class Postgres : IAsyncLifetime
    {
        public PostgreSqlServer Server { get; } = new();

        public Task InitializeAsync() => Server.InitializeAsync();

        public Task DisposeAsync() => Server.DisposeAsync();
    }
}
