using Custodia.Identity.Authorize;

namespace Custodia.Identity.Tests.Protocol;

/// <summary>The <c>claims</c> parameter (OpenID Connect Core section 5.5).</summary>
public sealed class ClaimsRequestTests
{
    /// <summary>The example of section 5.5.</summary>
    [Fact]
    public void The_standards_own_example_is_understood()
    {
        var claims = RequestedClaims.Parse("""
            {"userinfo":{"given_name":{"essential":true},"nickname":null,"email":{"essential":true},"email_verified":{"essential":true},"picture":null,"http://example.info/claims/groups":null},
             "id_token":{"auth_time":{"essential":true},"acr":{"values":["urn:mace:incommon:iap:silver"]}}}
            """)!;
        claims.Userinfo.ShouldBe(["email", "email_verified"]);
        claims.IdToken.ShouldBeEmpty();
        // Not essential, so a wish.
        claims.Acr.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("\"x\"")]
    [InlineData("{\"userinfo\":1}")]
    [InlineData("{\"userinfo\":{\"email\":true}}")]
    [InlineData("{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":1}}}}}}}}}")]
    public void What_is_no_claims_request_is_refused(string text) => RequestedClaims.Parse(text).ShouldBeNull();

    /// <summary>Section 5.5: members that are not understood are ignored.</summary>
    [Fact]
    public void Unknown_members_are_ignored() => RequestedClaims.Parse("""{"id_token":null,"more":{}}""").ShouldNotBeNull();
}
