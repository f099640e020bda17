using Custodia.Console;
using Custodia.Identity.Administration;
using Custodia.Identity.Applications;
using Custodia.Identity.Authorize;
using Custodia.Identity.Callers;
using Custodia.Identity.ClientRegistration;
using Custodia.Identity.Consents;
using Custodia.Identity.Contracts;
using Custodia.Identity.Demo;
using Custodia.Identity.Device;
using Custodia.Identity.Discovery;
using Custodia.Identity.Dpop;
using Custodia.Identity.Keys;
using Custodia.Identity.Logout;
using Custodia.Identity.Revocation;
using Custodia.Identity.SignIn;
using Custodia.Identity.Tokens;
using Custodia.Identity.Userinfo;
using Custodia.Kernel.Access;
using Custodia.Kernel.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Custodia.Identity.Protocol;

/// <summary>The OpenID Connect provider: what it needs and where its endpoints are.</summary>
internal static class ProtocolRoutes
{
    private const string Directory = "/d/{directory}";
    private const string IsProtocol = "protocol endpoint; it authenticates clients and tokens itself";
    private const string IsPublic = "public metadata";

    // RFC 9110 section 9.1: whoever answers GET answers HEAD. The pages of people do not, since there a GET can do something.
    private static readonly string[] Reading = [HttpMethods.Get, HttpMethods.Head];

    public static void AddProtocol(this ModuleBuilder module)
    {
        var services = module.Services;
        services.AddSingleton<Issuers>().AddSingleton<KeyRings>().AddSingleton<ApplicationCache>().AddSingleton<RevokedTokens>();
        services.AddSingleton<ClientAuthentication>().AddSingleton<ClientAssertions>().AddSingleton<ClientKeys>().AddSingleton<IdTokenHints>();
        services.AddScoped<KeyStock>().AddScoped<KeyAdministration>();
        AddKeyPages(services);
        services.AddScoped<ApplicationRegistry>().AddScoped<ApplicationQueries>().AddScoped<ApplicationChanges>();
        services.AddSingleton(new NavItem(NavArea.Identity, () => ProtocolTexts.Of("Applications"), ApplicationPages.Home, "application", 30, ApplicationsApi.Read));
        services.AddSingleton(new NoticeText(ConsentsPortal.Revoked, () => ProtocolTexts.Of("ConsentRevoked")));
        services.AddScoped<Grants>().AddScoped<TokenIssuing>().AddScoped<OpaqueAccessTokens>().AddScoped<AccessTokens>().AddScoped<IAccessTokens, ApiTokens>();
        services.AddSingleton<SignedTokens>().AddSingleton<JwtAccessTokens>().AddSingleton<DpopNonces>().AddSingleton<DpopProofs>();
        services.AddScoped<RegistrationTokens>().AddScoped<RegisteredClients>();
        services.AddSingleton(new DirectorySection(RegistrationTokenPages.Section, () => RegistrationTexts.Of("Tab"), 60, ApplicationsApi.Read));
        services.AddScoped<StoredRequests>().AddScoped<PushedRequests>().AddScoped<ISignInReturn, AuthorizationReturn>().AddScoped<ProtocolLog>();
        services.AddScoped<ConsentStore>().AddScoped<ConsentDecisions>();
        services.AddScoped<TokenRevocation>().AddScoped<TokenIntrospection>();
        services.AddScoped<LogoutRequests>().AddScoped<SigningOut>();
        services.AddScoped<DeviceRequests>().AddScoped<DeviceDecisions>().AddScoped<DeviceGate>().AddSingleton<DeviceGuard>();
        services.AddScoped<LogoutAudience>().AddSingleton<LogoutTokens>();
        services.AddScoped<PersonData.IPersonData, ProtocolSubjectData>().AddScoped<PersonData.IPersonData, LogoutAudienceData>();
        services.AddHostedService<KeyRotation>();
        if (module.Environment.IsDevelopment())
        {
            services.AddHttpClient(DemoClient.HttpName)
                .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler { UseProxy = false, UseCookies = false, AllowAutoRedirect = false });
            services.AddSingleton<DemoClient>().AddSingleton<DemoSessions>();
        }

        module.AddEvent<SessionEnded>().AddSubscriber<BackchannelLogout>();
        module.AddPermissions(
            new Permission(ApplicationsApi.Read, Role.Owner, Role.Administrator, Role.Developer, Role.Auditor),
            new Permission(ApplicationsApi.Write, Role.Owner, Role.Administrator, Role.Developer));
        module.AddRetentionRule<ExpiredRegistrationTokens>();
        module.AddRetentionRule<RemovedApplications>().AddRetentionRule<ExpiredSecrets>().AddRetentionRule<ExpiredKeys>();
        module.AddRetentionRule<ApplicationTermination>().AddRetentionRule<SigningKeyTermination>();
        module.AddRetentionRule<ExpiredGrants>().AddRetentionRule<ExpiredRevocations>().AddRetentionRule<ExpiredRequests>();
        module.AddRetentionRule<ExpiredDeviceRequests>().AddRetentionRule<LogoutAudienceAge>();
    }

    private static void AddKeyPages(IServiceCollection services)
    {
        services.AddSingleton(new DirectorySection(KeyPages.Section, () => KeyTexts.Of("Tab"), 80, Permissions.DirectoriesRead));
        services.AddSingleton(new NoticeText(KeyPages.Rotated, () => KeyTexts.Of("Rotated")));
        services.AddSingleton(new NoticeText(KeyPages.Revoked, () => KeyTexts.Of("Revoked")));
        services.AddSingleton(new NoticeText(KeyPages.TooSoon, () => KeyTexts.Of("TooSoon"), Tone.Warning));
    }

    public static void MapProtocol(this IEndpointRouteBuilder routes)
    {
        MapMetadata(routes);
        MapFrontChannel(routes);
        MapBackChannel(routes);
        MapDevice(routes);
        MapRegistration(routes);
        routes.MapApplicationsApi();
        routes.MapRegistrationTokensApi();
        routes.MapRegistrationTokenPages();
        routes.MapApplicationPages();
        routes.MapKeysApi();
        routes.MapKeyPages();
        if (routes.ServiceProvider.GetRequiredService<IHostEnvironment>().IsDevelopment()) routes.MapDemo();
    }

    private static void MapMetadata(IEndpointRouteBuilder routes)
    {
        // RFC 8414 section 3.1: the well-known part comes before the issuer's path; some clients look for the older name there too (section 5).
        string[] metadata = [Directory + "/.well-known/openid-configuration", "/.well-known/oauth-authorization-server" + Directory, "/.well-known/openid-configuration" + Directory];
        foreach (var address in metadata) routes.MapMethods(address, Reading, DiscoveryEndpoint.MetadataAsync).OpenToBrowsers().AllowAnyone(IsPublic);
        routes.MapMethods(Directory + "/jwks", Reading, DiscoveryEndpoint.KeysAsync).OpenToBrowsers().AllowAnyone(IsPublic);
    }

    private static void MapFrontChannel(IEndpointRouteBuilder routes)
    {
        routes.MapGet(Directory + "/authorize", AuthorizeEndpoint.GetAsync).AllowAnyone(IsProtocol);
        routes.MapPost(Directory + "/authorize", AuthorizeEndpoint.PostAsync).Limited().AllowAnyone(IsProtocol);
        routes.MapGet(Directory + "/authorize/continue", AuthorizeEndpoint.ContinueAsync).AllowAnyone(IsProtocol);
        routes.MapGet(Directory + "/consent", ConsentEndpoint.ShowAsync).RequireUser(staffToo: true);
        routes.MapPost(Directory + "/consent", ConsentEndpoint.DecideAsync).RequireUser(staffToo: true);
        routes.MapGet(Directory + "/logout", LogoutEndpoint.GetAsync).AllowAnyone(IsProtocol);
        routes.MapPost(Directory + "/logout", LogoutEndpoint.PostAsync).Limited().AllowAnyone(IsProtocol);
        routes.MapPost(Directory + "/logout/confirm", LogoutEndpoint.ConfirmAsync).AllowAnyone(IsProtocol);
        routes.MapGet(Directory + "/signed-out", LogoutEndpoint.SignedOutAsync).AllowAnyone("a page that says goodbye");
    }

    private static void MapBackChannel(IEndpointRouteBuilder routes)
    {
        routes.MapPost(Directory + "/par", PushedRequestEndpoint.HandleAsync).Limited().OpenToBrowsers().AllowAnyone(IsProtocol);
        routes.MapPost(Directory + "/token", TokenEndpoint.HandleAsync).Limited().OpenToBrowsers().AllowAnyone(IsProtocol);
        routes.MapMethods(Directory + "/userinfo", [HttpMethods.Get, HttpMethods.Post], UserinfoEndpoint.HandleAsync).Limited().OpenToBrowsers().AllowAnyone(IsProtocol);
        routes.MapPost(Directory + "/revoke", RevocationEndpoint.HandleAsync).Limited().OpenToBrowsers().AllowAnyone(IsProtocol);
        routes.MapPost(Directory + "/introspect", IntrospectionEndpoint.HandleAsync).Limited().AllowAnyone(IsProtocol);
        foreach (var endpoint in new[] { "/par", "/token", "/userinfo", "/revoke" }) routes.MapPreflight(Directory + endpoint).AllowAnyone(IsProtocol);
    }

    private static void MapDevice(IEndpointRouteBuilder routes)
    {
        routes.MapPost(Directory + "/device_authorization", DeviceAuthorizationEndpoint.HandleAsync).Limited().AllowAnyone(IsProtocol);
        routes.MapGet(Directory + "/device", DevicePages.ShowAsync).RequireUser(staffToo: true);
        routes.MapPost(Directory + "/device", DevicePages.EnterAsync).RequireUser(staffToo: true);
        routes.MapPost(Directory + "/device/decide", DevicePages.DecideAsync).RequireUser(staffToo: true);
        routes.MapGet(Directory + "/device/allowed", DevicePages.AllowedAsync).AllowAnyone("a page that says what was decided");
        routes.MapGet(Directory + "/device/refused", DevicePages.RefusedAsync).AllowAnyone("a page that says what was decided");
    }

    private static void MapRegistration(IEndpointRouteBuilder routes)
    {
        routes.MapPost(Directory + "/register", RegistrationEndpoint.RegisterAsync).Limited().AllowAnyone(IsProtocol);
        routes.MapGet(Directory + "/register/{clientId}", RegistrationEndpoint.ReadAsync).AllowAnyone(IsProtocol);
        routes.MapPut(Directory + "/register/{clientId}", RegistrationEndpoint.UpdateAsync).Limited().AllowAnyone(IsProtocol);
        routes.MapDelete(Directory + "/register/{clientId}", RegistrationEndpoint.DeleteAsync).AllowAnyone(IsProtocol);
    }

    private static RouteHandlerBuilder Limited(this RouteHandlerBuilder endpoint) =>
        endpoint.WithMetadata(new RequestSizeLimitAttribute(ParameterReading.MaxBody)).DisableAntiforgery();
}
