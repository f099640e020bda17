using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Custodia.Kernel.Policy;

namespace Custodia.Kernel.Vault;

/// <summary>What is shown of a value to somebody who may not see it. A value that does not look like its kind is hidden whole.</summary>
internal static class Mask
{
    public const string Hidden = "•••";

    public static string Of(string value, MaskKind kind) => kind switch
    {
        MaskKind.Email => Email(value.Trim()),
        MaskKind.Mobile => Mobile(Normalise.Mobile(value)),
        MaskKind.Name => Name(value.Trim()),
        MaskKind.Ip => Ip(value.Trim()),
        _ => Hidden,
    };

    /// <summary><c>alice@example.com</c> is <c>a***@example.com</c>.</summary>
    private static string Email(string value)
    {
        var at = value.LastIndexOf('@');
        return at > 0 && at < value.Length - 1 ? $"{First(value)}***{value[at..]}" : Hidden;
    }

    /// <summary>Keeps the last four digits of nine or more, the last two of five or more.</summary>
    private static string Mobile(string digits) => digits.TrimStart('+').Length switch
    {
        >= 9 => $"***{digits[^4..]}",
        >= 5 => $"***{digits[^2..]}",
        _ => Hidden,
    };

    /// <summary><c>Alice</c> is <c>A***</c>, <c>王小明</c> is <c>王***</c>.</summary>
    private static string Name(string value) => value.Length > 0 ? $"{First(value)}***" : Hidden;

    /// <summary>Keeps the first 24 bits of IPv4 (<c>203.0.113.*</c>) and the first 48 of IPv6 (<c>2001:db8:85a3::*</c>).</summary>
    private static string Ip(string value)
    {
        if (!IPAddress.TryParse(value, out var address)) return Hidden;
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        var bytes = address.GetAddressBytes();
        return address.AddressFamily == AddressFamily.InterNetwork
            ? $"{bytes[0]}.{bytes[1]}.{bytes[2]}.*"
            : string.Create(CultureInfo.InvariantCulture, $"{(bytes[0] << 8) | bytes[1]:x}:{(bytes[2] << 8) | bytes[3]:x}:{(bytes[4] << 8) | bytes[5]:x}::*");
    }

    /// <summary>The first character as a person sees it (a letter with its accents, an emoji).</summary>
    private static string First(string value) => value[..StringInfo.GetNextTextElementLength(value)];
}
