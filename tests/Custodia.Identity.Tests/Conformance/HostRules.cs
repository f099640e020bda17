using System.Net.Sockets;
using System.Text;
using Custodia.Identity.Tests.Protocol;

namespace Custodia.Identity.Tests.Conformance;

/// <summary>The header that names the host (RFC 9112 section 3.2), as clients that are none write it.</summary>
[Collection(ProtocolCollection.Name)]
public sealed class HostRules(ProtocolServer server)
{
    [Theory]
    [InlineData("..")]
    [InlineData("xn--")]
    [InlineData("127.0.0.1:99999")]
    [InlineData("[::1")]
    [InlineData("a b")]
    public async Task A_host_that_is_none_is_refused_and_breaks_nothing(string host)
    {
        foreach (var page in new[] { "sign-in", "authorize", "jwks" })
            (await AskAsync($"GET /d/{ProtocolServer.Customers}/{page} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n")).ShouldStartWith("HTTP/1.1 400 ");
    }

    [Theory]
    [InlineData("HTTP/1.0\r\n")]
    [InlineData("HTTP/1.1\r\nHost: \r\nConnection: close\r\n")]
    public async Task A_request_without_a_host_counts_as_sent_to_the_public_address(string end) =>
        (await AskAsync($"GET /d/{ProtocolServer.Customers}/sign-in {end}\r\n")).ShouldStartWith("HTTP/1.1 200 ");

    private async Task<string> AskAsync(string request)
    {
        var address = new Uri(server.Url);
        using var client = new TcpClient();
        await client.ConnectAsync(address.Host, address.Port);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(request));
        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync();
    }
}
