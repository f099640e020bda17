using System.Net;
using System.Net.Http.Headers;
using Custodia.Identity.Applications;
using Custodia.Kernel.Policy;
using Custodia.Kernel.Retention;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Custodia.Identity.Tests.Protocol;

/// <summary>Access tokens that are references (RFC 6749 section 1.4, RFC 7662), from outside.</summary>
[Collection(ProtocolCollection.Name)]
public sealed class OpaqueTokenTests(ProtocolServer server)
{
    private static readonly ProtocolSettings Opaque = new(AccessTokenFormat: "opaque");

    private static readonly ApplicationSettings Api = new() { Permissions = ["identity.applications.read"], Protocol = Opaque };

    /// <summary>RFC 7662 section 2.2.</summary>
    [Fact]
    public async Task An_opaque_token_says_nothing_itself_and_everything_when_asked_about()
    {
        var shop = await server.RegisterAsync(settings: new ApplicationSettings { Protocol = Opaque });
        var tokens = await shop.TokensAsync(await server.SignedInAsync());
        tokens.AccessToken.ShouldNotContain(".");
        tokens.Member("token_type").ShouldBe("Bearer");
        (await shop.UserinfoAsync(tokens.AccessToken)).Member("email").ShouldBe(ProtocolServer.Email);
        var about = await shop.IntrospectAsync(tokens.AccessToken);
        about.Json.GetProperty("active").GetBoolean().ShouldBeTrue();
        about.Member("sub").ShouldBe(server.Person.ToString());
        about.Member("client_id").ShouldBe(shop.ClientId);
        about.Member("iss").ShouldBe(shop.Issuer);
        about.Member("scope").ShouldBe("openid profile email offline_access");
        // OpenID Connect Core section 3.1.3.6: at_hash is of the token as it is.
        tokens.Id.GetPayloadValue<string>("at_hash").ShouldNotBeNullOrEmpty();
    }

    [Fact]
    public async Task It_is_stored_as_a_hash()
    {
        var shop = await server.RegisterAsync(settings: new ApplicationSettings { Protocol = Opaque });
        var token = (await shop.TokensAsync(await server.SignedInAsync())).AccessToken;
        await server.InScopeAsync(async services =>
        {
            var stored = await services.GetRequiredService<IdentityContext>().OpaqueAccessTokens.SingleAsync(t => t.ApplicationId == shop.Id);
            stored.TokenHash.ShouldBe(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(token)));
        });
    }

    /// <summary>RFC 7009 section 2.1.</summary>
    [Fact]
    public async Task A_revoked_one_is_gone_at_once_and_the_refresh_token_lives_on()
    {
        var shop = await server.RegisterAsync(settings: new ApplicationSettings { Protocol = Opaque });
        var tokens = await shop.TokensAsync(await server.SignedInAsync());
        var other = await server.RegisterAsync();
        (await other.RevokeAsync(tokens.AccessToken)).Error.ShouldBe("invalid_grant");
        (await shop.RevokeAsync(tokens.AccessToken)).Status.ShouldBe(HttpStatusCode.OK);
        (await shop.UserinfoAsync(tokens.AccessToken)).Error.ShouldBe("invalid_token");
        (await shop.RefreshAsync(tokens.RefreshToken)).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task It_ends_with_its_grant_its_time_and_its_application()
    {
        var shop = await server.RegisterAsync(settings: new ApplicationSettings { AccessTokenSeconds = 60, Protocol = Opaque });
        var tokens = await shop.TokensAsync(await server.SignedInAsync());
        server.Time.Advance(TimeSpan.FromSeconds(61));
        (await shop.UserinfoAsync(tokens.AccessToken)).Error.ShouldBe("invalid_token");
        var next = await shop.RefreshAsync(tokens.RefreshToken);
        (await shop.UserinfoAsync(next.AccessToken)).Status.ShouldBe(HttpStatusCode.OK);
        await shop.RevokeAsync(next.RefreshToken);
        (await shop.UserinfoAsync(next.AccessToken)).Error.ShouldBe("invalid_token");
    }

    [Fact]
    public async Task The_api_takes_one_also_bound_to_a_key()
    {
        var service = await server.RegisterAsync(ApplicationKind.M2m, Api, ProtocolServer.Staff);
        var plain = (await service.ClientCredentialsAsync()).AccessToken;
        (await server.Client(plain).GetAsync("/api/v1/applications")).StatusCode.ShouldBe(HttpStatusCode.OK);
        service.Dpop = new TestKey(server);
        var bound = (await service.ClientCredentialsAsync()).AccessToken;
        (await server.Client(bound).GetAsync("/api/v1/applications")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        var address = $"{server.Url}/api/v1/applications";
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.Authorization = new AuthenticationHeaderValue("DPoP", bound);
        request.Headers.Add("DPoP", service.Dpop.Proof("GET", address, bound));
        using var answer = await server.Client().SendAsync(request);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task What_only_looks_like_one_is_worth_nothing()
    {
        var shop = await server.RegisterAsync(settings: new ApplicationSettings { Protocol = Opaque });
        (await shop.UserinfoAsync("at_" + new string('a', 43))).Error.ShouldBe("invalid_token");
        (await shop.UserinfoAsync("at_")).Error.ShouldBe("invalid_token");
        (await shop.IntrospectAsync("at_" + new string('a', 43))).Json.GetProperty("active").GetBoolean().ShouldBeFalse();
    }

    /// <summary>The policy's <c>identity.grant</c>: expired.</summary>
    [Fact]
    public async Task Expired_ones_are_deleted()
    {
        var service = await server.RegisterAsync(ApplicationKind.M2m, Api, ProtocolServer.Staff);
        await service.ClientCredentialsAsync();
        await server.InScopeAsync(async services =>
            (await services.GetRequiredService<IdentityContext>().OpaqueAccessTokens.CountAsync(t => t.ApplicationId == service.Id)).ShouldBe(1));
        server.Time.Advance(TimeSpan.FromMinutes(11));
        await server.InScopeAsync(async services =>
        {
            var rule = services.GetServices<IRetentionRule>().Single(r => r.Category == "identity.grant" && r.Trigger == "expired");
            var line = services.GetRequiredService<LoadedPolicy>().Category(rule.Category).DeleteOn.Single(t => t.Name == rule.Trigger);
            var moment = new RetentionMoment(server.Time.GetUtcNow(), line);
            await rule.EnforceAsync(moment, default);
            (await rule.PreviewAsync(moment, default)).Due.ShouldBe(0);
            (await services.GetRequiredService<IdentityContext>().OpaqueAccessTokens.AnyAsync(t => t.ApplicationId == service.Id)).ShouldBeFalse();
        });
    }
}
