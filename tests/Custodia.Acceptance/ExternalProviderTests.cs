using System.Net;
using System.Net.Http.Json;
using Custodia.Acceptance.Journey;
using Custodia.Testing;

namespace Custodia.Acceptance;

/// <summary>People sign in with a provider that somebody else wrote: npm's oidc-provider over real HTTP.</summary>
public sealed class ExternalProviderTests(ExternalProviderTests.Reaching server) : IClassFixture<ExternalProviderTests.Reaching>
{
    private const string Portal = "/account/customers";
    private const string Arrival = "/d/customers/arrival";
    private const string SignIn = "/d/customers/sign-in";

    /// <summary>Discovery, authorization code with PKCE, ID token and userinfo, until somebody has joined; the second time they are known.</summary>
    [EngineFact(Engines.Node)]
    public async Task Somebody_joins_with_another_provider_and_is_the_same_person_the_next_time()
    {
        await using var provider = await ProviderAsync("elsewhere", trustsEmail: true);
        await provider.PersonAsync(new { sub = "grete|1", email = "grete@elsewhere.example", email_verified = true, name = "Grete Elsewhere" });
        var visitor = new Visitor(server);
        var arrived = await visitor.OpenAsync("/d/customers/sources/elsewhere");
        arrived.Address.ShouldStartWith(Arrival, customMessage: arrived.Html);
        arrived.Html.ShouldContain("grete@elsewhere.example");
        var joined = await visitor.PostFromAsync(arrived, Arrival, ("display-name", "Grete Elsewhere"), ("user-name", ""));
        joined.Address.ShouldBe(Portal, joined.Html);
        joined.Html.ShouldContain("grete@elsewhere.example");

        var seen = await provider.SeenAsync();
        var asked = seen.GetProperty("requests")[0];
        asked.GetProperty("code_challenge_method").GetString().ShouldBe("S256");
        asked.GetProperty("code_challenge").GetString()!.Length.ShouldBe(43);
        asked.GetProperty("nonce").GetString()!.Length.ShouldBeGreaterThan(20);
        asked.GetProperty("state").GetString()!.Length.ShouldBeGreaterThan(20);
        seen.GetProperty("userinfo").GetInt32().ShouldBe(1);

        // Name and address have changed there; who they are has not.
        await provider.PersonAsync(new { sub = "grete|1", email = "wei@customers.example", email_verified = true, name = "Another Name" });
        var again = new Visitor(server);
        var known = await again.OpenAsync("/d/customers/sources/elsewhere");
        known.Address.ShouldBe(Portal, known.Html);
        known.Html.ShouldContain("grete@elsewhere.example");
        known.Html.ShouldNotContain("wei@customers.example");
        (await again.OpenAsync(Portal + "/connections")).Html.ShouldContain("Elsewhere");
    }

    [EngineFact(Engines.Node)]
    public async Task An_address_of_somebody_here_links_nothing_whether_it_is_verified_there_or_not()
    {
        await using var provider = await ProviderAsync("unsure", trustsEmail: true);
        foreach (var verified in new[] { false, true })
        {
            await provider.PersonAsync(new { sub = "stranger|" + verified, email = "wei@customers.example", email_verified = verified, name = "Not Wei" });
            var visitor = new Visitor(server);
            var arrived = await visitor.OpenAsync("/d/customers/sources/unsure");
            arrived.Address.ShouldStartWith(Arrival, customMessage: arrived.Html);
            var answer = verified
                ? await visitor.PostFromAsync(arrived, Arrival, ("display-name", "Not Wei"), ("user-name", ""))
                : await visitor.PostFromAsync(arrived, Arrival, ("email", "wei@customers.example"), ("display-name", "Not Wei"), ("user-name", ""));
            if (verified) answer.Address.ShouldBe(SignIn + "?note=source-unknown");
            else answer.Html.ShouldContain("name=\"code\"");
            (await visitor.OpenAsync(Portal)).Address.ShouldContain("/sign-in");
        }

        // Wei alone is told, by mail, and nobody got digits.
        var mail = (await server.OutboxAsync("wei@customers.example")).Where(m => m.Origin.StartsWith("identity.", StringComparison.Ordinal)).ShouldHaveSingleItem();
        mail.Origin.ShouldBe("identity.notice");
        mail.Text.ShouldNotMatch(@"\b\d{6}\b");
        var wei = await Visitor.SignInAsync(server, "customers", "wei");
        (await wei.OpenAsync(Portal + "/connections")).Html.ShouldNotContain("stranger");
        (await new Visitor(server).OpenAsync("/d/customers/sources/unsure")).Address.ShouldStartWith(Arrival, customMessage: "still a stranger");
    }

    /// <summary>RFC 7636, section 4.6: the provider compares the verifier. OpenID Connect Core, section 3.1.3.7, rule 11: we compare the nonce.</summary>
    [EngineTheory(Engines.Node)]
    [InlineData("nonce", "bm90LXRoZS1ub25jZS10aGF0LXdhcy1hc2tlZC1mb3I")]
    [InlineData("code_challenge", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM")]
    public async Task An_answer_to_another_question_is_refused(string parameter, string value)
    {
        var name = "bent-" + parameter.Replace('_', '-');
        await using var provider = await ProviderAsync(name, trustsEmail: true);
        await provider.PersonAsync(new { sub = "somebody", email = "somebody@elsewhere.example", email_verified = true, name = "Somebody" });
        await provider.BendAsync(new Dictionary<string, string>(StringComparer.Ordinal) { [parameter] = value });
        (await new Visitor(server).OpenAsync($"/d/customers/sources/{name}")).Address.ShouldBe(SignIn + "?note=source-refused");
        await provider.BendAsync(new { });
        (await new Visitor(server).OpenAsync($"/d/customers/sources/{name}")).Address.ShouldStartWith(Arrival);
    }

    private async Task<OidcProvider> ProviderAsync(string name, bool trustsEmail)
    {
        var provider = await OidcProvider.StartAsync($"{server.Url}/d/customers/sources/{name}/callback", server.Client());
        using var added = await (await server.AdminAsync()).PostAsJsonAsync("/api/v1/directories/customers/sources", new
        {
            name,
            kind = "openIdConnect",
            title = "Elsewhere",
            issuer = provider.Issuer,
            clientId = OidcProvider.ClientId,
            clientSecret = OidcProvider.Secret,
            trustsEmail,
            signUp = true,
        });
        added.StatusCode.ShouldBe(HttpStatusCode.Created, await added.Content.ReadAsStringAsync());
        return provider;
    }

    /// <summary>A server that may reach providers on loopback.</summary>
    public sealed class Reaching : CustodiaServer
    {
        protected override void Prepare() => Settings["Custodia:Http:AllowedPrivateNetworks:0"] = "127.0.0.0/8";
    }
}
