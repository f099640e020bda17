namespace Custodia.Testing;

internal static class TestHttp
{
    /// <summary>Tests speak to the server from outside; the product's safe client would refuse loopback.</summary>
    public static HttpClient Client(HttpMessageHandler handler) =>
#pragma warning disable RS0030
        new(handler, disposeHandler: true);
#pragma warning restore RS0030
}
