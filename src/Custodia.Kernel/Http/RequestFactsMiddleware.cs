using System.Net;
using Custodia.Kernel.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace Custodia.Kernel.Http;

/// <summary>Finds request id, client address and scheme before anything else looks at them.</summary>
internal sealed class RequestFactsMiddleware(RequestDelegate next, IOptions<CustodiaOptions> options)
{
    private const string IdHeader = "X-Request-Id";

    private readonly string _region = options.Value.Region;
    private readonly TrustedProxies _proxies = new(options.Value.Http.TrustedProxies);

    public Task InvokeAsync(HttpContext http)
    {
        var peer = Plain(http.Connection.RemoteIpAddress ?? IPAddress.None);
        var trusted = _proxies.Contains(peer);
        var client = trusted ? _proxies.ClientOf(peer, http.Request.Headers["X-Forwarded-For"]) : peer;
        if (trusted && SchemeOf(http.Request.Headers["X-Forwarded-Proto"]) is { } scheme) http.Request.Scheme = scheme;

        var given = http.Request.Headers[IdHeader].ToString();
        var id = IsRequestId(given) ? given : Guid.CreateVersion7().ToString("N");
        http.TraceIdentifier = id;
        // At the start of the answer, because the exception handler clears what was set before.
        http.Response.OnStarting(static state => Echo((HttpContext)state), http);
        http.Features.Set(new RequestFacts(id, client, _region));
        return next(http);
    }

    private static Task Echo(HttpContext http)
    {
        http.Response.Headers[IdHeader] = http.TraceIdentifier;
        return Task.CompletedTask;
    }

    internal static bool IsRequestId(string text) =>
        text.Length is >= 8 and <= 64 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-');

    internal static IPAddress Plain(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;

    // The proxy next to us wrote the last entry.
    private static string? SchemeOf(StringValues header)
    {
        var text = header.ToString();
        var last = text[(text.LastIndexOf(',') + 1)..].Trim();
        return last.Equals("https", StringComparison.OrdinalIgnoreCase) ? "https" : last.Equals("http", StringComparison.OrdinalIgnoreCase) ? "http" : null;
    }
}

/// <summary>Reverse proxies whose word about the client is believed.</summary>
internal sealed class TrustedProxies(IEnumerable<string> ranges)
{
    private readonly IPNetwork[] _networks = [.. ranges.Select(NetworkRanges.Parse)];

    public bool Contains(IPAddress address) => Array.Exists(_networks, n => n.Contains(address));

    /// <summary>
    /// Reads X-Forwarded-For from the right: each trusted proxy vouches for the entry before it, and the first address that is
    /// not a trusted proxy is the client. What stands further left was written by the client and says nothing.
    /// </summary>
    public IPAddress ClientOf(IPAddress peer, StringValues forwardedFor)
    {
        var entries = forwardedFor.ToString().Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var client = peer;
        for (var i = entries.Length - 1; i >= 0 && Contains(client); i--)
        {
            // IPEndPoint reads "1.2.3.4", "1.2.3.4:567", "2001:db8::1" and "[2001:db8::1]:567".
            if (!IPEndPoint.TryParse(entries[i], out var entry)) break;
            client = RequestFactsMiddleware.Plain(entry.Address);
        }

        return client;
    }
}

internal static class NetworkRanges
{
    /// <summary>Reads an address or a CIDR range.</summary>
    public static IPNetwork Parse(string text) =>
        IPNetwork.TryParse(text, out var network)
            ? network
            : IPAddress.Parse(text) is var address ? new IPNetwork(address, address.GetAddressBytes().Length * 8) : default;
}
