using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace Custodia.Console;

/// <summary>Serves <see cref="LookAssets"/>.</summary>
public static class AssetEndpoints
{
    private const string Immutable = "public, max-age=31536000, immutable";
    private static readonly string[] Methods = [HttpMethods.Get, HttpMethods.Head];

    /// <summary>
    /// Maps <c>/assets/{fingerprint}/{name}</c>, the style sheets of directories' colours, and the forms that switch
    /// language and theme. None of them needs a session.
    /// </summary>
    /// <example><code>app.MapConsoleAssets();</code></example>
    public static IEndpointRouteBuilder MapConsoleAssets(this IEndpointRouteBuilder app)
    {
        var assets = app.MapGroup(LookAssets.PathPrefix).ExcludeFromDescription();
        assets.MapMethods("/brand/{colour:length(6)}.css", Methods, (string colour, HttpContext http) => BrandStyle(colour, "", http));
        assets.MapMethods("/brand/preview/{colour:length(6)}.css", Methods, (string colour, HttpContext http) => BrandStyle(colour, ".brand-preview", http));
        assets.MapMethods("/{fingerprint:length(16)}/{name}", Methods, ServeAsync);
        app.MapMethods("/favicon.ico", Methods, Favicon).ExcludeFromDescription();
        app.MapDisplaySwitches();
        return app;
    }

    private static async Task ServeAsync(string fingerprint, string name, HttpContext http)
    {
        if (LookAssets.Find(fingerprint, name) is not { } asset)
        {
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        var response = http.Response;
        var encoding = Negotiate(http.Request.Headers.AcceptEncoding);
        response.Headers.CacheControl = Immutable;
        response.Headers.Vary = HeaderNames.AcceptEncoding;
        response.Headers.ETag = encoding is null ? $"\"{asset.Fingerprint}\"" : $"\"{asset.Fingerprint}-{encoding}\"";
        if (http.Request.Headers.IfNoneMatch.Any(held => held?.Contains(asset.Fingerprint, StringComparison.Ordinal) == true))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        response.ContentType = asset.ContentType;
        if (encoding is null)
        {
            response.ContentLength = asset.Length;
            if (!HttpMethods.IsHead(http.Request.Method))
                await asset.CopyToAsync(response.Body, http.RequestAborted);
            return;
        }

        var body = encoding == "br" ? asset.Brotli : asset.Gzip;
        response.Headers.ContentEncoding = encoding;
        response.ContentLength = body.Length;
        if (!HttpMethods.IsHead(http.Request.Method))
            await response.Body.WriteAsync(body, http.RequestAborted);
    }

    private static IResult BrandStyle(string colour, string scope, HttpContext http)
    {
        if (!int.TryParse(colour, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var rgb))
            return Results.NotFound();
        http.Response.Headers.CacheControl = Immutable;
        return Results.Text(BrandColour.StyleSheet(rgb, scope), "text/css; charset=utf-8");
    }

    // Browsers ask for this path where a page names no icon, for example on a problem document.
    private static IResult Favicon() => Results.Redirect(LookAssets.Url("favicon.svg"));

    private static string? Negotiate(StringValues accepted)
    {
        if (!StringWithQualityHeaderValue.TryParseList(accepted, out var list))
            return null;
        return Accepts(list, "br") ? "br" : Accepts(list, "gzip") ? "gzip" : null;
    }

    private static bool Accepts(IList<StringWithQualityHeaderValue> list, string encoding) =>
        list.Any(v => v.Value.Equals(encoding, StringComparison.OrdinalIgnoreCase) && v.Quality is not <= 0);
}
