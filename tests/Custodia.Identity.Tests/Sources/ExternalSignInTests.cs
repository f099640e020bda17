using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Custodia.Identity.Sources;
using Custodia.Identity.Tests.People;
using Custodia.Identity.Tests.SignIn;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Custodia.Identity.Tests.Sources;

public sealed class ExternalSignInTests(SourceServer server) : IClassFixture<SourceServer>
{
    [Fact]
    public async Task A_person_connects_another_directory_and_signs_in_with_it_from_then_on()
    {
        await server.AddPartnersAsync();
        var ada = await server.SignInAsync("customers", "ada");
        await ada.OpenAsync("/account/customers/connections");
        ada.Html.ShouldContain("Partners");
        await ada.PostAsync("/account/customers/connections/partners/connect");
        await JoinPartnersAsync(ada, "ada.elsewhere@partners.example");
        ada.Location!.ShouldEndWith("/account/customers/connections?note=source-connected");

        var again = server.Visitor();
        await again.OpenAsync("/d/customers/sources/partners?return=%2Faccount%2Fcustomers%2Fsecurity");
        var waiting = ReturnIn(await FollowAsync(again));
        await again.PostAsync("/d/partners/sign-in", ("name", "ada.elsewhere@partners.example"), ("password", "a-quite-long-phrase"), ("return", waiting));
        await FollowAsync(again, until: "/account/customers/security");
        again.Status.ShouldBe(HttpStatusCode.OK);
        (await again.OpenAsync("/account/customers")).Html.ShouldContain("ada");
        (await server.LogAsync("identity.user-operation-log", await server.UserIdAsync("ada@customers.example")))
            .ShouldContain(e => e.Fields.Any(f => Equals(f.Value, "identity-connected")));
    }

    [Fact]
    public async Task The_request_to_the_provider_carries_PKCE_nonce_and_state_and_the_code_goes_with_verifier_and_secret()
    {
        await using var stub = await StubProvider.StartAsync();
        await server.AddStubAsync(stub, "asked");
        var visitor = await server.Visitor().OpenAsync("/d/customers/sources/asked");
        var asked = System.Web.HttpUtility.ParseQueryString(new Uri(visitor.Location!).Query);
        asked["response_type"].ShouldBe("code");
        asked["code_challenge_method"].ShouldBe("S256");
        asked["scope"].ShouldBe("openid email profile");
        asked["redirect_uri"].ShouldBe($"{server.Url}/d/customers/sources/asked/callback");
        await SourceServer.ComeBackAsync(stub, "asked", visitor);
        var challenge = Base64UrlEncoder.Encode(System.Security.Cryptography.SHA256.HashData(Encoding.ASCII.GetBytes(stub.LastTokenRequest!["code_verifier"].ToString())));
        challenge.ShouldBe(asked["code_challenge"]);
        var basic = $"{Uri.EscapeDataString(StubProvider.ClientId)}:{Uri.EscapeDataString(StubProvider.Secret)}";
        stub.LastTokenRequest["client_secret"].Count.ShouldBe(0);
        Encoding.UTF8.GetString(Convert.FromBase64String(stub.LastAuthorization["Basic ".Length..])).ShouldBe(basic);
    }

    [Fact]
    public async Task An_address_alone_never_signs_anybody_in()
    {
        await using var stub = await StubProvider.StartAsync();
        stub.Claims["email"] = "wei@customers.example";
        stub.Claims["email_verified"] = true;
        await server.AddStubAsync(stub, "addressed", trustsEmail: true);
        var visitor = await server.ThroughAsync(stub, "addressed");
        visitor.Location!.ShouldStartWith("/d/customers/arrival");
        (await visitor.OpenAsync("/account/customers")).Status.ShouldNotBe(HttpStatusCode.OK);
        await visitor.OpenAsync("/d/customers/arrival");
        await visitor.PostAsync("/d/customers/arrival", ("display-name", ""), ("user-name", ""));
        visitor.Location.ShouldBe("/d/customers/sign-in?note=source-unknown");
        (await visitor.OpenAsync("/account/customers")).Status.ShouldNotBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Somebody_new_joins_with_a_vouched_address_and_without_a_password()
    {
        await using var stub = await StubProvider.StartAsync();
        stub.Claims["sub"] = "newcomer";
        stub.Claims["email"] = "newcomer@customers.example";
        stub.Claims["email_verified"] = true;
        stub.Claims["name"] = "New Comer";
        await server.AddStubAsync(stub, "vouching", trustsEmail: true);
        var visitor = await server.ThroughAsync(stub, "vouching", back: "/account/customers/security");
        await visitor.OpenAsync(visitor.Location!);
        visitor.Status.ShouldBe(HttpStatusCode.OK);
        visitor.Html.ShouldContain("New Comer");
        visitor.Html.ShouldNotContain("name=\"password\"");
        await visitor.PostAsync("/d/customers/arrival", ("display-name", "New Comer"), ("user-name", ""), ("return", "/account/customers/security"));
        visitor.Location.ShouldBe("/account/customers/security", visitor.Html[..Math.Min(400, visitor.Html.Length)]);
        (await visitor.OpenAsync("/account/customers")).Html.ShouldContain("newcomer@customers.example");
        (await server.ThroughAsync(stub, "vouching")).Location.ShouldBe("/account/customers");
    }

    /// <summary>ASVS 6.8.4: how strong a proof was is believed of ourselves only, so a factor that is demanded is asked for here.</summary>
    [Fact]
    public async Task What_a_provider_says_of_the_strength_of_its_proof_counts_for_nothing()
    {
        await using var stub = await StubProvider.StartAsync();
        stub.Claims["sub"] = "boaster";
        stub.Claims["email"] = "boaster@customers.example";
        stub.Claims["email_verified"] = true;
        stub.Bend = payload => (payload["acr"], payload["amr"]) = ("urn:custodia:acr:passkey", new[] { "mfa", "hwk", "user" });
        await server.AddStubAsync(stub, "boasting", trustsEmail: true);
        var visitor = await server.ThroughAsync(stub, "boasting");
        await visitor.OpenAsync(visitor.Location!);
        await visitor.PostAsync("/d/customers/arrival", ("display-name", "Boaster"), ("user-name", ""));
        (await server.ThroughAsync(stub, "boasting")).Location.ShouldBe("/account/customers");
        await server.RuleAsync(new { secondFactor = "required" });
        try
        {
            (await server.ThroughAsync(stub, "boasting")).Location!.ShouldStartWith("/d/customers/sign-in/");
        }
        finally
        {
            await server.RuleAsync(new { secondFactor = "optional" });
        }
    }

    [Fact]
    public async Task An_address_that_nobody_vouches_for_is_verified_by_a_code_first()
    {
        await using var stub = await StubProvider.StartAsync();
        stub.Claims["sub"] = "unvouched";
        stub.Claims["email"] = "unvouched@customers.example";
        stub.Claims["email_verified"] = true;
        await server.AddStubAsync(stub, "unvouching", trustsEmail: false);
        var visitor = await server.ThroughAsync(stub, "unvouching");
        await visitor.OpenAsync(visitor.Location!);
        await visitor.PostAsync("/d/customers/arrival", ("email", "unvouched@customers.example"), ("display-name", ""), ("user-name", ""));
        visitor.Status.ShouldBe(HttpStatusCode.OK);
        await visitor.PostAsync("/d/customers/sign-up/code", ("id", visitor.Hidden("id")), ("code", await server.CodeForAsync("unvouched@customers.example")));
        visitor.Status.ShouldBe(HttpStatusCode.SeeOther);
        (await server.ThroughAsync(stub, "unvouching")).Location.ShouldBe("/account/customers");
    }

    [Fact]
    public async Task Where_nobody_may_join_a_stranger_is_told_so_and_nobody_is_made()
    {
        await using var stub = await StubProvider.StartAsync();
        await server.AddStubAsync(stub, "members", signUp: false);
        var before = (await server.StatisticsAsync()).GetProperty("users").GetInt64();
        (await server.ThroughAsync(stub, "members")).Location.ShouldBe("/d/customers/sign-in?note=source-unknown");
        (await server.StatisticsAsync()).GetProperty("users").GetInt64().ShouldBe(before);
    }

    [Theory]
    [InlineData("nonce", "another")]
    [InlineData("aud", "somebody-else")]
    [InlineData("iss", "https://elsewhere.example")]
    [InlineData("azp", "somebody-else")]
    [InlineData("exp", 1_000_000_000)]
    public async Task An_ID_token_that_is_not_meant_for_this_sign_in_is_refused(string claim, object value)
    {
        await using var stub = await StubProvider.StartAsync();
        stub.Bend = payload => payload[claim] = value;
        var name = "bent-" + claim;
        await server.AddStubAsync(stub, name);
        (await server.ThroughAsync(stub, name)).Location.ShouldBe("/d/customers/sign-in?note=source-refused");
    }

    [Theory]
    [InlineData("none")]
    [InlineData("secret")]
    [InlineData("stranger")]
    public async Task An_ID_token_that_the_provider_did_not_sign_is_refused(string how)
    {
        await using var stub = await StubProvider.StartAsync();
        using var stranger = System.Security.Cryptography.ECDsa.Create(System.Security.Cryptography.ECCurve.NamedCurves.nistP256);
        stub.Sign = how switch
        {
            "none" => json => $"{Base64UrlEncoder.Encode("{\"alg\":\"none\",\"typ\":\"JWT\"}")}.{Base64UrlEncoder.Encode(json)}.",
            "secret" => json => new JsonWebTokenHandler().CreateToken(json, new SigningCredentials(new SymmetricSecurityKey(Encoding.UTF8.GetBytes(StubProvider.Secret.PadRight(32, '='))) { KeyId = "k1" }, "HS256")),
            _ => json => new JsonWebTokenHandler().CreateToken(json, new SigningCredentials(new ECDsaSecurityKey(stranger) { KeyId = "k1" }, "ES256")),
        };
        await server.AddStubAsync(stub, "unsigned-" + how);
        (await server.ThroughAsync(stub, "unsigned-" + how)).Location.ShouldBe("/d/customers/sign-in?note=source-refused");
    }

    [Fact]
    public async Task An_answer_counts_once_and_only_in_the_browser_that_began()
    {
        await using var stub = await StubProvider.StartAsync();
        await server.AddStubAsync(stub, "bound", signUp: false);
        var visitor = await server.Visitor().OpenAsync("/d/customers/sources/bound");
        var state = System.Web.HttpUtility.ParseQueryString(new Uri(visitor.Location!).Query)["state"];
        var callback = $"/d/customers/sources/bound/callback?code=c&state={state}";
        (await server.Visitor().OpenAsync(callback)).Location.ShouldBe("/d/customers/sign-in?note=source-gone");
        (await visitor.Copy().OpenAsync(callback.Replace(state!, state!.Replace(state[0], state[0] == 'A' ? 'B' : 'A')))).Location.ShouldBe("/d/customers/sign-in?note=source-gone");
        await SourceServer.ComeBackAsync(stub, "bound", visitor);
        visitor.Location.ShouldBe("/d/customers/sign-in?note=source-unknown");
        (await visitor.OpenAsync(callback)).Location.ShouldBe("/d/customers/sign-in?note=source-gone");
    }

    [Fact]
    public async Task An_answer_for_one_source_does_not_count_for_another()
    {
        await using var stub = await StubProvider.StartAsync();
        await server.AddStubAsync(stub, "mix-a");
        await server.AddStubAsync(stub, "mix-b");
        var visitor = await server.Visitor().OpenAsync("/d/customers/sources/mix-a");
        var state = System.Web.HttpUtility.ParseQueryString(new Uri(visitor.Location!).Query)["state"];
        (await visitor.OpenAsync($"/d/customers/sources/mix-b/callback?code=c&state={state}")).Location.ShouldBe("/d/customers/sign-in?note=source-gone");
    }

    [Fact]
    public async Task A_provider_that_says_who_answers_must_say_so_in_every_answer()
    {
        await using var stub = await StubProvider.StartAsync();
        stub.BendDiscovery = document => document["authorization_response_iss_parameter_supported"] = true;
        await server.AddStubAsync(stub, "says-iss");
        (await server.ThroughAsync(stub, "says-iss")).Location.ShouldBe("/d/customers/sign-in?note=source-refused");
    }

    [Fact]
    public async Task Somebody_who_stops_at_the_provider_comes_back_to_where_they_were()
    {
        await using var stub = await StubProvider.StartAsync();
        await server.AddStubAsync(stub, "stopped");
        var visitor = await server.Visitor().OpenAsync("/d/customers/sources/stopped?return=%2Fdemo");
        var state = System.Web.HttpUtility.ParseQueryString(new Uri(visitor.Location!).Query)["state"];
        await visitor.OpenAsync($"/d/customers/sources/stopped/callback?error=access_denied&state={state}");
        visitor.Location.ShouldBe("/d/customers/sign-in?note=source-cancelled&return=%2Fdemo");
        (await visitor.OpenAsync(visitor.Location!)).Html.ShouldContain("You have stopped signing in there.");
    }

    [Fact]
    public async Task A_plain_OAuth_provider_numbers_its_people()
    {
        await using var stub = await StubProvider.StartAsync();
        stub.Claims["id"] = 4711;
        stub.Claims.Remove("sub");
        (await server.AddSourceAsync(new
        {
            name = "plain",
            kind = "oAuth2",
            title = "Plain",
            authorizationEndpoint = stub.Url + "/authorize",
            tokenEndpoint = stub.Url + "/token",
            userinfoEndpoint = stub.Url + "/me",
            clientId = StubProvider.ClientId,
            clientSecret = StubProvider.Secret,
            subjectClaim = "id",
        })).StatusCode.ShouldBe(HttpStatusCode.Created);
        var mei = await server.SignInAsync("customers", "mei");
        await mei.OpenAsync("/account/customers/connections");
        await mei.PostAsync("/account/customers/connections/plain/connect");
        await SourceServer.ComeBackAsync(stub, "plain", mei);
        mei.Location.ShouldBe("/account/customers/connections?note=source-connected");
        stub.LastBearer.ShouldBe("Bearer opaque");
        stub.LastTokenRequest!["client_secret"].ToString().ShouldBe(StubProvider.Secret);
        (await server.ThroughAsync(stub, "plain")).Location.ShouldBe("/account/customers");
        await server.InScopeAsync(async services =>
            (await services.GetRequiredService<IdentityContext>().LinkedIdentities.CountAsync()).ShouldBeGreaterThan(0));

        await mei.OpenAsync("/account/customers/connections");
        await mei.PostAsync("/account/customers/connections/plain/disconnect");
        mei.Location.ShouldBe("/account/customers/connections?note=source-disconnected");
        (await server.ThroughAsync(stub, "plain")).Location!.ShouldStartWith("/d/customers/arrival");
    }

    [Fact]
    public async Task Of_twenty_people_who_connect_one_account_elsewhere_at_once_one_does()
    {
        await using var stub = await StubProvider.StartAsync();
        await server.AddStubAsync(stub, "raced");
        var admin = await server.AdminAsync();
        for (var i = 0; i < 20; i++)
        {
            var added = await admin.PostAsJsonAsync("/api/v1/users", new { directory = "customers", email = $"racer{i}@customers.example" });
            added.StatusCode.ShouldBe(HttpStatusCode.Created);
        }

        var connected = 0;
        await server.InScopeAsync(async services =>
        {
            var source = await services.GetRequiredService<IdentityContext>().AuthenticationSources.SingleAsync(s => s.Name == "raced");
            var people = await services.GetRequiredService<IdentityContext>().Users.AsNoTracking().Where(u => u.DirectoryId == source.DirectoryId).OrderByDescending(u => u.Id).Take(20).ToListAsync();
            var tries = people.Select(person => Task.Run(async () =>
            {
                await using var scope = server.Services.CreateAsyncScope();
                if (await scope.ServiceProvider.GetRequiredService<LinkedIdentities>().TryConnectAsync(source, person, "one", default)) Interlocked.Increment(ref connected);
            }));
            await Task.WhenAll(tries);
        });
        connected.ShouldBe(1);
    }

    [Fact]
    public async Task What_is_connected_is_exported_and_goes_with_the_person()
    {
        await using var stub = await StubProvider.StartAsync();
        stub.Claims["sub"] = "leaver-at-the-stub";
        await server.AddStubAsync(stub, "leaving");
        var visitor = await server.SignUpAsync("leaver@customers.example");
        await visitor.OpenAsync("/account/customers/connections");
        await visitor.PostAsync("/account/customers/connections/leaving/connect");
        await SourceServer.ComeBackAsync(stub, "leaving", visitor);
        (await visitor.OpenAsync("/account/customers/data/export.json")).Html.ShouldContain("leaver-at-the-stub");
        var id = await server.UserIdAsync("leaver@customers.example");
        (await (await server.AdminAsync()).DeleteAsync($"/api/v1/users/{id}")).IsSuccessStatusCode.ShouldBeTrue();
        await Eventually.TrueAsync(async () =>
        {
            var left = 1;
            await server.InScopeAsync(async services => left = await services.GetRequiredService<IdentityContext>().LinkedIdentities.CountAsync(i => i.UserId == id));
            return left == 0;
        });
    }

    private async Task JoinPartnersAsync(Visitor visitor, string email)
    {
        var back = ReturnIn(await FollowAsync(visitor));
        await visitor.OpenAsync($"/d/partners/sign-up?return={Uri.EscapeDataString(back)}");
        await visitor.PostAsync("/d/partners/sign-up", ("email", email), ("password", "a-quite-long-phrase"), ("user-name", ""), ("display-name", ""), ("return", back));
        await visitor.PostAsync("/d/partners/sign-up/code", ("id", visitor.Hidden("id")), ("code", await server.CodeForAsync(email)), ("return", back));
        await FollowAsync(visitor, until: "/account/customers/connections?note");
    }

    /// <summary>Goes where the answers lead, and says which address that was.</summary>
    private static async Task<string> FollowAsync(Visitor visitor, string? until = null)
    {
        var last = "";
        for (var i = 0; i < 10 && visitor.Status == HttpStatusCode.SeeOther; i++)
        {
            if (until is not null && visitor.Location!.StartsWith(until, StringComparison.Ordinal) && until.EndsWith("note", StringComparison.Ordinal)) break;
            last = visitor.Location!;
            await visitor.OpenAsync(last);
        }

        return last;
    }

    /// <summary>The return address of a sign-in page.</summary>
    private static string ReturnIn(string address) => System.Web.HttpUtility.ParseQueryString(address[(address.IndexOf('?') + 1)..])["return"]!;
}
