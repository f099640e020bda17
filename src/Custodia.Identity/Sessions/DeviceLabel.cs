namespace Custodia.Identity.Sessions;

/// <summary>A browser and system as a person recognises them, from the User-Agent header; nothing finer, so no fingerprint.</summary>
internal static class DeviceLabel
{
    // Order matters: every browser claims to be the ones before it.
    private static readonly (string Mark, string Name)[] Browsers =
        [("Edg/", "Edge"), ("OPR/", "Opera"), ("MicroMessenger", "WeChat"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"), ("curl/", "curl")];

    private static readonly (string Mark, string Name)[] Systems =
        [("Windows", "Windows"), ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Mac OS X", "macOS"), ("CrOS", "ChromeOS"), ("Linux", "Linux")];

    public static string Of(string? userAgent)
    {
        var text = userAgent is { Length: > 400 } ? userAgent[..400] : userAgent ?? "";
        var browser = Named(Browsers, text);
        var system = Named(Systems, text);
        return (browser, system) switch
        {
            (null, null) => "?",
            (null, _) => system,
            (_, null) => browser,
            _ => $"{browser}, {system}",
        };
    }

    private static string? Named((string Mark, string Name)[] known, string text) =>
        Array.Find(known, k => text.Contains(k.Mark, StringComparison.Ordinal)).Name;
}
