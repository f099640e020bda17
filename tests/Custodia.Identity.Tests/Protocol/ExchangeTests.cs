using System.Net;
using System.Text.Json;
using Custodia.Identity.Applications;
using Custodia.Kernel.Streams;
using Microsoft.Extensions.DependencyInjection;

namespace Custodia.Identity.Tests.Protocol;

/// <summary>A service that acts for a user: token exchange (RFC 8693), from outside.</summary>
[Collection(ProtocolCollection.Name)]
public sealed class ExchangeTests(ProtocolServer server)
{
    private const string Grant = "urn:ietf:params:oauth:grant-type:token-exchange";
    private const string AccessToken = "urn:ietf:params:oauth:token-type:access_token";
    private const string Stock = "https://stock.example";

    /// <summary>RFC 8693 sections 2.2.1 and 4.1.</summary>
    [Fact]
    public async Task A_service_gets_a_token_for_the_person_that_says_who_acts()
    {
        var shop = await ShopAsync();
        var service = await ServiceAsync(shop);
        var subject = await SubjectAsync(shop);
        var answer = await ExchangeAsync(service, subject);
        answer.Status.ShouldBe(HttpStatusCode.OK, answer.Text);
        answer.Member("issued_token_type").ShouldBe(AccessToken);
        answer.Member("token_type").ShouldBe("Bearer");
        answer.Member("scope").ShouldBe("stock:read");
        answer.Member("refresh_token").ShouldBeNull();
        answer.Access.Subject.ShouldBe(server.Person.ToString());
        answer.Access.Audiences.ShouldBe([Stock]);
        answer.Access.GetPayloadValue<string>("client_id").ShouldBe(service.ClientId);
        answer.Access.GetPayloadValue<JsonElement>("act").GetProperty("sub").GetString().ShouldBe(service.ClientId);
        answer.Headers.CacheControl!.NoStore.ShouldBeTrue();
        var about = await service.IntrospectAsync(answer.AccessToken);
        about.Json.GetProperty("active").GetBoolean().ShouldBeTrue();
        about.Json.GetProperty("act").GetProperty("sub").GetString().ShouldBe(service.ClientId);
    }

    /// <summary>RFC 8693 section 4.1: prior actors are nested.</summary>
    [Fact]
    public async Task A_chain_of_services_is_told_and_ends_with_each_of_its_links()
    {
        var shop = await ShopAsync();
        var first = await ServiceAsync(shop);
        var second = await ServiceAsync(first);
        var subject = await SubjectAsync(shop);
        var middle = (await ExchangeAsync(first, subject)).AccessToken;
        var last = await ExchangeAsync(second, middle);
        var actor = last.Access.GetPayloadValue<JsonElement>("act");
        actor.GetProperty("sub").GetString().ShouldBe(second.ClientId);
        actor.GetProperty("act").GetProperty("sub").GetString().ShouldBe(first.ClientId);
        (await ActiveAsync(second, last.AccessToken)).ShouldBeTrue();
        (await first.RevokeAsync(middle)).Status.ShouldBe(HttpStatusCode.OK);
        (await ActiveAsync(second, last.AccessToken)).ShouldBeFalse();
        (await ExchangeAsync(second, middle)).Error.ShouldBe("invalid_request");
    }

    /// <summary>RFC 8693 section 2.1, and its errors in section 2.2.2.</summary>
    [Theory]
    [InlineData("subject_token", null, "invalid_request")]
    [InlineData("subject_token", "nonsense", "invalid_request")]
    [InlineData("subject_token_type", null, "invalid_request")]
    [InlineData("subject_token_type", "urn:ietf:params:oauth:token-type:id_token", "invalid_request")]
    [InlineData("requested_token_type", "urn:ietf:params:oauth:token-type:refresh_token", "invalid_request")]
    [InlineData("actor_token_type", AccessToken, "invalid_request")]
    [InlineData("actor_token", "nonsense", "invalid_request")]
    [InlineData("resource", "https://elsewhere.example", "invalid_target")]
    [InlineData("audience", "https://elsewhere.example", "invalid_target")]
    [InlineData("scope", "stock:write", "invalid_scope")]
    [InlineData("scope", "openid", "invalid_scope")]
    [InlineData("scope", "stock:read orders:read", "invalid_scope")]
    public async Task An_exchange_that_breaks_a_rule_is_answered_with_the_standards_code(string name, string? value, string error)
    {
        var shop = await ShopAsync();
        var answer = await ExchangeAsync(await ServiceAsync(shop), await SubjectAsync(shop), (name, value));
        answer.Status.ShouldBe(HttpStatusCode.BadRequest);
        answer.Error.ShouldBe(error);
    }

    [Fact]
    public async Task A_service_exchanges_tokens_of_named_applications_only_and_only_if_it_may_at_all()
    {
        var shop = await ShopAsync();
        var other = await ShopAsync();
        var subject = await SubjectAsync(shop);
        (await ExchangeAsync(await ServiceAsync(other), subject)).Error.ShouldBe("invalid_request");
        var unnamed = await server.RegisterAsync(ApplicationKind.M2m, new ApplicationSettings { Scopes = ["stock:read"], Resources = [Stock] });
        (await ExchangeAsync(unnamed, subject)).Error.ShouldBe("unauthorized_client");
        var spa = await server.RegisterAsync(ApplicationKind.Spa);
        (await ExchangeAsync(spa, subject)).Error.ShouldBe("unauthorized_client");
    }

    /// <summary>Neither a service's own token nor an ID token is a person's access token.</summary>
    [Fact]
    public async Task Only_a_persons_access_token_is_exchanged()
    {
        var shop = await ShopAsync();
        var service = await ServiceAsync(shop);
        var tokens = await shop.TokensAsync(await server.SignedInAsync());
        (await ExchangeAsync(service, tokens.IdToken)).Error.ShouldBe("invalid_request");
        (await ExchangeAsync(service, tokens.RefreshToken)).Error.ShouldBe("invalid_request");
        var own = await ServiceAsync(service);
        (await ExchangeAsync(own, (await service.ClientCredentialsAsync()).AccessToken)).Error.ShouldBe("invalid_request");
    }

    /// <summary>RFC 8693 section 2.1: the actor token says who asks.</summary>
    [Fact]
    public async Task An_actor_token_has_to_be_the_services_own()
    {
        var shop = await ShopAsync();
        var service = await ServiceAsync(shop);
        var other = await ServiceAsync(shop);
        var subject = await SubjectAsync(shop);
        var own = (await service.ClientCredentialsAsync()).AccessToken;
        (await ExchangeAsync(service, subject, ("actor_token", own), ("actor_token_type", AccessToken))).Status.ShouldBe(HttpStatusCode.OK);
        (await ExchangeAsync(other, subject, ("actor_token", own), ("actor_token_type", AccessToken))).Error.ShouldBe("invalid_request");
        (await ExchangeAsync(service, subject, ("actor_token", subject), ("actor_token_type", AccessToken))).Error.ShouldBe("invalid_request");
    }

    [Fact]
    public async Task A_token_never_outlives_the_one_it_was_made_from()
    {
        var shop = await ShopAsync(seconds: 120);
        var service = await ServiceAsync(shop);
        var subject = await SubjectAsync(shop);
        server.Time.Advance(TimeSpan.FromSeconds(100));
        var answer = await ExchangeAsync(service, subject);
        answer.Json.GetProperty("expires_in").GetInt32().ShouldBeInRange(1, 20);
        server.Time.Advance(TimeSpan.FromSeconds(21));
        (await ActiveAsync(service, answer.AccessToken)).ShouldBeFalse();
        (await ExchangeAsync(service, subject)).Error.ShouldBe("invalid_request");
    }

    /// <summary>What ends the person's own token ends those made from it.</summary>
    [Fact]
    public async Task A_revoked_token_or_grant_takes_exchanged_ones_along()
    {
        var shop = await ShopAsync();
        var service = await ServiceAsync(shop);
        var tokens = await shop.TokensAsync(await server.SignedInAsync(), ("scope", "openid stock:read offline_access"));
        var one = (await ExchangeAsync(service, tokens.AccessToken)).AccessToken;
        await shop.RevokeAsync(tokens.AccessToken);
        (await ActiveAsync(service, one)).ShouldBeFalse();
        (await ExchangeAsync(service, tokens.AccessToken)).Error.ShouldBe("invalid_request");
        var next = await shop.RefreshAsync(tokens.RefreshToken);
        var two = (await ExchangeAsync(service, next.AccessToken)).AccessToken;
        (await ActiveAsync(service, two)).ShouldBeTrue();
        await shop.RevokeAsync(next.RefreshToken);
        (await ActiveAsync(service, two)).ShouldBeFalse();
    }

    [Fact]
    public async Task A_service_that_may_no_longer_loses_the_tokens_it_has()
    {
        var shop = await ShopAsync();
        var service = await ServiceAsync(shop);
        var token = (await ExchangeAsync(service, await SubjectAsync(shop))).AccessToken;
        await server.InScopeAsync(async services =>
        {
            var application = (await services.GetRequiredService<IdentityContext>().Applications.FindAsync(service.Id))!;
            var settings = new ApplicationSettings { Protocol = new ProtocolSettings(ExchangeFrom: []) }.Over(ApplicationSettings.Of(application));
            await services.GetRequiredService<ApplicationRegistry>().UpdateAsync(application, settings, default);
        });
        (await ActiveAsync(service, token)).ShouldBeFalse();
    }

    /// <summary>RFC 9449: the exchanged token is bound to the service's key.</summary>
    [Fact]
    public async Task A_service_that_proves_a_key_gets_a_token_bound_to_it()
    {
        var shop = await ShopAsync();
        var service = await ServiceAsync(shop);
        var subject = await SubjectAsync(shop);
        service.Dpop = new TestKey(server);
        var answer = await ExchangeAsync(service, subject);
        answer.Member("token_type").ShouldBe("DPoP");
        answer.Access.GetPayloadValue<JsonElement>("cnf").GetProperty("jkt").GetString().ShouldBe(service.Dpop.Thumbprint);
    }

    /// <summary>The person can read in their own log that a service acted for them.</summary>
    [Fact]
    public async Task An_exchange_is_on_the_persons_record()
    {
        var shop = await ShopAsync();
        var service = await ServiceAsync(shop);
        await ExchangeAsync(service, await SubjectAsync(shop));
        var records = new List<string?>();
        await server.InScopeAsync(async services =>
        {
            var page = await services.GetRequiredService<LogStreams>().QueryAsync(
                new StreamQuery("identity.user-operation-log", ProtocolServer.Account) { Person = server.Person, Limit = 200 }, default);
            records.AddRange(page.Entries.Select(entry => entry.Fields.Single(f => f.Key == "result").Value as string));
        });
        records.ShouldContain("token-exchanged");
    }

    private Task<RelyingParty> ShopAsync(int seconds = 600) =>
        server.RegisterAsync(settings: new ApplicationSettings { Scopes = ["openid", "profile", "email", "offline_access", "stock:read", "orders:read"], AccessTokenSeconds = seconds });

    private Task<RelyingParty> ServiceAsync(RelyingParty from) => server.RegisterAsync(
        ApplicationKind.M2m,
        new ApplicationSettings { Scopes = ["stock:read", "stock:write"], Resources = [Stock], Protocol = new ProtocolSettings(ExchangeFrom: [from.ClientId]) });

    private async Task<string> SubjectAsync(RelyingParty shop) =>
        (await shop.TokensAsync(await server.SignedInAsync(), ("scope", "openid stock:read orders:read"))).AccessToken;

    private static Task<Answer> ExchangeAsync(RelyingParty service, string subject, params (string Name, string? Value)[] changes)
    {
        (string Name, string? Value)[] form = [("grant_type", Grant), ("subject_token", subject), ("subject_token_type", AccessToken)];
        return service.PostAsync("token", [.. form.Where(f => !changes.Any(c => c.Name == f.Name)), .. changes]);
    }

    private static async Task<bool> ActiveAsync(RelyingParty service, string token) =>
        (await service.IntrospectAsync(token)).Json.GetProperty("active").GetBoolean();
}
