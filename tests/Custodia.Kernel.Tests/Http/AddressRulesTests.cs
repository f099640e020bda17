using System.Net;
using Custodia.Kernel.Http.Outbound;

namespace Custodia.Kernel.Tests.Http;

public sealed class AddressRulesTests
{
    [Theory]
    [InlineData("0.0.0.0")]
    [InlineData("0.1.2.3")]
    [InlineData("10.1.2.3")]
    [InlineData("100.64.0.1")]
    [InlineData("127.0.0.1")]
    [InlineData("127.255.255.254")]
    [InlineData("169.254.169.254")]
    [InlineData("172.16.0.1")]
    [InlineData("172.31.255.255")]
    [InlineData("192.0.0.1")]
    [InlineData("192.0.2.1")]
    [InlineData("192.88.99.1")]
    [InlineData("192.168.1.1")]
    [InlineData("198.18.0.1")]
    [InlineData("198.51.100.1")]
    [InlineData("203.0.113.1")]
    [InlineData("224.0.0.1")]
    [InlineData("240.0.0.1")]
    [InlineData("255.255.255.255")]
    [InlineData("::")]
    [InlineData("::1")]
    [InlineData("::ffff:127.0.0.1")]
    [InlineData("::ffff:10.0.0.1")]
    [InlineData("::127.0.0.1")]
    [InlineData("64:ff9b::7f00:1")]
    [InlineData("64:ff9b::a9fe:a9fe")]
    [InlineData("64:ff9b:1::1")]
    [InlineData("100::1")]
    [InlineData("2001::1")]
    [InlineData("2001:db8::1")]
    [InlineData("2002:7f00:1::1")]
    [InlineData("2002:808:808::1")]
    [InlineData("3fff::1")]
    [InlineData("fc00::1")]
    [InlineData("fd12:3456::1")]
    [InlineData("fe80::1")]
    [InlineData("fe80::1%2")]
    [InlineData("fec0::1")]
    [InlineData("ff02::1")]
    public void Addresses_inside_are_refused(string address) => new AddressRules([]).Allows(IPAddress.Parse(address)).ShouldBeFalse();

    [Theory]
    [InlineData("1.1.1.1")]
    [InlineData("172.32.0.1")]
    [InlineData("100.128.0.1")]
    [InlineData("223.255.255.255")]
    [InlineData("::ffff:8.8.8.8")]
    [InlineData("64:ff9b::808:808")]
    [InlineData("2606:4700:4700::1111")]
    [InlineData("2a00:1450:4001::1")]
    public void Public_addresses_are_allowed(string address) => new AddressRules([]).Allows(IPAddress.Parse(address)).ShouldBeTrue();

    [Fact]
    public void Listed_networks_are_allowed_however_their_addresses_are_written()
    {
        var rules = new AddressRules(["127.0.0.0/8", "fd12::/16", "10.1.2.3"]);
        rules.Allows(IPAddress.Parse("127.0.0.5")).ShouldBeTrue();
        rules.Allows(IPAddress.Parse("::ffff:127.0.0.5")).ShouldBeTrue();
        rules.Allows(IPAddress.Parse("fd12::1")).ShouldBeTrue();
        rules.Allows(IPAddress.Parse("10.1.2.3")).ShouldBeTrue();
        rules.Allows(IPAddress.Parse("10.1.2.4")).ShouldBeFalse();
        rules.Allows(IPAddress.Parse("::1")).ShouldBeFalse();
    }
}
