using Custodia.Console.Tests.Support;

namespace Custodia.Console.Tests;

[Collection(LookCollection.Name)]
public sealed class SecurityHeaderTests(LookHost host)
{
    [Theory]
    [InlineData("/public")]
    [InlineData("/nothing")]
    [InlineData("/broken")]
    [InlineData("/assets/0000000000000000/x.css")]
    public async Task Every_answer_carries_the_policy(string path)
    {
        using var response = await host.GetAsync(path);

        var policy = Policy(response);
        policy["default-src"].ShouldBe("'none'");
        policy["script-src"].ShouldBe("'self'");
        policy["style-src"].ShouldBe("'self'");
        policy["frame-ancestors"].ShouldBe("'none'");
        policy["base-uri"].ShouldBe("'none'");
        policy["form-action"].ShouldBe("'self'");
        response.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);
        response.Headers.GetValues("Referrer-Policy").ShouldBe(["same-origin"]);
        response.Headers.GetValues("Cross-Origin-Opener-Policy").ShouldBe(["same-origin"]);
        response.Headers.Contains("Permissions-Policy").ShouldBeTrue();
        response.Headers.Contains("blazor-enhanced-nav").ShouldBeFalse();
    }

    [Theory]
    [InlineData("/public")]
    [InlineData("/console/rooms")]
    public async Task A_page_is_kept_by_nobody(string path)
    {
        using var response = await host.GetAsync(path);
        response.Headers.CacheControl!.NoStore.ShouldBeTrue();
    }

    [Fact]
    public async Task A_form_may_end_at_the_origin_that_its_page_names_and_at_no_other()
    {
        using var response = await host.GetAsync("/branded");
        Policy(response)["form-action"].ShouldBe("'self' https://shop.example:8443 com.example.app:");
        using var next = await host.GetAsync("/small");
        Policy(next)["form-action"].ShouldBe("'self'");
    }

    [Fact]
    public void Only_an_absolute_address_has_an_origin() =>
        Should.Throw<ArgumentException>(() => SecurityHeaders.AllowFormAction(
            new Microsoft.AspNetCore.Http.DefaultHttpContext(), new Uri("/callback", UriKind.Relative)));

    private static Dictionary<string, string> Policy(HttpResponseMessage response) =>
        response.Headers.GetValues("Content-Security-Policy").Single().Split("; ")
            .Select(d => d.Split(' ', 2)).ToDictionary(d => d[0], d => d[1], StringComparer.Ordinal);
}
