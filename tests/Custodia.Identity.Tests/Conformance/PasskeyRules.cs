using Custodia.Identity.Tests.People;
using Custodia.Identity.Tests.SignIn;
using Microsoft.AspNetCore.WebUtilities;

namespace Custodia.Identity.Tests.Conformance;

/// <summary>What a server has to check of an authenticator's answer: Web Authentication Level 3, sections 7.1 and 7.2.</summary>
public sealed class PasskeyRules(PeopleServer server) : IClassFixture<PeopleServer>
{
    private const string SignInPage = "/d/customers/sign-in";

    [Theory]
    [InlineData("")]
    [InlineData("site")]
    [InlineData("made instead of used")]
    [InlineData("inside another page")]
    [InlineData("nobody present")]
    [InlineData("copied though it cannot be")]
    [InlineData("can be copied since")]
    [InlineData("somebody else")]
    public async Task An_answer_that_breaks_a_rule_signs_nobody_in(string fault)
    {
        using var authenticator = Authenticator();
        await (await server.NewPersonAsync()).Visitor.AddPasskeyAsync(authenticator);
        Break(authenticator, fault);
        var visitor = server.Visitor();
        await visitor.OpenAsync(SignInPage);
        var (reference, options) = await visitor.QuestionAsync(SignInPage + "/passkey/options");
        await visitor.PostAsync(SignInPage + "/passkey", ("reference", reference), ("credential", authenticator.Use(options)));
        visitor.IsSignedIn().ShouldBe(fault.Length == 0);
    }

    [Theory]
    [InlineData("")]
    [InlineData("site")]
    [InlineData("used instead of made")]
    [InlineData("inside another page")]
    [InlineData("nobody present")]
    [InlineData("copied though it cannot be")]
    [InlineData("no key")]
    public async Task An_answer_that_breaks_a_rule_adds_no_passkey(string fault)
    {
        using var authenticator = Authenticator();
        var (visitor, _) = await server.NewPersonAsync();
        Break(authenticator, fault);
        (await AddAsync(visitor, authenticator)).ShouldBe(fault.Length == 0);
    }

    /// <summary>Section 7.1: a credential belongs to one account, also where two add it at once.</summary>
    [Fact]
    public async Task A_passkey_that_somebody_has_is_nobody_elses()
    {
        using var authenticator = Authenticator();
        var owners = new List<Visitor>();
        for (var i = 0; i < 6; i++) owners.Add((await server.NewPersonAsync()).Visitor);
        (await Task.WhenAll(owners.Select(owner => AddAsync(owner, authenticator)))).Count(added => added).ShouldBe(1);
        (await AddAsync((await server.NewPersonAsync()).Visitor, authenticator)).ShouldBeFalse();
    }

    private static void Break(Authenticator authenticator, string fault)
    {
        switch (fault)
        {
            case "site": authenticator.Domain = "evil.example"; break;
            case "made instead of used": authenticator.Did = "webauthn.create"; break;
            case "used instead of made": authenticator.Did = "webauthn.get"; break;
            case "inside another page": authenticator.CrossOrigin = true; break;
            case "nobody present": authenticator.Turned = 0x01; break;
            case "copied though it cannot be": authenticator.Turned = 0x10; break;
            case "can be copied since": authenticator.Turned = 0x08; break;
            case "no key": authenticator.Turned = 0x40; break;
            case "somebody else": authenticator.Handle = WebEncoders.Base64UrlEncode(System.Text.Encoding.ASCII.GetBytes(Guid.CreateVersion7().ToString("N"))); break;
        }
    }

    private static async Task<bool> AddAsync(Visitor visitor, Authenticator authenticator)
    {
        await visitor.OpenAsync(SignInSteps.Security);
        var (reference, options) = await visitor.QuestionAsync(SignInSteps.Security + "/passkeys/options");
        await visitor.PostAsync(SignInSteps.Security + "/passkeys", ("reference", reference), ("credential", authenticator.Make(options)), ("name", "My key"));
        if (visitor.Status == System.Net.HttpStatusCode.OK) return true;
        visitor.Location.ShouldNotBeNull(visitor.Html).ShouldEndWith("note=passkey-refused");
        return false;
    }

    private Authenticator Authenticator() => new(server.Url, "127.0.0.1");
}
