using System.Net;
using Custodia.Identity.Statistics;

namespace Custodia.Identity.Tests.People;

public sealed class CountryTableTests
{
    private static readonly CountryTable Table = new();

    [Theory]
    [InlineData("8.8.8.8", "US")]
    [InlineData("114.114.114.114", "CN")]
    [InlineData("194.25.0.60", "DE")]
    [InlineData("2001:4860:4860::8888", "US")]
    [InlineData("::ffff:8.8.8.8", "US")]
    [InlineData("127.0.0.1", null)]
    [InlineData("10.1.2.3", null)]
    [InlineData("::1", null)]
    [InlineData("fd00::1", null)]
    [InlineData("255.255.255.255", null)]
    public void An_address_belongs_to_a_country_or_to_none(string address, string? country) =>
        Table.Of(IPAddress.Parse(address)).ShouldBe(country);
}
