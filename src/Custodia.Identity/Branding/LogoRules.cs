using System.Xml;
using Custodia.Console;

namespace Custodia.Identity.Branding;

/// <summary>
/// What may be a logo: an image that is what it says it is. Pages show it as an image only and their Content-Security-Policy runs
/// nothing of it; an SVG with scripts, handlers or references is refused all the same, because people open and save images.
/// </summary>
internal static class LogoRules
{
    private const int MaxText = 65_536;
    private const string Base64 = ";base64,";

    private static readonly Dictionary<string, Func<byte[], bool>> Kinds = new(StringComparer.Ordinal)
    {
        ["data:image/png"] = content => content.AsSpan().StartsWith((ReadOnlySpan<byte>)[0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]),
        ["data:image/jpeg"] = content => content.AsSpan().StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF]),
        ["data:image/gif"] = content => content.AsSpan().StartsWith("GIF8"u8),
        ["data:image/webp"] = content => content.Length > 12 && content.AsSpan().StartsWith("RIFF"u8) && content.AsSpan(8).StartsWith("WEBP"u8),
        ["data:image/svg+xml"] = IsStillSvg,
    };

    private static readonly HashSet<string> Active = new(StringComparer.OrdinalIgnoreCase) { "script", "foreignObject", "iframe", "embed", "object", "handler", "listener", "a" };

    /// <param name="logo">A data: address with base64, or a path on this server.</param>
    public static bool IsLogo(string logo)
    {
        if (logo.Length > MaxText) return false;
        if (LocalPath.IsLocal(logo)) return true;
        var at = logo.IndexOf(Base64, StringComparison.Ordinal);
        if (at < 0 || !Kinds.TryGetValue(logo[..at], out var isOfKind)) return false;
        var buffer = new byte[logo.Length];
        return Convert.TryFromBase64String(logo[(at + Base64.Length)..], buffer, out var length) && length > 0 && isOfKind(buffer[..length]);
    }

    private static bool IsStillSvg(byte[] content)
    {
        var settings = new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, MaxCharactersInDocument = MaxText };
        try
        {
            using var reader = XmlReader.Create(new System.IO.MemoryStream(content), settings);
            if (reader.MoveToContent() != XmlNodeType.Element || reader.LocalName != "svg") return false;
            do
            {
                if (reader.NodeType == XmlNodeType.ProcessingInstruction || (reader.NodeType == XmlNodeType.Element && !IsStill(reader))) return false;
            }
            while (reader.Read());
            return true;
        }
        catch (XmlException)
        {
            return false;
        }
    }

    private static bool IsStill(XmlReader element)
    {
        if (Active.Contains(element.LocalName)) return false;
        var still = true;
        while (element.MoveToNextAttribute()) still &= IsStill(element.LocalName, element.Value);
        element.MoveToElement();
        return still;
    }

    // No event handlers; references within the image only, or to a picture in it.
    private static bool IsStill(string attribute, string value) =>
        !attribute.StartsWith("on", StringComparison.OrdinalIgnoreCase)
        && (!attribute.Equals("href", StringComparison.OrdinalIgnoreCase) || value.StartsWith('#') || value.StartsWith("data:image/png", StringComparison.Ordinal) || value.StartsWith("data:image/jpeg", StringComparison.Ordinal));
}
