using System.Collections.Concurrent;
using Custodia.Kernel.Hosting;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Custodia.Identity.Protocol;

/// <summary>A directory as clients see it: an OpenID Connect issuer.</summary>
/// <param name="Account">The account's <c>uin</c>.</param>
/// <param name="Name">The directory's name.</param>
/// <param name="Url">Issuer identifier, <c>{PublicUrl}/d/{directory}</c>: no trailing slash, compared as text.</param>
/// <param name="ApiAudience">Audience of tokens for the server's own API.</param>
internal sealed record Issuer(Guid DirectoryId, long Account, string Name, bool IsStaff, string Url, string ApiAudience)
{
    /// <summary>Local path of one of the issuer's endpoints, e.g. <c>/d/customers/token</c>.</summary>
    public string Path(string endpoint) => $"/d/{Name}/{endpoint}";

    public string Address(string endpoint) => $"{Url}/{endpoint}";
}

/// <summary>Finds issuers by directory name. Name, account and kind of a directory never change, so they are remembered.</summary>
internal sealed class Issuers(IServiceScopeFactory scopes, IOptions<CustodiaOptions> options)
{
    private readonly ConcurrentDictionary<string, Issuer> _known = new(StringComparer.Ordinal);

    public string ApiAudience => options.Value.PublicUrl + "/api";

    /// <summary>Whether a token with this audience would be for the server's own API or for one of its issuers.</summary>
    public bool IsOurs(string audience) =>
        audience.TrimEnd('/').Equals(ApiAudience, StringComparison.OrdinalIgnoreCase)
        || audience.StartsWith(options.Value.PublicUrl + "/d/", StringComparison.OrdinalIgnoreCase);

    public ValueTask<Issuer?> FindAsync(string? directory, CancellationToken cancellation)
    {
        if (directory is null or { Length: 0 or > Directories.Directory.MaxName }) return new ValueTask<Issuer?>((Issuer?)null);
        if (_known.TryGetValue(directory, out var issuer)) return new ValueTask<Issuer?>(issuer);
        // A forged token may name an issuer with characters that PostgreSQL refuses.
        return Scopes.IsToken(directory) ? new ValueTask<Issuer?>(LoadAsync(directory, cancellation)) : new ValueTask<Issuer?>((Issuer?)null);
    }

    /// <summary>The issuer whose identifier this is.</summary>
    public ValueTask<Issuer?> FindByUrlAsync(string? url, CancellationToken cancellation)
    {
        var prefix = options.Value.PublicUrl + "/d/";
        return url is not null && url.StartsWith(prefix, StringComparison.Ordinal)
            ? FindAsync(url[prefix.Length..], cancellation)
            : new ValueTask<Issuer?>((Issuer?)null);
    }

    private async Task<Issuer?> LoadAsync(string name, CancellationToken cancellation)
    {
        await using var scope = scopes.CreateAsyncScope();
        var context = scope.ServiceProvider.GetRequiredService<IdentityContext>();
        var directory = await context.Directories.AsNoTracking().SingleOrDefaultAsync(d => d.Name == name, cancellation);
        if (directory is null) return null;
        var issuer = new Issuer(directory.Id, directory.Account, directory.Name, directory.IsStaff, $"{options.Value.PublicUrl}/d/{name}", ApiAudience);
        _known[name] = issuer;
        return issuer;
    }
}
