using System.Net;
using System.Net.Sockets;
using Custodia.Kernel.Hosting;
using Microsoft.Extensions.Options;

namespace Custodia.Kernel.Http.Outbound;

/// <summary>
/// The one way out. Refuses private, loopback, link-local, multicast and reserved addresses (IPv4, IPv6, mapped) at connect time,
/// so also after redirects and DNS changes, unless <c>Custodia:Http:AllowedPrivateNetworks</c> lists them; only http and https,
/// at most 5 redirects followed by hand and credentials dropped when the host changes; response bodies bounded.
/// </summary>
public sealed class SafeHttpClient : IDisposable
{
    private const int MaxRedirects = 5;
    private const int MaxRequestBytes = 16 * 1024 * 1024;

    private readonly AddressRules _rules;
    private readonly HttpMessageInvoker _invoker;

    public SafeHttpClient(IOptions<CustodiaOptions> options)
    {
        _rules = new AddressRules(options.Value.Http.AllowedPrivateNetworks);
        _invoker = new HttpMessageInvoker(new SocketsHttpHandler
        {
            // A proxy would connect in our place, to addresses that nobody checked.
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.All,
            ConnectCallback = ConnectAsync,
            ConnectTimeout = TimeSpan.FromSeconds(15),
            PooledConnectionLifetime = TimeSpan.FromMinutes(2),
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(30),
            MaxConnectionsPerServer = 64,
            MaxResponseHeadersLength = 64,
            // Trace ids of this server are nobody else's business.
            ActivityHeadersPropagator = null,
        });
    }

    /// <summary>Sends a request and reads the answer up to <paramref name="maxBytes"/> (counted after decompression).</summary>
    /// <param name="request">An absolute http or https address; a body up to 16 MiB.</param>
    /// <param name="timeout">1 s to 5 minutes for the whole call.</param>
    /// <exception cref="ArgumentOutOfRangeException">The timeout or <paramref name="maxBytes"/> is outside its range.</exception>
    public Task<OutboundOutcome> SendAsync(HttpRequestMessage request, TimeSpan timeout, int maxBytes, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentOutOfRangeException.ThrowIfNegative(maxBytes);
        return WithinAsync(timeout, token => FollowAsync(request, maxBytes, token), cancellation);
    }

    /// <summary>Sends a request to one address alone: a redirect is an answer like any other, and the body of the answer is left unread.</summary>
    /// <param name="request">An absolute http or https address; a body up to 16 MiB.</param>
    /// <param name="timeout">1 s to 5 minutes until the answer's headers are there.</param>
    /// <returns>Answers have an empty body.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The timeout is outside its range.</exception>
    public Task<OutboundOutcome> SendOnceAsync(HttpRequestMessage request, TimeSpan timeout, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(request);
        return WithinAsync(timeout, token => OnceAsync(request, token), cancellation);
    }

    /// <summary>
    /// Whether an address may be called as far as it says by itself: http or https, and no refused IP address in place of a name.
    /// Names are looked up when they are called. For checking what somebody enters.
    /// </summary>
    public bool MayReach(Uri address)
    {
        ArgumentNullException.ThrowIfNull(address);
        if (address is not { IsAbsoluteUri: true, Scheme: "http" or "https" }) return false;
        if (IPAddress.TryParse(address.Host.Trim('[', ']'), out var literal)) return _rules.Allows(literal);
        return !address.IsLoopback || _rules.Allows(IPAddress.Loopback);
    }

    public void Dispose() => _invoker.Dispose();

    private static async Task<OutboundOutcome> WithinAsync(TimeSpan timeout, Func<CancellationToken, Task<OutboundOutcome>> send, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(timeout, TimeSpan.FromSeconds(1));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(timeout, TimeSpan.FromMinutes(5));
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(timeout);
        try
        {
            return await send(limit.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return new OutboundOutcome.Refused("timeout");
        }
        catch (HttpRequestException e) when (e.InnerException is AddressRefusedException)
        {
            return new OutboundOutcome.Refused("address-refused");
        }
        catch (Exception e) when (e is HttpRequestException or SocketException or IOException or InvalidDataException)
        {
            return new OutboundOutcome.Refused("broken-off");
        }
    }

    private async Task<OutboundOutcome> OnceAsync(HttpRequestMessage only, CancellationToken cancellation)
    {
        var hop = await Hop.OfAsync(only, MaxRequestBytes, cancellation);
        if (hop.Address is not { IsAbsoluteUri: true, Scheme: "http" or "https" }) return new OutboundOutcome.Refused("scheme-refused");
        using var request = hop.Request();
        try
        {
            using var response = await _invoker.SendAsync(request, cancellation);
            return new OutboundOutcome.Answered((int)response.StatusCode, HeadersOf(response), []);
        }
        catch (Exception e) when (NeverConnected(e))
        {
            return new OutboundOutcome.Refused("unreachable");
        }
    }

    private async Task<OutboundOutcome> FollowAsync(HttpRequestMessage first, int maxBytes, CancellationToken cancellation)
    {
        var hop = await Hop.OfAsync(first, MaxRequestBytes, cancellation);
        for (var redirects = 0; ; redirects++)
        {
            if (hop.Address is not { IsAbsoluteUri: true, Scheme: "http" or "https" }) return new OutboundOutcome.Refused("scheme-refused");
            using var request = hop.Request();
            HttpResponseMessage answer;
            try
            {
                answer = await _invoker.SendAsync(request, cancellation);
            }
            catch (Exception e) when (redirects == 0 && NeverConnected(e))
            {
                return new OutboundOutcome.Refused("unreachable");
            }

            using var response = answer;
            if (!Hop.IsRedirect(response, out var target)) return await ReadAsync(response, maxBytes, cancellation);
            if (redirects == MaxRedirects) return new OutboundOutcome.Refused("too-many-redirects");
            // From https nothing goes on in the clear.
            if (hop.Address.Scheme == "https" && new Uri(hop.Address, target).Scheme != "https") return new OutboundOutcome.Refused("scheme-refused");
            hop = hop.To(target, response.StatusCode);
        }
    }

    /// <summary>A bare socket error is what the framework throws when the other side resets a connection that was just made.</summary>
    private static bool NeverConnected(Exception e) => e switch
    {
        SocketException => true,
        HttpRequestException { InnerException: AddressRefusedException } => false,
        HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError or HttpRequestError.SecureConnectionError } => true,
        _ => false,
    };

    private static async Task<OutboundOutcome> ReadAsync(HttpResponseMessage response, int maxBytes, CancellationToken cancellation)
    {
        if (response.Content.Headers.ContentLength > maxBytes) return new OutboundOutcome.Refused("too-large");
        await using var body = await response.Content.ReadAsStreamAsync(cancellation);
        using var kept = new MemoryStream();
        var buffer = new byte[16 * 1024];
        for (var read = await body.ReadAsync(buffer, cancellation); read > 0; read = await body.ReadAsync(buffer, cancellation))
        {
            if (kept.Length + read > maxBytes) return new OutboundOutcome.Refused("too-large");
            await kept.WriteAsync(buffer.AsMemory(0, read), cancellation);
        }

        return new OutboundOutcome.Answered((int)response.StatusCode, HeadersOf(response), kept.ToArray());
    }

    private static KeyValuePair<string, string>[] HeadersOf(HttpResponseMessage response) =>
        [.. response.Headers.Concat(response.Content.Headers).Select(h => new KeyValuePair<string, string>(h.Key, string.Join(", ", h.Value)))];

    /// <summary>
    /// Resolves the name itself and connects to the address it has checked: between check and use no second answer of the DNS
    /// can come in. One refused address refuses the name, because a name for both sides is made to get inside.
    /// </summary>
    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellation)
    {
        var end = context.DnsEndPoint;
        var addresses = IPAddress.TryParse(end.Host, out var literal) ? [literal] : await Dns.GetHostAddressesAsync(end.Host, cancellation);
        if (addresses.Length == 0) throw new SocketException((int)SocketError.HostNotFound);
        if (!Array.TrueForAll(addresses, _rules.Allows)) throw new AddressRefusedException();
        for (var i = 0; ; i++)
        {
            var socket = new Socket(addresses[i].AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(new IPEndPoint(addresses[i], end.Port), cancellation);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch (SocketException) when (i < addresses.Length - 1)
            {
                socket.Dispose();
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        }
    }

    private sealed class AddressRefusedException() : IOException("The address may not be reached from here.");
}

public abstract record OutboundOutcome
{
    public sealed record Answered(int Status, IReadOnlyList<KeyValuePair<string, string>> Headers, byte[] Body) : OutboundOutcome;

    /// <param name="Reason">
    /// <c>address-refused</c>, <c>scheme-refused</c>, <c>too-large</c>, <c>too-many-redirects</c>, <c>timeout</c>; <c>unreachable</c> when
    /// there was no connection, so that nothing was sent; <c>broken-off</c> when there was one.
    /// </param>
    public sealed record Refused(string Reason) : OutboundOutcome;
}
