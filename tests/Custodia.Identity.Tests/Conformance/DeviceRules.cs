using System.Net;
using Custodia.Identity.Applications;
using Custodia.Identity.Rules;
using Custodia.Identity.Tests.Protocol;
using Microsoft.Extensions.DependencyInjection;

namespace Custodia.Identity.Tests.Conformance;

/// <summary>The device grant from outside (RFC 8628): a device is no way around what a person has to do in a browser.</summary>
[Collection(ProtocolCollection.Name)]
public sealed class DeviceRules(ProtocolServer server)
{
    private const string DeviceGrant = "urn:ietf:params:oauth:grant-type:device_code";

    private static readonly ApplicationSettings Television = new(Name: "Television", RedirectUris: [], DeviceGrant: true);
    private static int _people;

    /// <summary>RFC 8628 section 5.4 and ASVS 6.3.3: the demand of the application holds for its devices.</summary>
    [Fact]
    public async Task An_application_that_demands_a_second_factor_gets_it_before_a_device_is_let_in()
    {
        var tv = await server.RegisterAsync(ApplicationKind.Native, Television);
        var codes = await StartAsync(tv);
        var browser = await PersonAsync();
        // The question was open before the demand was made: the decision asks again.
        var question = await browser.GetAsync(codes.Member("verification_uri_complete")!);
        await server.InScopeAsync(services => services.GetRequiredService<SignInRuleStore>().DemandSecondFactorAsync(tv.Id, ProtocolServer.Account, demanded: true, default));
        (await browser.SubmitAsync(question, ("decision", "allow"))).Address.AbsolutePath.ShouldContain("/sign-in/second");
        (await browser.GetAsync(codes.Member("verification_uri_complete")!)).Address.AbsolutePath.ShouldContain("/sign-in/second");
        (await PollAsync(tv, codes)).Error.ShouldBe("authorization_pending");
    }

    [Fact]
    public async Task Whoever_refuses_a_device_need_not_prove_more()
    {
        var tv = await server.RegisterAsync(ApplicationKind.Native, Television);
        var codes = await StartAsync(tv);
        var browser = await PersonAsync();
        var question = await browser.GetAsync(codes.Member("verification_uri_complete")!);
        await server.InScopeAsync(services => services.GetRequiredService<SignInRuleStore>().DemandSecondFactorAsync(tv.Id, ProtocolServer.Account, demanded: true, default));
        (await browser.SubmitAsync(question, ("decision", "refuse"))).Address.AbsolutePath.ShouldEndWith("/device/refused");
        (await PollAsync(tv, codes)).Error.ShouldBe("access_denied");
    }

    /// <summary>RFC 8628 section 3.3: only a posted decision counts, and only a yes is a yes.</summary>
    [Theory]
    [InlineData("maybe")]
    [InlineData("")]
    [InlineData("ALLOW")]
    public async Task A_decision_that_is_not_yes_is_no(string decision)
    {
        var tv = await server.RegisterAsync(ApplicationKind.Native, Television);
        var codes = await StartAsync(tv);
        var browser = await server.SignedInAsync();
        await browser.SubmitAsync(await browser.GetAsync(codes.Member("verification_uri_complete")!), ("decision", decision));
        (await PollAsync(tv, codes)).Error.ShouldBe("access_denied");
    }

    [Fact]
    public async Task A_decision_by_get_is_none()
    {
        var tv = await server.RegisterAsync(ApplicationKind.Native, Television);
        var codes = await StartAsync(tv);
        var browser = await server.SignedInAsync();
        (await browser.GetAsync($"{tv.Issuer}/device/decide?user_code={codes.Member("user_code")}&decision=allow")).Status.ShouldBe(HttpStatusCode.MethodNotAllowed);
        (await PollAsync(tv, codes)).Error.ShouldBe("authorization_pending");
    }

    /// <summary>RFC 8628 section 3.4: the code that people read is no credential.</summary>
    [Theory]
    [InlineData(DeviceGrant, "device_code")]
    [InlineData("authorization_code", "code")]
    [InlineData("refresh_token", "refresh_token")]
    public async Task The_code_that_people_type_is_worth_nothing_at_the_token_endpoint(string grant, string parameter)
    {
        var tv = await server.RegisterAsync(ApplicationKind.Native, Television);
        var codes = await StartAsync(tv);
        (await tv.PostAsync("token", [("grant_type", grant), (parameter, codes.Member("user_code")), ("redirect_uri", "x"), ("code_verifier", tv.Verifier)])).Error.ShouldBe("invalid_grant");
    }

    /// <summary>RFC 8628 section 3.4: the grant has one name.</summary>
    [Fact]
    public async Task The_short_name_of_the_grant_is_not_its_name()
    {
        var tv = await server.RegisterAsync(ApplicationKind.Native, Television);
        (await tv.PostAsync("token", [("grant_type", "device_code"), ("device_code", (await StartAsync(tv)).Member("device_code"))])).Error.ShouldBe("unsupported_grant_type");
    }

    [Fact]
    public async Task What_is_typed_is_text_on_the_page()
    {
        var browser = await server.SignedInAsync();
        var page = await browser.GetAsync($"{server.Issuer}/device?user_code=" + WebUtility.UrlEncode("\"><script>alert(1)</script>"));
        page.Html.ShouldNotContain("<script>alert");
        page.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
    }

    private static async Task<Answer> StartAsync(RelyingParty tv)
    {
        var codes = await tv.PostAsync("device_authorization", [("scope", "openid")]);
        codes.Status.ShouldBe(HttpStatusCode.OK, codes.Text);
        return codes;
    }

    private static Task<Answer> PollAsync(RelyingParty tv, Answer codes) =>
        tv.PostAsync("token", [("grant_type", DeviceGrant), ("device_code", codes.Member("device_code"))]);

    private async Task<TestBrowser> PersonAsync()
    {
        var name = $"viewer{Interlocked.Increment(ref _people)}";
        await server.AddPersonAsync(name, $"{name}@example.com", name);
        return await server.SignedInAsync(name);
    }
}
