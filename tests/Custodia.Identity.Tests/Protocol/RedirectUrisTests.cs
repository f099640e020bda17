using Custodia.Identity.Applications;

namespace Custodia.Identity.Tests.Protocol;

public sealed class RedirectUrisTests
{
    [Theory]
    [InlineData(ApplicationKind.Web, "https://shop.example/callback")]
    [InlineData(ApplicationKind.Web, "https://shop.example/callback?a=1")]
    [InlineData(ApplicationKind.Web, "http://127.0.0.1:3000/callback")]
    [InlineData(ApplicationKind.Web, "http://localhost:3000/callback")]
    [InlineData(ApplicationKind.Native, "com.example.app:/callback")]
    [InlineData(ApplicationKind.Native, "http://[::1]/callback")]
    public void These_may_be_registered(ApplicationKind kind, string uri) => RedirectUris.Fault(kind, uri).ShouldBeNull();

    [Theory]
    [InlineData(ApplicationKind.Web, "http://shop.example/callback")]
    [InlineData(ApplicationKind.Web, "https://shop.example/#a")]
    [InlineData(ApplicationKind.Web, "https://user@shop.example/")]
    [InlineData(ApplicationKind.Web, "/callback")]
    [InlineData(ApplicationKind.Web, "shop.example/callback")]
    [InlineData(ApplicationKind.Web, "com.example.app:/callback")]
    [InlineData(ApplicationKind.Web, "data:text/html,x")]
    [InlineData(ApplicationKind.Native, "javascript:alert(1)")]
    [InlineData(ApplicationKind.Native, "myapp://callback")]
    [InlineData(ApplicationKind.Web, "https://shop.example/ü")]
    [InlineData(ApplicationKind.Web, "https://shop.example/a b")]
    [InlineData(ApplicationKind.Web, "")]
    public void These_may_not(ApplicationKind kind, string uri) => RedirectUris.Fault(kind, uri).ShouldNotBeNull();
}
