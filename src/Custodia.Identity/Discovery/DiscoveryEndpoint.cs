using Custodia.Identity.Branding;
using Custodia.Identity.Keys;
using Custodia.Identity.Protocol;
using Custodia.Kernel.Http;
using Microsoft.AspNetCore.Http;

namespace Custodia.Identity.Discovery;

/// <summary>What clients read first: metadata (OpenID Connect Discovery section 3, RFC 8414) and keys (RFC 7517).</summary>
internal static class DiscoveryEndpoint
{
    private const string ForAnHour = "public, max-age=3600";

    public static async Task<IResult> MetadataAsync(string directory, HttpContext http, Issuers issuers, Brandings brandings, CancellationToken cancellation)
    {
        if (await issuers.FindAsync(directory, cancellation) is not { } issuer) return Problem.NotFound("directory");
        http.Response.Headers.CacheControl = ForAnHour;
        return Results.Json(ProviderMetadata.Of(issuer, await brandings.FrontAsync(issuer.DirectoryId, cancellation)), ProviderMetadataJson.Default.ProviderMetadata);
    }

    public static async Task<IResult> KeysAsync(string directory, HttpContext http, Issuers issuers, KeyRings rings, CancellationToken cancellation)
    {
        if (await issuers.FindAsync(directory, cancellation) is not { } issuer) return Problem.NotFound("directory");
        var ring = await rings.GetAsync(issuer, cancellation);
        http.Response.Headers.CacheControl = ForAnHour;
        return Results.Bytes(ring.JsonWebKeySet, "application/jwk-set+json");
    }
}
