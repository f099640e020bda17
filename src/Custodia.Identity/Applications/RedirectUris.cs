using System.Net;
using Microsoft.AspNetCore.WebUtilities;

namespace Custodia.Identity.Applications;

/// <summary>Which redirect URIs may be registered, and when a requested one is the registered one.</summary>
internal static class RedirectUris
{
    public const int MaxLength = 2048;

    /// <summary>
    /// The registered URI that the requested one matches: exactly, as text (RFC 9700 section 2.1); for native applications an
    /// IP loopback address matches on any port (RFC 8252 section 7.3).
    /// </summary>
    public static bool IsRegistered(ApplicationModel application, string requested)
    {
        foreach (var registered in application.RedirectUris)
        {
            if (registered == requested) return true;
            if (application.Kind == ApplicationKind.Native && IsSameLoopback(registered, requested)) return true;
        }

        return false;
    }

    /// <summary>
    /// Whether an answer sent there reaches the application and no other: a host proves itself, whereas on the person's own device
    /// any program can take a private-use scheme or a loopback port (RFC 8252 sections 8.4, 8.6).
    /// </summary>
    public static bool ReachesOnly(ApplicationModel application, string redirectUri) =>
        application.Kind != ApplicationKind.Native || redirectUri.StartsWith("https:", StringComparison.Ordinal);

    /// <summary>The rule that a URI breaks for this kind of application; null when it may be registered.</summary>
    public static string? Fault(ApplicationKind kind, string text)
    {
        if (text.Length > MaxLength) return $"at most {MaxLength} characters";
        if (text.AsSpan().ContainsAnyExceptInRange('\x21', '\x7e')) return "visible ASCII characters only";
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri)) return "an absolute URI";
        // RFC 6749 section 3.1.2: no fragment.
        if (uri.Fragment.Length > 0 || text.Contains('#')) return "no fragment";
        if (uri.UserInfo.Length > 0) return "no user information";
        if (uri.Scheme == Uri.UriSchemeHttps) return uri.Host.Length > 0 ? null : "a host";
        if (uri.Scheme == Uri.UriSchemeHttp)
        {
            // Plain http only on the machine itself; anything else lets the network read codes.
            return uri.IsLoopback ? null : "https (http only for loopback addresses)";
        }

        // RFC 8252 section 7.1: private-use schemes are reverse domain names, so they contain a period.
        return kind == ApplicationKind.Native && uri.Scheme.Contains('.') ? null : "https, or a private-use scheme with a period for native applications";
    }

    /// <summary>An answer must not hold a parameter twice (RFC 6749 section 3.1), so the address brings none that an answer has.</summary>
    public static string? AnswerFault(string text)
    {
        var query = text.IndexOf('?', StringComparison.Ordinal);
        if (query < 0) return null;
        foreach (var pair in new QueryStringEnumerable(text.AsMemory(query)))
        {
            if (pair.DecodeName().Span is "code" or "state" or "iss" or "error" or "error_description" or "error_uri" or "response")
                return "no parameter that an answer has: code, state, iss, error, response";
        }

        return null;
    }

    private static bool IsSameLoopback(string registered, string requested) =>
        Uri.TryCreate(registered, UriKind.Absolute, out var one)
        && Uri.TryCreate(requested, UriKind.Absolute, out var other)
        && one.Scheme == Uri.UriSchemeHttp
        && other.Scheme == Uri.UriSchemeHttp
        && IPAddress.TryParse(one.Host.Trim('[', ']'), out var address)
        && IPAddress.IsLoopback(address)
        && WithoutPort(registered, one) is { } left
        && WithoutPort(requested, other) is { } right
        && left == right;

    // Cuts the port out of the text itself, so that nothing else is normalised away.
    private static string? WithoutPort(string text, Uri uri)
    {
        const string Prefix = "http://";
        if (!text.StartsWith(Prefix, StringComparison.Ordinal) || uri.UserInfo.Length > 0 || uri.Fragment.Length > 0) return null;
        var end = text.AsSpan(Prefix.Length).IndexOfAny('/', '?');
        var authority = end < 0 ? text[Prefix.Length..] : text.Substring(Prefix.Length, end);
        var host = authority.StartsWith('[') ? authority[..(authority.IndexOf(']') + 1)] : authority.Split(':')[0];
        var port = authority[host.Length..];
        if (port.Length > 0 && (port[0] != ':' || !ushort.TryParse(port.AsSpan(1), out _))) return null;
        return Prefix + host + (end < 0 ? "" : text[(Prefix.Length + end)..]);
    }
}
