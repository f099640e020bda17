using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Custodia.Identity.Applications;

namespace Custodia.Identity.Tests.Protocol;

/// <summary><c>/api/v1/applications</c>.</summary>
[Collection(ProtocolCollection.Name)]
public sealed class ApplicationsApiTests(ProtocolServer server)
{
    private static readonly string[] Callback = ["https://new.example/callback"];

    [Fact]
    public async Task An_application_is_made_read_changed_given_a_new_secret_and_removed()
    {
        var client = await ClientAsync();
        using var made = await client.PostAsJsonAsync("/api/v1/applications", new { directory = ProtocolServer.Customers, kind = "web", name = "New", redirectUris = Callback });
        made.StatusCode.ShouldBe(HttpStatusCode.Created);
        var body = await made.Content.ReadFromJsonAsync<JsonElement>();
        var secret = body.GetProperty("clientSecret").GetString()!;
        var path = made.Headers.Location!.ToString();

        var read = await client.GetStringAsync(path);
        read.ShouldNotContain(secret);
        read.ShouldContain("https://new.example/callback");

        using var changed = await client.PatchAsJsonAsync(path, new { name = "Renamed", accessTokenSeconds = 300 });
        var settings = (await changed.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("settings");
        settings.GetProperty("name").GetString().ShouldBe("Renamed");
        settings.GetProperty("redirectUris").GetArrayLength().ShouldBe(1);

        using var rotated = await client.PostAsJsonAsync(path + "/secrets", new { overlapSeconds = 0 });
        rotated.StatusCode.ShouldBe(HttpStatusCode.Created);
        (await rotated.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("clientSecret").GetString().ShouldNotBe(secret);

        (await client.DeleteAsync(path)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await client.GetAsync(path)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task The_list_pages_by_cursor_without_gaps_or_repetitions()
    {
        var client = await ClientAsync();
        for (var i = 0; i < 5; i++) await server.RegisterAsync(directory: ProtocolServer.Staff);
        var seen = new List<string>();
        string? cursor = null;
        do
        {
            var page = await client.GetFromJsonAsync<JsonElement>($"/api/v1/applications?directory={ProtocolServer.Staff}&limit=2" + (cursor is null ? "" : $"&cursor={cursor}"));
            seen.AddRange(page.GetProperty("items").EnumerateArray().Select(i => i.GetProperty("id").GetString()!));
            cursor = page.GetProperty("nextCursor").GetString();
        }
        while (cursor is not null);
        seen.ShouldBeUnique();
        seen.Count.ShouldBeGreaterThanOrEqualTo(5);
    }

    [Theory]
    [InlineData("""{"directory":"guests","kind":"web","name":"x","redirectUris":[]}""", "redirectUris")]
    [InlineData("""{"directory":"guests","kind":"web","name":"x","redirectUris":["http://shop.example/"]}""", "redirectUris")]
    [InlineData("""{"directory":"guests","kind":"web","name":"x","redirectUris":["https://shop.example/#top"]}""", "redirectUris")]
    [InlineData("""{"directory":"guests","kind":"web","name":"x","redirectUris":["javascript:alert(1)"]}""", "redirectUris")]
    [InlineData("""{"directory":"guests","kind":"native","name":"x","redirectUris":["myapp:/cb"]}""", "redirectUris")]
    [InlineData("""{"directory":"guests","kind":"m2m","name":"x","redirectUris":["https://shop.example/"]}""", "redirectUris")]
    [InlineData("""{"directory":"guests","kind":"m2m","name":"x","scopes":["openid"]}""", "scopes")]
    [InlineData("""{"directory":"guests","kind":"m2m","name":"x","permissions":["identity.applications.read"]}""", "permissions")]
    [InlineData("""{"directory":"crew","kind":"m2m","name":"x","permissions":["identity.applications.fly"]}""", "permissions")]
    [InlineData("""{"directory":"nowhere","kind":"m2m","name":"x"}""", "directory")]
    [InlineData("""{"directory":"guests","kind":"m2m","name":" "}""", "name")]
    [InlineData("""{"directory":"guests","kind":"m2m","name":"x","accessTokenSeconds":1}""", "accessTokenSeconds")]
    [InlineData("""{"directory":"guests","kind":"m2m","name":"x","refreshOverlapSeconds":31}""", "refreshOverlapSeconds")]
    [InlineData("""{"directory":"guests","kind":"m2m","name":"x","signingAlgorithm":"none"}""", "signingAlgorithm")]
    [InlineData("""{"directory":"guests","kind":"robot","name":"x"}""", "kind")]
    [InlineData("""{"directory":"guests","kind":"web","name":"x","redirectUris":[null]}""", "redirectUris")]
    [InlineData("""{"directory":"guests","kind":"web","name":"x","redirectUris":["https://shop.example/?code=x"]}""", "redirectUris")]
    [InlineData("""{"directory":"guests","kind":"m2m","name":"x","scopes":["a",null]}""", "scopes")]
    [InlineData("""{"directory":"guests","kind":"m2m","name":"x","resources":[null]}""", "resources")]
    [InlineData("""{"directory":"guests","kind":"m2m","name":"x","protocol":{"exchangeFrom":[null]}}""", "protocol.exchangeFrom")]
    [InlineData("""{"directory":"guests","kind":"m2m","name":"x","protocol":{"authentication":"private_key_jwt","jwks":{"keys":[{"kty":"\ud800"}]}}}""", "protocol.jwks")]
    [InlineData("""{"directory":"guests","kind":"m2m","name":"a\u202eb"}""", "name")]
    [InlineData("""{"directory":"guests","kind":"m2m","name":"x","unknown":1}""", "unknown")]
    public async Task Settings_that_break_a_rule_are_refused_by_field(string body, string field)
    {
        var client = await ClientAsync();
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        using var answer = await client.PostAsync("/api/v1/applications", content);
        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("errors").TryGetProperty(field, out _).ShouldBeTrue(await answer.Content.ReadAsStringAsync());
    }

    /// <summary>Nobody gives an application more than they have, nor takes over one that has more.</summary>
    [Fact]
    public async Task A_caller_cannot_pass_on_permissions_they_lack()
    {
        var strong = await server.RegisterAsync(ApplicationKind.M2m, new ApplicationSettings { Permissions = ["identity.applications.read", "identity.applications.write"] }, ProtocolServer.Staff);
        var weak = await server.RegisterAsync(ApplicationKind.M2m, new ApplicationSettings { Permissions = ["identity.applications.write"] }, ProtocolServer.Staff);
        var client = server.Client((await weak.ClientCredentialsAsync()).AccessToken);
        using var made = await client.PostAsJsonAsync("/api/v1/applications", new { directory = ProtocolServer.Staff, kind = "m2m", name = "x", permissions = new[] { "identity.applications.read" } });
        made.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        using var taken = await client.PostAsJsonAsync($"/api/v1/applications/{strong.Id}/secrets", new { });
        taken.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Another_accounts_application_is_not_there()
    {
        var client = await ClientAsync();
        (await client.GetAsync($"/api/v1/applications/{Guid.CreateVersion7()}")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await client.GetAsync("/api/v1/applications?cursor=no")).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await client.GetAsync("/api/v1/applications?limit=0")).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Removing_an_application_ends_its_tokens_at_once()
    {
        var shop = await server.RegisterAsync();
        var tokens = await shop.TokensAsync(await server.SignedInAsync());
        (await (await ClientAsync()).DeleteAsync($"/api/v1/applications/{shop.Id}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await shop.UserinfoAsync(tokens.AccessToken)).Error.ShouldBe("invalid_token");
        (await shop.RefreshAsync(tokens.RefreshToken)).Error.ShouldBe("invalid_client");
    }

    private async Task<HttpClient> ClientAsync()
    {
        var service = await server.RegisterAsync(ApplicationKind.M2m, new ApplicationSettings { Permissions = ["identity.applications.read", "identity.applications.write"] }, ProtocolServer.Staff);
        return server.Client((await service.ClientCredentialsAsync()).AccessToken);
    }
}
