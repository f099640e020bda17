using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Custodia.Identity.Applications;
using Custodia.Identity.Tests.Protocol;

namespace Custodia.Identity.Tests.Conformance;

/// <summary>Whom tokens are for, whom they are about and what a resource learns from them: RFC 8707, RFC 9470, ASVS 9.2.4, 10.3.3 and 10.3.4.</summary>
[Collection(ProtocolCollection.Name)]
public sealed class AudienceRules(ProtocolServer server)
{
    private const string Provisioning = "/scim/v2/" + ProtocolServer.Customers;

    /// <summary>ASVS 9.2.4: whoever registers a resource gets tokens that name it, so it is not this server itself.</summary>
    [Theory]
    [InlineData("/api")]
    [InlineData("/API/")]
    [InlineData("/d/" + ProtocolServer.Customers)]
    [InlineData("/d/" + ProtocolServer.Staff)]
    [InlineData("/d/" + ProtocolServer.Staff + "/userinfo")]
    public async Task A_resource_of_an_application_is_not_this_server(string path)
    {
        (await FindingAsync(server.Url + path)).ShouldBe("no address of this server: its own tokens name it");
    }

    /// <summary>RFC 8707 section 2, RFC 3986 section 4.3: an absolute URI without a fragment; ASVS 10.7.2: people read it.</summary>
    [Theory]
    [InlineData("/orders")]
    [InlineData("\\\\server\\share")]
    [InlineData("orders.example")]
    [InlineData("https://orders.example/#all")]
    [InlineData("https://orders.example/a b")]
    [InlineData("https://orders.example/\u202egro")]
    [InlineData("https://orders.example/\"x")]
    [InlineData("https://me@orders.example/")]
    public async Task What_is_no_absolute_address_is_no_resource(string text)
    {
        (await FindingAsync(text)).ShouldBe("absolute URIs without a fragment");
    }

    [Theory]
    [InlineData("https://orders.example")]
    [InlineData("https://orders.example/v1?region=eu")]
    [InlineData("urn:example:orders")]
    [InlineData("api://orders")]
    public async Task An_absolute_address_is_a_resource(string text)
    {
        (await FindingAsync(text)).ShouldBeNull();
    }

    /// <summary>ASVS 10.3.3: a name and an address may come to somebody else; the number that tokens are about does not.</summary>
    [Fact]
    public async Task Somebody_with_the_address_of_a_deleted_person_is_another_person()
    {
        var shop = await server.RegisterAsync();
        var provisioner = await ClientAsync("identity.scim");
        const string Body = """{"userName":"heir@example.com","password":"correct horse battery","emails":[{"value":"heir@example.com","primary":true}]}""";
        var first = await AddAsync(provisioner, Body);
        var before = await shop.TokensAsync(await server.SignedInAsync("heir@example.com"));
        before.Id.Subject.ShouldBe(first);
        using var deleted = await provisioner.DeleteAsync($"{Provisioning}/Users/{first}");
        deleted.StatusCode.ShouldBe(HttpStatusCode.NoContent);

        var second = await AddAsync(provisioner, Body);
        var browser = await server.SignedInAsync("heir@example.com");
        var after = await shop.TokensAsync(browser);
        after.Id.Subject.ShouldBe(second);
        second.ShouldNotBe(first);
        (await shop.UserinfoAsync(before.AccessToken)).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await shop.IntrospectAsync(before.AccessToken)).Json.GetProperty("active").GetBoolean().ShouldBeFalse();
        (await shop.RefreshAsync(before.RefreshToken)).Error.ShouldBe("invalid_grant");
        (await shop.ReturnAsync(browser, ("prompt", "none"), ("id_token_hint", before.IdToken)))["error"].ShouldBe("login_required");
    }

    /// <summary>RFC 9470 section 6.2, ASVS 10.3.4: a resource that asks for strength or a recent sign-in learns both, in either form of token.</summary>
    [Theory]
    [InlineData(ProtocolSettings.Jwt)]
    [InlineData(ProtocolSettings.Opaque)]
    public async Task A_resource_learns_how_and_when_the_person_signed_in(string format)
    {
        var shop = await server.RegisterAsync(settings: new ApplicationSettings { Protocol = new ProtocolSettings(AccessTokenFormat: format) });
        var tokens = await shop.TokensAsync(await server.SignedInAsync());
        var about = (await shop.IntrospectAsync(tokens.AccessToken)).Json;
        about.GetProperty("acr").GetString().ShouldBe(tokens.Id.GetPayloadValue<string>("acr"));
        about.GetProperty("auth_time").GetInt64().ShouldBe(tokens.Id.GetPayloadValue<long>("auth_time"));
    }

    [Fact]
    public async Task A_service_that_acts_for_itself_has_not_signed_in()
    {
        var service = await server.RegisterAsync(ApplicationKind.M2m, new ApplicationSettings { Resources = ["https://orders.example"] });
        var about = (await service.IntrospectAsync((await service.ClientCredentialsAsync()).AccessToken)).Json;
        about.GetProperty("active").GetBoolean().ShouldBeTrue();
        about.TryGetProperty("acr", out _).ShouldBeFalse();
        about.TryGetProperty("auth_time", out _).ShouldBeFalse();
    }

    private async Task<string?> FindingAsync(string resource)
    {
        using var client = await ClientAsync("identity.applications.write");
        using var answer = await client.PostAsJsonAsync("/api/v1/applications", new { directory = ProtocolServer.Customers, kind = "m2m", name = "Audience", resources = new[] { resource } });
        if (answer.StatusCode == HttpStatusCode.Created) return null;
        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("errors").GetProperty("resources")[0].GetString();
    }

    private static async Task<string> AddAsync(HttpClient provisioner, string body)
    {
        using var content = new StringContent(body, MediaTypeHeaderValue.Parse("application/scim+json"));
        using var made = await provisioner.PostAsync($"{Provisioning}/Users", content);
        made.StatusCode.ShouldBe(HttpStatusCode.Created, await made.Content.ReadAsStringAsync());
        return (await made.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString()!;
    }

    private async Task<HttpClient> ClientAsync(string permission)
    {
        var service = await server.RegisterAsync(ApplicationKind.M2m, new ApplicationSettings { Permissions = [permission] }, ProtocolServer.Staff);
        var client = server.Client();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", (await service.ClientCredentialsAsync()).AccessToken);
        return client;
    }
}
