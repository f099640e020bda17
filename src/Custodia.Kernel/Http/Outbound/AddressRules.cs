using System.Net;
using System.Net.Sockets;

namespace Custodia.Kernel.Http.Outbound;

/// <summary>
/// Which addresses an outbound call may reach: public unicast ones, after looking through every way of writing an IPv4 address
/// inside an IPv6 one. Ranges are those of the IANA special-purpose registries (RFC 6890 and its updates).
/// </summary>
internal sealed class AddressRules(IEnumerable<string> allowedPrivateNetworks)
{
    private static readonly IPNetwork[] Refused4 =
    [
        .. new[]
        {
            "0.0.0.0/8",        // this network
            "10.0.0.0/8",       // private
            "100.64.0.0/10",    // carrier-grade NAT
            "127.0.0.0/8",      // loopback
            "169.254.0.0/16",   // link-local, cloud metadata
            "172.16.0.0/12",    // private
            "192.0.0.0/24",     // protocol assignments
            "192.0.2.0/24",     // documentation
            "192.88.99.0/24",   // 6to4 relays
            "192.168.0.0/16",   // private
            "198.18.0.0/15",    // benchmarking
            "198.51.100.0/24",  // documentation
            "203.0.113.0/24",   // documentation
            "224.0.0.0/4",      // multicast
            "240.0.0.0/4",      // reserved, broadcast
        }.Select(IPNetwork.Parse),
    ];

    private static readonly IPNetwork[] Refused6 =
    [
        .. new[]
        {
            "2001::/23",        // protocol assignments: Teredo, ORCHID, benchmarking
            "2001:db8::/32",    // documentation
            "2002::/16",        // 6to4
            "3fff::/20",        // documentation
        }.Select(IPNetwork.Parse),
    ];

    private static readonly IPNetwork Global6 = IPNetwork.Parse("2000::/3");
    private static readonly IPNetwork Nat64 = IPNetwork.Parse("64:ff9b::/96");

    private readonly IPNetwork[] _allowed = [.. allowedPrivateNetworks.Select(NetworkRanges.Parse)];

    public bool Allows(IPAddress address)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        if (plain.AddressFamily == AddressFamily.InterNetworkV6 && plain.ScopeId != 0) plain = new IPAddress(plain.GetAddressBytes());
        return Array.Exists(_allowed, n => n.Contains(plain)) || IsPublic(plain);
    }

    private static bool IsPublic(IPAddress address)
    {
        if (address.AddressFamily == AddressFamily.InterNetwork) return !Array.Exists(Refused4, n => n.Contains(address));
        if (address.AddressFamily != AddressFamily.InterNetworkV6) return false;
        // RFC 6052: hosts with IPv6 only reach IPv4 this way; the address that counts is the last four bytes.
        if (Nat64.Contains(address)) return IsPublic(new IPAddress(address.GetAddressBytes().AsSpan(12)));
        return Global6.Contains(address) && !Array.Exists(Refused6, n => n.Contains(address));
    }
}
