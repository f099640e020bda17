using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Custodia.Console;

/// <summary>
/// The Content-Security-Policy and the other security headers of every response. No inline script, no inline style, no
/// eval: pages load everything from <see cref="LookAssets"/>.
/// </summary>
public static class SecurityHeaders
{
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; " +
        "connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'";

    private const string Permissions =
        "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), microphone=(), midi=(), " +
        "payment=(), usb=(), publickey-credentials-create=(self), publickey-credentials-get=(self)";

    private static readonly object FormActionKey = new();
    private static readonly object FramesKey = new();

    /// <summary>
    /// Adds the headers to every response. Put it first, so that error responses carry them too. Headers are set when
    /// the response starts; one that an endpoint has set itself is left alone.
    /// </summary>
    /// <example><code>app.UseSecurityHeaders();</code></example>
    public static IApplicationBuilder UseSecurityHeaders(this IApplicationBuilder app) =>
        app.Use(static (context, next) =>
        {
            context.Response.OnStarting(static state => Write((HttpContext)state), context);
            return next(context);
        });

    /// <summary>
    /// Allows forms of this response's page to end at another origin. Chromium applies form-action to the redirects
    /// that follow a post (CSP 3, section 6.4.2), so a sign-in form needs the origin of the application's redirect
    /// address; other pages never call this.
    /// </summary>
    /// <param name="context">The request whose response shows the form.</param>
    /// <param name="target">An absolute address; only its origin, or for a private scheme of a native application its scheme, goes into the policy.</param>
    /// <exception cref="ArgumentException"><paramref name="target"/> is relative.</exception>
    /// <example><code>SecurityHeaders.AllowFormAction(http, new Uri(request.RedirectUri));</code></example>
    public static void AllowFormAction(HttpContext context, Uri target)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(target);
        if (!target.IsAbsoluteUri)
            throw new ArgumentException("Only an absolute address has an origin.", nameof(target));
        // Built from parts, so that a user part or an internationalised host cannot put free text into the header.
        var source = target.Scheme is "https" or "http"
            ? $"{target.Scheme}://{(target.HostNameType == UriHostNameType.IPv6 ? target.Host : target.IdnHost)}{(target.IsDefaultPort ? "" : ":" + target.Port)}"
            : target.Scheme + ":";
        context.Items[FormActionKey] = context.Items[FormActionKey] is string before ? $"{before} {source}" : source;
    }

    /// <summary>
    /// Lets this response's page show pages of this server in frames. A framed page needs a policy of its own with
    /// <c>frame-ancestors 'self'</c>.
    /// </summary>
    /// <example><code>SecurityHeaders.AllowFrames(http);</code></example>
    public static void AllowFrames(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        context.Items[FramesKey] = true;
    }

    private static Task Write(HttpContext context)
    {
        var headers = context.Response.Headers;
        if (headers.ContentSecurityPolicy.Count == 0)
        {
            var policy = context.Items[FormActionKey] is string extra ? $"{Policy} {extra}" : Policy;
            headers.ContentSecurityPolicy = context.Items.ContainsKey(FramesKey) ? $"{policy}; frame-src 'self'" : policy;
        }

        headers.XContentTypeOptions = "nosniff";
        headers.TryAdd("Referrer-Policy", "same-origin");
        headers.TryAdd("Permissions-Policy", Permissions);
        headers.TryAdd("Cross-Origin-Opener-Policy", "same-origin");
        // Pages hold personal data: neither browsers nor proxies keep one unless its endpoint says otherwise.
        if (headers.CacheControl.Count == 0 && headers.ContentType.ToString().StartsWith("text/html", StringComparison.Ordinal))
            headers.CacheControl = "no-store";
        // Speaks to a script of the framework that these pages do not load.
        headers.Remove("blazor-enhanced-nav");
        return Task.CompletedTask;
    }
}
