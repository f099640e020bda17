using System.Net;
using System.Web;
using Custodia.Identity.Tests.Sources;

namespace Custodia.Identity.Tests.Conformance;

/// <summary>This server as a client of other providers: ASVS 10.2.3.</summary>
public sealed class ClientSideRules(SourceServer server) : IClassFixture<SourceServer>
{
    /// <summary>ASVS 10.2.3: whoever sets a provider up says what is asked for, and nothing is asked for beside it.</summary>
    [Theory]
    [InlineData("least", "openid")]
    [InlineData("more", "openid email")]
    public async Task A_provider_is_asked_for_the_scopes_that_are_set_and_for_nothing_else(string name, string scopes)
    {
        await using var stub = await StubProvider.StartAsync();
        stub.Time = server.Time;
        using var added = await server.AddSourceAsync(new
        {
            name,
            kind = "openIdConnect",
            title = "Stub",
            issuer = stub.Url,
            clientId = StubProvider.ClientId,
            clientSecret = StubProvider.Secret,
            scopes = scopes.Split(' '),
        });
        added.StatusCode.ShouldBe(HttpStatusCode.Created, await added.Content.ReadAsStringAsync());

        var visitor = await server.Visitor().OpenAsync($"/d/customers/sources/{name}");
        var asked = HttpUtility.ParseQueryString(new Uri(visitor.Location!).Query);
        asked["scope"].ShouldBe(scopes);
        // Beside the language of the page.
        asked.AllKeys.Where(key => key != "ui_locales").ShouldBe(["response_type", "client_id", "redirect_uri", "scope", "state", "nonce", "code_challenge", "code_challenge_method"], ignoreOrder: true);
        await SourceServer.ComeBackAsync(stub, name, visitor);
        stub.LastTokenRequest!.Keys.ShouldBe(["grant_type", "code", "redirect_uri", "code_verifier"], ignoreOrder: true);
    }
}
