using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Custodia.Identity.Applications;

namespace Custodia.Identity.Tests.Protocol;

/// <summary>Applications that register themselves (RFC 7591) and manage themselves (RFC 7592), from outside.</summary>
[Collection(ProtocolCollection.Name)]
public sealed class ClientRegistrationTests(ProtocolServer server)
{
    private const string Redirect = "https://self.example/callback";

    private static readonly object Web = new { redirect_uris = new[] { Redirect }, client_name = "Self", grant_types = new[] { "authorization_code", "refresh_token" } };

    /// <summary>RFC 7591 sections 3.1 and 3.2.1.</summary>
    [Fact]
    public async Task Whoever_has_a_token_registers_an_application_that_works_at_once()
    {
        var answer = await RegisterAsync(await TokenAsync(), Web);
        answer.Status.ShouldBe(HttpStatusCode.Created, answer.Text);
        answer.Headers.CacheControl!.NoStore.ShouldBeTrue();
        answer.Member("client_id")!.ShouldNotBeEmpty();
        answer.Member("client_secret")!.ShouldNotBeEmpty();
        answer.Json.GetProperty("client_secret_expires_at").GetInt64().ShouldBe(0);
        answer.Json.GetProperty("client_id_issued_at").GetInt64().ShouldBe(server.Time.GetUtcNow().ToUnixTimeSeconds());
        // Defaults are told as well.
        answer.Member("token_endpoint_auth_method").ShouldBe("client_secret_basic");
        answer.Member("application_type").ShouldBe("web");
        answer.Member("id_token_signed_response_alg").ShouldBe("ES256");
        answer.Json.GetProperty("response_types").EnumerateArray().Select(v => v.GetString()).ShouldBe(["code"]);
        answer.Member("registration_client_uri").ShouldBe($"{server.Issuer}/register/{answer.Member("client_id")}");

        // It asks people, since nobody here has looked at it.
        var browser = await server.SignedInAsync();
        var page = await browser.GetAsync($"{server.Issuer}/authorize?client_id={answer.Member("client_id")}&redirect_uri={WebUtility.UrlEncode(Redirect)}"
            + $"&response_type=code&scope=openid&code_challenge={new string('A', 43)}&code_challenge_method=S256");
        page.Address.AbsolutePath.ShouldEndWith("/consent");
    }

    /// <summary>OAuth 2.1 section 4.1.1, RFC 7636: nothing in metadata turns PKCE off.</summary>
    [Fact]
    public async Task A_registered_application_needs_pkce_as_all_do()
    {
        var answer = await RegisterAsync(await TokenAsync(), Web);
        var page = await (await server.SignedInAsync()).GetAsync(
            $"{server.Issuer}/authorize?client_id={answer.Member("client_id")}&redirect_uri={WebUtility.UrlEncode(Redirect)}&response_type=code&scope=openid");
        page["error"].ShouldBe("invalid_request");
    }

    /// <summary>RFC 7591 section 3: protected registration.</summary>
    [Fact]
    public async Task Without_a_token_or_with_a_wrong_used_up_or_expired_one_nothing_is_registered()
    {
        (await RegisterAsync(null, Web)).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await RegisterAsync(new string('a', 43), Web)).Error.ShouldBe("invalid_token");
        var once = await TokenAsync();
        (await RegisterAsync(once, Web)).Status.ShouldBe(HttpStatusCode.Created);
        (await RegisterAsync(once, Web)).Error.ShouldBe("invalid_token");
        var brief = await TokenAsync(uses: 5);
        server.Time.Advance(TimeSpan.FromHours(25));
        (await RegisterAsync(brief, Web)).Error.ShouldBe("invalid_token");
    }

    [Fact]
    public async Task Of_twenty_parallel_registrations_with_a_token_for_three_three_succeed()
    {
        var token = await TokenAsync(uses: 3);
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => RegisterAsync(token, Web)));
        answers.Count(a => a.Status == HttpStatusCode.Created).ShouldBe(3);
        answers.Count(a => a.Error == "invalid_token").ShouldBe(17);
    }

    /// <summary>RFC 7591 section 3.2.2.</summary>
    [Theory]
    [InlineData("""{}""", "invalid_redirect_uri")]
    [InlineData("""{"redirect_uris":[]}""", "invalid_redirect_uri")]
    [InlineData("""{"redirect_uris":["http://self.example/"]}""", "invalid_redirect_uri")]
    [InlineData("""{"redirect_uris":["https://self.example/#x"]}""", "invalid_redirect_uri")]
    [InlineData("""{"redirect_uris":["javascript:alert(1)"]}""", "invalid_redirect_uri")]
    [InlineData("""{"redirect_uris":["com.example.app:/back"]}""", "invalid_redirect_uri")]
    [InlineData("""{"redirect_uris":"https://self.example/"}""", "invalid_client_metadata")]
    [InlineData("""{"redirect_uris":["https://self.example/"],"grant_types":["implicit"]}""", "invalid_client_metadata")]
    [InlineData("""{"redirect_uris":["https://self.example/"],"grant_types":["client_credentials"]}""", "invalid_client_metadata")]
    [InlineData("""{"redirect_uris":["https://self.example/"],"grant_types":["refresh_token"]}""", "invalid_client_metadata")]
    [InlineData("""{"redirect_uris":["https://self.example/"],"response_types":["token"]}""", "invalid_client_metadata")]
    [InlineData("""{"redirect_uris":["https://self.example/"],"token_endpoint_auth_method":"client_secret_jwt"}""", "invalid_client_metadata")]
    [InlineData("""{"redirect_uris":["https://self.example/"],"token_endpoint_auth_method":"private_key_jwt"}""", "invalid_client_metadata")]
    [InlineData("""{"redirect_uris":["https://self.example/"],"token_endpoint_auth_method":"private_key_jwt","jwks_uri":"http://self.example/jwks"}""", "invalid_client_metadata")]
    [InlineData("""{"redirect_uris":["https://self.example/"],"jwks_uri":"https://self.example/jwks","jwks":{"keys":[]}}""", "invalid_client_metadata")]
    [InlineData("""{"redirect_uris":["https://self.example/"],"application_type":"desktop"}""", "invalid_client_metadata")]
    [InlineData("""{"redirect_uris":["com.example.app:/back"],"application_type":"native","token_endpoint_auth_method":"client_secret_basic"}""", "invalid_client_metadata")]
    [InlineData("""{"redirect_uris":["https://self.example/"],"subject_type":"pairwise"}""", "invalid_client_metadata")]
    [InlineData("""{"redirect_uris":["https://self.example/"],"id_token_signed_response_alg":"none"}""", "invalid_client_metadata")]
    [InlineData("""{"redirect_uris":["https://self.example/"],"post_logout_redirect_uris":["http://self.example/"]}""", "invalid_client_metadata")]
    [InlineData("""{"redirect_uris":["https://self.example/"],"scope":"quote\""}""", "invalid_client_metadata")]
    [InlineData("""{"redirect_uris":["https://self.example/"],"client_name":""}""", "invalid_client_metadata")]
    [InlineData("""{"redirect_uris":["https://self.example/"],"redirect_uris":["https://other.example/"]}""", "invalid_client_metadata")]
    [InlineData("""[]""", "invalid_client_metadata")]
    [InlineData("""not json""", "invalid_client_metadata")]
    public async Task Metadata_that_breaks_a_rule_is_refused_and_costs_no_use(string body, string error)
    {
        var token = await TokenAsync();
        var answer = await SendAsync(HttpMethod.Post, "register", token, body);
        answer.Status.ShouldBe(HttpStatusCode.BadRequest, answer.Text);
        answer.Error.ShouldBe(error);
        (await RegisterAsync(token, Web)).Status.ShouldBe(HttpStatusCode.Created);
    }

    /// <summary>RFC 7591 section 2: what is not known is ignored; scopes beyond those about people are not for the asking.</summary>
    [Fact]
    public async Task Unknown_members_and_scopes_are_ignored()
    {
        var answer = await RegisterAsync(await TokenAsync(), new { redirect_uris = new[] { Redirect }, scope = "openid identity.users.read", tomorrow = new { x = 1 }, software_id = "s" });
        answer.Status.ShouldBe(HttpStatusCode.Created, answer.Text);
        answer.Member("scope").ShouldBe("openid");
        answer.Json.TryGetProperty("tomorrow", out _).ShouldBeFalse();
    }

    [Fact]
    public async Task Native_and_key_holding_applications_have_no_secret()
    {
        var native = await RegisterAsync(await TokenAsync(), new { redirect_uris = new[] { "com.example.app:/back" }, application_type = "native" });
        native.Member("token_endpoint_auth_method").ShouldBe("none");
        native.Member("client_secret").ShouldBeNull();
        var keyed = await RegisterAsync(
            await TokenAsync(),
            new { redirect_uris = new[] { Redirect }, token_endpoint_auth_method = "private_key_jwt", jwks = new TestKey(server).KeySet, dpop_bound_access_tokens = true, require_pushed_authorization_requests = true });
        keyed.Status.ShouldBe(HttpStatusCode.Created, keyed.Text);
        keyed.Member("client_secret").ShouldBeNull();
        keyed.Json.GetProperty("dpop_bound_access_tokens").GetBoolean().ShouldBeTrue();
        keyed.Json.GetProperty("require_pushed_authorization_requests").GetBoolean().ShouldBeTrue();
        keyed.Json.GetProperty("jwks").GetProperty("keys").GetArrayLength().ShouldBe(1);
    }

    /// <summary>RFC 7592 section 2.</summary>
    [Fact]
    public async Task An_application_reads_changes_and_removes_itself()
    {
        var made = await RegisterAsync(await TokenAsync(), Web);
        var (id, own) = (made.Member("client_id")!, made.Member("registration_access_token")!);
        var read = await SendAsync(HttpMethod.Get, $"register/{id}", own, null);
        read.Status.ShouldBe(HttpStatusCode.OK);
        read.Member("client_name").ShouldBe("Self");
        read.Member("client_secret").ShouldBeNull();
        read.Member("registration_access_token").ShouldBe(own);

        var changed = await PutAsync(id, own, new { client_id = id, redirect_uris = new[] { Redirect + "2" }, client_name = "Changed" });
        changed.Status.ShouldBe(HttpStatusCode.OK, changed.Text);
        changed.Member("client_name").ShouldBe("Changed");
        // What is left out takes its default (section 2.2).
        changed.Json.GetProperty("grant_types").EnumerateArray().Select(v => v.GetString()).ShouldBe(["authorization_code"]);
        (await PutAsync(id, own, new { client_id = id, client_secret = made.Member("client_secret"), redirect_uris = new[] { Redirect } })).Status.ShouldBe(HttpStatusCode.OK);

        (await SendAsync(HttpMethod.Delete, $"register/{id}", own, null)).Status.ShouldBe(HttpStatusCode.NoContent);
        (await SendAsync(HttpMethod.Get, $"register/{id}", own, null)).Error.ShouldBe("invalid_token");
        (await (await server.SignedInAsync()).GetAsync($"{server.Issuer}/authorize?client_id={id}")).Status.ShouldBe(HttpStatusCode.BadRequest);
    }

    /// <summary>RFC 7592 section 2.2.</summary>
    [Fact]
    public async Task A_change_that_breaks_a_rule_is_refused()
    {
        var made = await RegisterAsync(await TokenAsync(), Web);
        var (id, own) = (made.Member("client_id")!, made.Member("registration_access_token")!);
        string[] redirects = [Redirect];
        foreach (var body in new object[]
                 {
                     new { redirect_uris = redirects },
                     new { client_id = "another", redirect_uris = redirects },
                     new { client_id = id, redirect_uris = redirects, client_secret = "guessed" },
                     new { client_id = id, redirect_uris = redirects, registration_access_token = own },
                     new { client_id = id, redirect_uris = redirects, client_secret_expires_at = 1 },
                     new { client_id = id, redirect_uris = redirects, token_endpoint_auth_method = "none" },
                 })
            (await PutAsync(id, own, body)).Error.ShouldBe("invalid_client_metadata", JsonSerializer.Serialize(body));
        (await PutAsync(id, own, new { client_id = id, redirect_uris = new[] { "http://evil.example" } })).Error.ShouldBe("invalid_redirect_uri");
    }

    /// <summary>RFC 7592 section 2.1: the same answer for a wrong token and a client that is not there.</summary>
    [Fact]
    public async Task Nobody_else_reads_changes_or_removes_it()
    {
        var one = await RegisterAsync(await TokenAsync(), Web);
        var other = await RegisterAsync(await TokenAsync(), Web);
        var id = one.Member("client_id")!;
        foreach (var token in new[] { other.Member("registration_access_token"), one.Member("client_secret"), await TokenAsync(), null })
        {
            foreach (var method in new[] { HttpMethod.Get, HttpMethod.Put, HttpMethod.Delete })
                (await SendAsync(method, $"register/{id}", token, """{"client_id":"x"}""")).Status.ShouldBe(HttpStatusCode.Unauthorized);
        }

        (await SendAsync(HttpMethod.Get, "register/app-nobody", one.Member("registration_access_token"), null)).Error.ShouldBe("invalid_token");
        var shop = await server.RegisterAsync();
        (await SendAsync(HttpMethod.Get, $"register/{shop.ClientId}", new string('a', 43), null)).Error.ShouldBe("invalid_token");
    }

    [Fact]
    public async Task Staff_make_list_and_take_back_tokens()
    {
        var client = await StaffAsync();
        var address = $"/api/v1/directories/{ProtocolServer.Customers}/registration-tokens";
        using var bad = await client.PostAsJsonAsync(address, new { name = "", expiresInHours = 0, maxUses = 1001 });
        bad.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await bad.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("errors").EnumerateObject().Select(e => e.Name).ShouldBe(["name", "expiresInHours", "maxUses"], ignoreOrder: true);
        using var made = await client.PostAsJsonAsync(address, new { name = "partner" });
        var body = await made.Content.ReadFromJsonAsync<JsonElement>();
        var text = body.GetProperty("token").GetString()!;
        var id = body.GetProperty("registrationToken").GetProperty("id").GetGuid();
        (await client.GetStringAsync(address)).ShouldNotContain(text);
        (await client.DeleteAsync($"{address}/{id}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await client.DeleteAsync($"{address}/{id}")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await RegisterAsync(text, Web)).Error.ShouldBe("invalid_token");
        (await client.PostAsJsonAsync("/api/v1/directories/nowhere/registration-tokens", new { name = "x" })).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    private async Task<HttpClient> StaffAsync()
    {
        var service = await server.RegisterAsync(ApplicationKind.M2m, new ApplicationSettings { Permissions = ["identity.applications.read", "identity.applications.write"] }, ProtocolServer.Staff);
        return server.Client((await service.ClientCredentialsAsync()).AccessToken);
    }

    private async Task<string> TokenAsync(int uses = 1)
    {
        using var made = await (await StaffAsync()).PostAsJsonAsync($"/api/v1/directories/{ProtocolServer.Customers}/registration-tokens", new { name = "test", maxUses = uses });
        made.StatusCode.ShouldBe(HttpStatusCode.Created);
        return (await made.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("token").GetString()!;
    }

    private Task<Answer> RegisterAsync(string? token, object metadata) => SendAsync(HttpMethod.Post, "register", token, JsonSerializer.Serialize(metadata));

    private Task<Answer> PutAsync(string id, string token, object metadata) => SendAsync(HttpMethod.Put, $"register/{id}", token, JsonSerializer.Serialize(metadata));

    private async Task<Answer> SendAsync(HttpMethod method, string path, string? token, string? body)
    {
        using var request = new HttpRequestMessage(method, $"{server.Issuer}/{path}");
        if (token is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        if (body is not null && method != HttpMethod.Get) request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await server.Client().SendAsync(request);
        return await Answer.OfAsync(response);
    }
}
