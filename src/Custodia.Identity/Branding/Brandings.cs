using System.Collections.Concurrent;
using Custodia.Console;
using Custodia.Identity.Directories;
using Custodia.Kernel.Hosting;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Directory = Custodia.Identity.Directories.Directory;

namespace Custodia.Identity.Branding;

/// <summary>
/// The look of every directory, which all of its pages need. Kept in memory for half a minute: that is how long another process of
/// the same server may show the look of before.
/// </summary>
internal sealed class Brandings(IServiceScopeFactory scopes, IOptions<CustodiaOptions> options, TimeProvider time)
{
    private const int Capacity = 10_000;

    private static readonly TimeSpan Life = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<Guid, Kept> _kept = new();

    /// <summary>The directory's look; null when it has the product's own.</summary>
    public ValueTask<DirectoryBranding?> FindAsync(Guid directory, CancellationToken cancellation) =>
        _kept.TryGetValue(directory, out var kept) && kept.Until > time.GetUtcNow()
            ? new ValueTask<DirectoryBranding?>(kept.Branding)
            : new ValueTask<DirectoryBranding?>(LoadAsync(directory, cancellation));

    /// <summary>What layouts put around a page of the directory, in the language of the request.</summary>
    public async ValueTask<Brand> BrandAsync(Directory directory, CancellationToken cancellation) =>
        BrandOf(directory, await FindAsync(directory.Id, cancellation));

    /// <summary>The same for a look that is not stored yet.</summary>
    public static Brand BrandOf(Directory directory, DirectoryBranding? branding)
    {
        var title = directory.TitleNow();
        if (branding is null) return new Brand(title);
        var chinese = System.Globalization.CultureInfo.CurrentUICulture.TwoLetterISOLanguageName == "zh";
        return new Brand(title, branding.Logo, branding.Colour) { Lead = (chinese ? branding.LeadZh : null) ?? branding.Lead, Links = [.. LinksOf(branding)] };
    }

    /// <summary>
    /// The base of the addresses that people's browsers open: the directory's own domain, else the server's. The issuer and what
    /// applications call stay where they are, so that no token changes its issuer with a domain.
    /// </summary>
    public async ValueTask<string> FrontAsync(Guid directory, CancellationToken cancellation)
    {
        var url = options.Value.PublicUrl;
        return await FindAsync(directory, cancellation) is { CustomDomain: { } domain } ? $"{url[..url.IndexOf(':', StringComparison.Ordinal)]}://{domain}" : url;
    }

    public void Forget(Guid directory) => _kept.TryRemove(directory, out _);

    private static IEnumerable<NavLink> LinksOf(DirectoryBranding branding)
    {
        if (branding.SupportAddress is { } support) yield return new NavLink(BrandingTexts.Of("Support"), support);
        if (branding.TermsAddress is { } terms) yield return new NavLink(BrandingTexts.Of("Terms"), terms);
        if (branding.PrivacyAddress is { } privacy) yield return new NavLink(BrandingTexts.Of("Privacy"), privacy);
    }

    private async Task<DirectoryBranding?> LoadAsync(Guid directory, CancellationToken cancellation)
    {
        await using var scope = scopes.CreateAsyncScope();
        var found = await scope.ServiceProvider.GetRequiredService<IdentityContext>().Brandings.AsNoTracking()
            .SingleOrDefaultAsync(b => b.DirectoryId == directory, cancellation);
        if (_kept.Count >= Capacity) _kept.Clear();
        _kept[directory] = new Kept(found, time.GetUtcNow() + Life);
        return found;
    }

    private sealed record Kept(DirectoryBranding? Branding, DateTimeOffset Until);
}
