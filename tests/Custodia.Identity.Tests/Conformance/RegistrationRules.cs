using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Custodia.Identity.Applications;
using Custodia.Identity.Tests.Protocol;

namespace Custodia.Identity.Tests.Conformance;

/// <summary>Dynamic registration by somebody whom nobody knows: RFC 7591, RFC 7592, ASVS 10.4.7 and 10.7.2.</summary>
[Collection(ProtocolCollection.Name)]
public sealed class RegistrationRules(ProtocolServer server)
{
    private const string Redirect = "https://self.example/callback";

    /// <summary>A list with a hole in it, and text that is no Unicode, are bad metadata and nothing worse.</summary>
    [Theory]
    [InlineData("""{"redirect_uris":[null]}""", "invalid_redirect_uri")]
    [InlineData("""{"redirect_uris":[""]}""", "invalid_redirect_uri")]
    [InlineData("""{"redirect_uris":["https://self.example/"],"post_logout_redirect_uris":[null]}""", "invalid_client_metadata")]
    [InlineData("""{"redirect_uris":["https://self.example/"],"grant_types":["authorization_code",null]}""", "invalid_client_metadata")]
    [InlineData("""{"redirect_uris":["https://self.example/"],"response_types":[null]}""", "invalid_client_metadata")]
    [InlineData("""{"redirect_uris":["https://self.example/"],"client_name":"\ud800"}""", "invalid_client_metadata")]
    [InlineData("""{"redirect_uris":["https://self.example/"],"token_endpoint_auth_method":"private_key_jwt","jwks":{"keys":[null]}}""", "invalid_client_metadata")]
    [InlineData("""{"redirect_uris":["https://self.example/"],"token_endpoint_auth_method":"private_key_jwt","jwks":{"keys":[{"kty":"\ud800"}]}}""", "invalid_client_metadata")]
    [InlineData("""{"redirect_uris":["https://self.example/"],"token_endpoint_auth_method":"private_key_jwt","jwks":{"keys":[{"kty":"oct","k":"c2VjcmV0"}]}}""", "invalid_client_metadata")]
    [InlineData("""{"redirect_uris":["https://self.example/"],"dpop_bound_access_tokens":"true"}""", "invalid_client_metadata")]
    public async Task Metadata_with_holes_and_broken_text_is_refused(string body, string error)
    {
        var answer = await SendAsync(HttpMethod.Post, "register", await TokenAsync(), body);
        answer.Status.ShouldBe(HttpStatusCode.BadRequest, answer.Text);
        answer.Error.ShouldBe(error);
        answer.ShouldNotBeStored();
    }

    /// <summary>RFC 6749 section 3.1: an answer has each parameter once, so the address brings none of them along.</summary>
    [Theory]
    [InlineData("https://self.example/cb?code=mine")]
    [InlineData("https://self.example/cb?x=1&iss=https%3A%2F%2Fevil.example")]
    [InlineData("https://self.example/cb?st%61te=fixed")]
    [InlineData("https://*.self.example/cb")]
    [InlineData("https://user@self.example/cb")]
    [InlineData("https:///cb")]
    [InlineData("file:///etc/passwd")]
    [InlineData("https://self.example/a b")]
    public async Task A_redirect_address_that_could_mislead_is_refused(string address)
    {
        var answer = await SendAsync(HttpMethod.Post, "register", await TokenAsync(), JsonSerializer.Serialize(new { redirect_uris = new[] { address } }));
        answer.Error.ShouldBe("invalid_redirect_uri", answer.Text);
    }

    /// <summary>ASVS 10.7.2: people decide by the name, so it shows itself as it is.</summary>
    [Theory]
    [InlineData("Bank\u202egro.elpmaxe", false)]
    [InlineData("Bank\nof Evil", false)]
    [InlineData("Bank\u0000", false)]
    [InlineData("Ba\u2066nk", false)]
    [InlineData("\u200d", false)]
    [InlineData("\u3164", false)]
    [InlineData("\u2800 \u00a0", false)]
    [InlineData("银行", true)]
    [InlineData("می\u200cخواهم", true)]
    [InlineData("Family \ud83d\udc69\u200d\ud83d\ude80", true)]
    public async Task A_name_that_does_not_show_itself_as_it_is_written_is_refused(string name, bool fits)
    {
        var answer = await SendAsync(HttpMethod.Post, "register", await TokenAsync(), JsonSerializer.Serialize(new { redirect_uris = new[] { Redirect }, client_name = name }));
        if (fits) answer.Member("client_name").ShouldBe(name);
        else answer.Error.ShouldBe("invalid_client_metadata");
    }

    [Fact]
    public async Task A_name_is_text_on_the_consent_page()
    {
        var shop = await SendAsync(HttpMethod.Post, "register", await TokenAsync(), JsonSerializer.Serialize(new { redirect_uris = new[] { Redirect }, client_name = "<script>alert(1)</script>" }));
        var page = await (await server.SignedInAsync()).GetAsync($"{server.Issuer}/authorize?client_id={shop.Member("client_id")}&redirect_uri={WebUtility.UrlEncode(Redirect)}"
            + $"&response_type=code&scope=openid&code_challenge={new string('A', 43)}&code_challenge_method=S256");
        page.Address.AbsolutePath.ShouldEndWith("/consent");
        page.Html.ShouldContain("&lt;script&gt;");
        page.Html.ShouldNotContain("<script>alert");
    }

    /// <summary>RFC 7591 section 3.2.1: identifier and secret are the server's to give.</summary>
    [Fact]
    public async Task An_identifier_and_a_secret_of_the_clients_own_are_not_taken()
    {
        var answer = await SendAsync(
            HttpMethod.Post, "register", await TokenAsync(), JsonSerializer.Serialize(new { redirect_uris = new[] { Redirect }, client_id = "mine", client_secret = "mine", registration_access_token = "mine" }));
        foreach (var member in new[] { "client_id", "client_secret", "registration_access_token" }) answer.Member(member).ShouldNotBe("mine");
    }

    /// <summary>OpenID Connect Dynamic Client Registration section 2: whoever names the algorithm of its assertions is let in with no other.</summary>
    [Theory]
    [InlineData("PS256", "PS256", "invalid_grant")]
    [InlineData("RS256", "RS256", "invalid_grant")]
    [InlineData("RS256", "PS256", "invalid_client")]
    [InlineData("ES256", "ES256", "invalid_grant")]
    public async Task An_assertion_signed_in_another_way_than_was_registered_is_invalid_client(string signed, string registered, string error)
    {
        var key = new TestKey(server, signed);
        var made = await RegisterAsync(key, registered);
        made.Member("token_endpoint_auth_signing_alg").ShouldBe(registered);
        var client = made.Member("client_id");
        var read = await SendAsync(HttpMethod.Get, $"register/{client}", made.Member("registration_access_token"), null);
        read.Member("token_endpoint_auth_signing_alg").ShouldBe(registered);
        var now = server.Time.GetUtcNow();
        var assertion = key.Sign(
            new Dictionary<string, object?>(StringComparer.Ordinal) { ["alg"] = signed },
            new Dictionary<string, object?>(StringComparer.Ordinal) { ["iss"] = client, ["sub"] = client, ["aud"] = server.Issuer, ["jti"] = Guid.CreateVersion7().ToString(), ["exp"] = now.AddMinutes(1).ToUnixTimeSeconds() });
        var answer = await server.PostAsync($"{server.Issuer}/token", Wire.Form(
            ("grant_type", "refresh_token"), ("refresh_token", new string('r', 43)),
            ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"), ("client_assertion", assertion)));
        answer.Error.ShouldBe(error);
    }

    [Fact]
    public async Task An_algorithm_that_no_key_of_the_client_is_for_is_bad_metadata()
    {
        (await RegisterAsync(new TestKey(server), "PS256")).Error.ShouldBe("invalid_client_metadata");
        (await RegisterAsync(new TestKey(server), null)).Member("token_endpoint_auth_signing_alg").ShouldBeNull();
    }

    /// <summary>RFC 7592 section 2.2: an update names the client it is about.</summary>
    [Fact]
    public async Task An_update_that_does_not_say_whose_it_is_is_refused()
    {
        var made = await SendAsync(HttpMethod.Post, "register", await TokenAsync(), JsonSerializer.Serialize(new { redirect_uris = new[] { Redirect } }));
        var path = $"register/{made.Member("client_id")}";
        (await SendAsync(HttpMethod.Put, path, made.Member("registration_access_token"), JsonSerializer.Serialize(new { redirect_uris = new[] { Redirect } }))).Error.ShouldBe("invalid_client_metadata");
        (await SendAsync(HttpMethod.Patch, path, made.Member("registration_access_token"), "{}")).Status.ShouldBe(HttpStatusCode.MethodNotAllowed);
    }

    /// <summary>RFC 7591 section 3 and RFC 7592 section 2: each of the two tokens does one thing.</summary>
    [Fact]
    public async Task The_token_to_register_manages_nothing_and_the_token_to_manage_registers_nothing()
    {
        var initial = await TokenAsync(uses: 2);
        var metadata = JsonSerializer.Serialize(new { redirect_uris = new[] { Redirect } });
        var made = await SendAsync(HttpMethod.Post, "register", initial, metadata);
        (await SendAsync(HttpMethod.Get, $"register/{made.Member("client_id")}", initial, null)).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await SendAsync(HttpMethod.Post, "register", made.Member("registration_access_token"), metadata)).Status.ShouldBe(HttpStatusCode.Unauthorized);
    }

    private async Task<Answer> RegisterAsync(TestKey key, string? algorithm) => await SendAsync(
        HttpMethod.Post,
        "register",
        await TokenAsync(),
        JsonSerializer.Serialize(new { redirect_uris = new[] { Redirect }, token_endpoint_auth_method = "private_key_jwt", token_endpoint_auth_signing_alg = algorithm, jwks = key.KeySet }));

    private async Task<string> TokenAsync(int uses = 1)
    {
        var service = await server.RegisterAsync(ApplicationKind.M2m, new ApplicationSettings { Permissions = ["identity.applications.read", "identity.applications.write"] }, ProtocolServer.Staff);
        using var made = await server.Client((await service.ClientCredentialsAsync()).AccessToken).PostAsJsonAsync($"/api/v1/directories/{ProtocolServer.Customers}/registration-tokens", new { name = "rules", maxUses = uses });
        made.StatusCode.ShouldBe(HttpStatusCode.Created);
        return (await made.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("token").GetString()!;
    }

    private Task<Answer> SendAsync(HttpMethod method, string path, string? token, string? body) =>
        server.SendAsync(
            method,
            $"{server.Issuer}/{path}",
            body is null ? null : new StringContent(body, Encoding.UTF8, "application/json"),
            ("Authorization", token is null ? null : "Bearer " + token));
}
