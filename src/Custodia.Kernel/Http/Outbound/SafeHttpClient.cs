namespace Custodia.Kernel.Http.Outbound;

/// <summary>
/// The one way out. Refuses private, loopback, link-local, multicast and reserved addresses (IPv4, IPv6, mapped) at connect time,
/// so also after redirects and DNS changes, unless <c>Custodia:Http:AllowedPrivateNetworks</c> lists them; only http and https,
/// at most 5 redirects followed by hand and credentials dropped when the host changes; response bodies bounded.
/// </summary>
public sealed class SafeHttpClient
{
    /// <summary>Sends a request and reads the answer up to <paramref name="maxBytes"/>.</summary>
    /// <param name="timeout">1 s to 5 minutes for the whole call.</param>
    public Task<OutboundOutcome> SendAsync(HttpRequestMessage request, TimeSpan timeout, int maxBytes, CancellationToken cancellation) => throw new NotImplementedException();
}

public abstract record OutboundOutcome
{
    public sealed record Answered(int Status, IReadOnlyList<KeyValuePair<string, string>> Headers, byte[] Body) : OutboundOutcome;

    /// <param name="Reason"><c>address-refused</c>, <c>scheme-refused</c>, <c>too-large</c>, <c>too-many-redirects</c>, <c>timeout</c>, <c>unreachable</c>.</param>
    public sealed record Refused(string Reason) : OutboundOutcome;
}
