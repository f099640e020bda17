using System.Collections.Frozen;
using System.Reflection;
using System.Security.Cryptography;

namespace Custodia.Console;

/// <summary>
/// The styles, scripts and data files of all pages. They are embedded in this assembly; each has an address that
/// contains a fingerprint of its content, so browsers may keep it for ever.
/// </summary>
/// <example><code>&lt;link rel="stylesheet" href="@LookAssets.Url("console.css")"&gt;</code></example>
public static class LookAssets
{
    /// <summary>The first segment of every asset's path.</summary>
    public const string PathPrefix = "/assets";

    private const string AssetPrefix = "asset/";
    private const string LookPrefix = "look/";
    private static readonly FrozenDictionary<string, Asset> ByName = Load();

    /// <summary>The path of an asset with its fingerprint, for example <c>/assets/3f2a…/console.css</c>.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <exception cref="ArgumentException">There is no such asset; a mistake in the page.</exception>
    public static string Url(string name) =>
        ByName.TryGetValue(name, out var asset)
            ? asset.Path
            : throw new ArgumentException($"No asset is called '{name}'.", nameof(name));

    /// <summary>The names of all assets.</summary>
    public static IReadOnlyCollection<string> Names => ByName.Keys;

    internal static Asset? Find(string fingerprint, string name) =>
        ByName.TryGetValue(name, out var asset) && asset.Fingerprint == fingerprint ? asset : null;

    private static FrozenDictionary<string, Asset> Load()
    {
        var assembly = typeof(LookAssets).Assembly;
        var names = assembly.GetManifestResourceNames();
        var single = names
            .Where(n => n.StartsWith(AssetPrefix, StringComparison.Ordinal))
            .Select(n => new Asset(n[AssetPrefix.Length..], [n]));
        var look = names.Where(n => n.StartsWith(LookPrefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal);
        return single.Append(new Asset("console.css", [.. look])).ToFrozenDictionary(a => a.Name, StringComparer.Ordinal);
    }
}

/// <summary>One embedded file, or several joined into one.</summary>
internal sealed class Asset
{
    private static readonly Assembly Source = typeof(Asset).Assembly;
    private readonly string[] _resources;
    private readonly Lazy<byte[]> _brotli;
    private readonly Lazy<byte[]> _gzip;

    public Asset(string name, string[] resources)
    {
        Name = name;
        _resources = resources;
        ContentType = ContentTypeOf(name);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> chunk = stackalloc byte[8192];
        foreach (var resource in resources)
        {
            using var stream = Open(resource);
            Length += stream.Length;
            for (int read; (read = stream.Read(chunk)) > 0;)
                hash.AppendData(chunk[..read]);
        }

        Fingerprint = Convert.ToHexStringLower(hash.GetHashAndReset())[..16];
        Path = $"{LookAssets.PathPrefix}/{Fingerprint}/{name}";
        _brotli = new(() => Compressed.Brotli(CopyTo));
        _gzip = new(() => Compressed.Gzip(CopyTo));
    }

    public string Name { get; }

    public string Fingerprint { get; }

    public string Path { get; }

    public string ContentType { get; }

    public long Length { get; }

    /// <summary>Made at the first request that accepts it, then kept.</summary>
    public ReadOnlyMemory<byte> Brotli => _brotli.Value;

    /// <summary>Made at the first request that accepts it, then kept.</summary>
    public ReadOnlyMemory<byte> Gzip => _gzip.Value;

    public void CopyTo(Stream target)
    {
        foreach (var resource in _resources)
        {
            using var stream = Open(resource);
            stream.CopyTo(target);
        }
    }

    public async Task CopyToAsync(Stream target, CancellationToken cancellation)
    {
        foreach (var resource in _resources)
        {
            await using var stream = Open(resource);
            await stream.CopyToAsync(target, cancellation);
        }
    }

    private static Stream Open(string resource) =>
        Source.GetManifestResourceStream(resource) ?? throw new InvalidOperationException($"'{resource}' is not embedded.");

    private static string ContentTypeOf(string name) => System.IO.Path.GetExtension(name) switch
    {
        ".css" => "text/css; charset=utf-8",
        ".js" => "text/javascript; charset=utf-8",
        ".json" => "application/json; charset=utf-8",
        ".svg" => "image/svg+xml",
        var other => throw new InvalidOperationException($"No content type is known for '{other}' files."),
    };
}
