using System.Net;
using Custodia.Identity.Applications;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Custodia.Identity.Tests.Protocol;

/// <summary>How applications prove who they are (RFC 6749 section 2.3), and what they get for themselves (section 4.4).</summary>
[Collection(ProtocolCollection.Name)]
public sealed class ClientTests(ProtocolServer server)
{
    private static readonly (string Name, string? Value)[] Credentials = [("grant_type", "client_credentials")];

    private static readonly ApplicationSettings Api = new() { Permissions = ["identity.applications.read", "identity.applications.write"] };

    [Fact]
    public async Task Client_credentials_give_a_token_for_the_api_with_the_permissions_granted()
    {
        var service = await server.RegisterAsync(ApplicationKind.M2m, Api, ProtocolServer.Staff);
        var answer = await service.ClientCredentialsAsync();
        answer.Status.ShouldBe(HttpStatusCode.OK);
        answer.Access.Audiences.ShouldBe([$"{server.Url}/api"]);
        answer.Access.Subject.ShouldBe(service.ClientId);
        answer.Member("scope")!.Split(' ').ShouldBe(Api.Permissions!, ignoreOrder: true);
        // RFC 6749 section 4.4.3: no refresh token.
        answer.Member("refresh_token").ShouldBeNull();
        using var list = await server.Client(answer.AccessToken).GetAsync("/api/v1/applications");
        list.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_narrower_scope_gives_a_weaker_token()
    {
        var service = await server.RegisterAsync(ApplicationKind.M2m, Api, ProtocolServer.Staff);
        var answer = await service.ClientCredentialsAsync(("scope", "identity.applications.read"));
        var client = server.Client(answer.AccessToken);
        (await client.GetAsync("/api/v1/applications")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await client.DeleteAsync($"/api/v1/applications/{service.Id}")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task A_scope_that_was_not_granted_is_invalid_scope()
    {
        var service = await server.RegisterAsync(ApplicationKind.M2m, new ApplicationSettings { Permissions = ["identity.applications.read"] }, ProtocolServer.Staff);
        (await service.ClientCredentialsAsync(("scope", "identity.applications.write"))).Error.ShouldBe("invalid_scope");
    }

    /// <summary>RFC 8707.</summary>
    [Fact]
    public async Task A_token_for_another_resource_is_worth_nothing_at_the_api_and_cannot_carry_its_permissions()
    {
        var settings = Api with { Resources = ["https://stock.example"], Scopes = ["stock:read"] };
        var service = await server.RegisterAsync(ApplicationKind.M2m, settings, ProtocolServer.Staff);
        var answer = await service.ClientCredentialsAsync(("resource", "https://stock.example"));
        answer.Access.Audiences.ShouldBe(["https://stock.example"]);
        answer.Member("scope").ShouldBe("stock:read");
        (await server.Client(answer.AccessToken).GetAsync("/api/v1/applications")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await service.ClientCredentialsAsync(("resource", "https://stock.example"), ("scope", "identity.applications.read"))).Error.ShouldBe("invalid_scope");
        (await service.ClientCredentialsAsync(("resource", "https://other.example"))).Error.ShouldBe("invalid_target");
    }

    [Fact]
    public async Task A_secret_may_come_in_the_form_instead_of_the_header()
    {
        var service = await server.RegisterAsync(ApplicationKind.M2m, Api, ProtocolServer.Staff);
        (await service.PostRawAsync("token", [.. Credentials, ("client_id", service.ClientId), ("client_secret", service.Secret)], null)).Status.ShouldBe(HttpStatusCode.OK);
    }

    /// <summary>RFC 6749 section 2.3: "MUST NOT use more than one authentication method in each request".</summary>
    [Fact]
    public async Task A_secret_in_both_places_is_invalid_request()
    {
        var service = await server.RegisterAsync(ApplicationKind.M2m, Api, ProtocolServer.Staff);
        var basic = RelyingParty.Basic(service.ClientId, service.Secret);
        (await service.PostRawAsync("token", [.. Credentials, ("client_secret", service.Secret)], basic)).Error.ShouldBe("invalid_request");
        (await service.PostRawAsync("token", [.. Credentials, ("client_id", "app-other")], basic)).Error.ShouldBe("invalid_request");
    }

    /// <summary>RFC 6749 section 5.2: 401 and WWW-Authenticate.</summary>
    [Fact]
    public async Task Wrong_or_missing_credentials_are_invalid_client()
    {
        var service = await server.RegisterAsync(ApplicationKind.M2m, Api, ProtocolServer.Staff);
        string?[] headers =
        [
            null, "Basic", "Basic !!!", "Basic bm9jb2xvbg==", "Bearer abc", RelyingParty.Basic(service.ClientId, "wrong"),
            RelyingParty.Basic(service.ClientId, ""), RelyingParty.Basic("app-nobody", service.Secret), "Basic " + new string('A', 4000),
        ];
        foreach (var header in headers)
        {
            var answer = await service.PostRawAsync("token", Credentials, header);
            answer.Status.ShouldBe(HttpStatusCode.Unauthorized, header);
            answer.Error.ShouldBe("invalid_client");
            answer.Headers.WwwAuthenticate.ToString().ShouldStartWith("Basic realm=");
        }

        (await service.PostRawAsync("token", [.. Credentials, ("client_id", service.ClientId)], null)).Error.ShouldBe("invalid_client");
    }

    [Fact]
    public async Task A_public_client_has_no_secret_and_gets_nothing_for_itself()
    {
        var spa = await server.RegisterAsync(ApplicationKind.Spa);
        (await spa.ClientCredentialsAsync()).Error.ShouldBe("unauthorized_client");
        (await spa.PostRawAsync("token", [.. Credentials, ("client_id", spa.ClientId), ("client_secret", "x")], null)).Error.ShouldBe("invalid_client");
        (await spa.TokensAsync(await server.SignedInAsync())).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_service_cannot_use_the_grants_of_people()
    {
        var service = await server.RegisterAsync(ApplicationKind.M2m, Api, ProtocolServer.Staff);
        (await service.RefreshAsync("0123456789012345678901234567890123456789abc")).Error.ShouldBe("unauthorized_client");
    }

    [Fact]
    public async Task After_a_rotation_both_secrets_work_for_the_overlap_and_then_the_new_one_alone()
    {
        var service = await server.RegisterAsync(ApplicationKind.M2m, Api, ProtocolServer.Staff);
        (await service.ClientCredentialsAsync()).Status.ShouldBe(HttpStatusCode.OK);
        string? fresh = null;
        await server.InScopeAsync(async services =>
        {
            var application = await services.GetRequiredService<IdentityContext>().Applications.SingleAsync(a => a.Id == service.Id);
            fresh = await services.GetRequiredService<ApplicationRegistry>().RotateSecretAsync(application, TimeSpan.FromHours(1), default);
        });
        (await service.ClientCredentialsAsync()).Status.ShouldBe(HttpStatusCode.OK);
        (await service.PostRawAsync("token", Credentials, RelyingParty.Basic(service.ClientId, fresh!))).Status.ShouldBe(HttpStatusCode.OK);
        server.Time.Advance(TimeSpan.FromMinutes(61));
        (await service.ClientCredentialsAsync()).Error.ShouldBe("invalid_client");
        (await service.PostRawAsync("token", Credentials, RelyingParty.Basic(service.ClientId, fresh!))).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_disabled_application_and_its_tokens_stop_at_once()
    {
        var service = await server.RegisterAsync(ApplicationKind.M2m, Api, ProtocolServer.Staff);
        var token = (await service.ClientCredentialsAsync()).AccessToken;
        var client = server.Client(token);
        (await client.GetAsync("/api/v1/applications")).StatusCode.ShouldBe(HttpStatusCode.OK);
        await ChangeAsync(service, new ApplicationSettings { Enabled = false });
        (await client.GetAsync("/api/v1/applications")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await service.ClientCredentialsAsync()).Error.ShouldBe("invalid_client");
    }

    [Fact]
    public async Task A_permission_that_is_taken_away_is_gone_from_tokens_given_out_before()
    {
        var service = await server.RegisterAsync(ApplicationKind.M2m, Api, ProtocolServer.Staff);
        var client = server.Client((await service.ClientCredentialsAsync()).AccessToken);
        await ChangeAsync(service, new ApplicationSettings { Permissions = ["identity.applications.write"] });
        (await client.GetAsync("/api/v1/applications")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    private Task ChangeAsync(RelyingParty party, ApplicationSettings change) => server.InScopeAsync(async services =>
    {
        var application = await services.GetRequiredService<IdentityContext>().Applications.SingleAsync(a => a.Id == party.Id);
        await services.GetRequiredService<ApplicationRegistry>().UpdateAsync(application, change.Over(ApplicationSettings.Of(application)), default);
    });
}
