using Custodia.Identity.Applications;

namespace Custodia.Identity.Tests.Protocol;

public sealed class RedirectUrisTests
{
    [Theory]
    [InlineData(nameof(ApplicationKind.Web), "https://shop.example/callback")]
    [InlineData(nameof(ApplicationKind.Web), "https://shop.example/callback?a=1")]
    [InlineData(nameof(ApplicationKind.Web), "http://127.0.0.1:3000/callback")]
    [InlineData(nameof(ApplicationKind.Web), "http://localhost:3000/callback")]
    [InlineData(nameof(ApplicationKind.Native), "com.example.app:/callback")]
    [InlineData(nameof(ApplicationKind.Native), "http://[::1]/callback")]
    public void These_may_be_registered(string kind, string uri) => RedirectUris.Fault(Enum.Parse<ApplicationKind>(kind), uri).ShouldBeNull();

    [Theory]
    [InlineData(nameof(ApplicationKind.Web), "http://shop.example/callback")]
    [InlineData(nameof(ApplicationKind.Web), "https://shop.example/#a")]
    [InlineData(nameof(ApplicationKind.Web), "https://user@shop.example/")]
    [InlineData(nameof(ApplicationKind.Web), "/callback")]
    [InlineData(nameof(ApplicationKind.Web), "shop.example/callback")]
    [InlineData(nameof(ApplicationKind.Web), "com.example.app:/callback")]
    [InlineData(nameof(ApplicationKind.Web), "data:text/html,x")]
    [InlineData(nameof(ApplicationKind.Native), "javascript:alert(1)")]
    [InlineData(nameof(ApplicationKind.Native), "myapp://callback")]
    [InlineData(nameof(ApplicationKind.Web), "https://shop.example/ü")]
    [InlineData(nameof(ApplicationKind.Web), "https://shop.example/a b")]
    [InlineData(nameof(ApplicationKind.Web), "")]
    public void These_may_not(string kind, string uri) => RedirectUris.Fault(Enum.Parse<ApplicationKind>(kind), uri).ShouldNotBeNull();
}
