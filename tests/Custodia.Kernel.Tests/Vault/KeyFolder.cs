using Custodia.Kernel.Hosting;
using Custodia.Kernel.Vault;

namespace Custodia.Kernel.Tests.Vault;

/// <summary>A data folder of its own, with as many key rings over it as a test opens.</summary>
internal sealed class KeyFolder : IAsyncDisposable
{
    private readonly List<KeyRing> _rings = [];

    public KeyFolder() => Layout = new DataLayout(new CustodiaOptions { DataDirectory = Directory.CreateTempSubdirectory("custodia-keys-").FullName });

    public DataLayout Layout { get; }

    public string RootFile => Path.Combine(Layout.Keys, "root.key");

    public string Database => Path.Combine(Layout.Keys, "keys.db");

    public KeyRing Open(KeyOptions? options = null)
    {
        var ring = new KeyRing(Layout, options ?? new KeyOptions(), TimeProvider.System);
        _rings.Add(ring);
        return ring;
    }

    public async Task CloseAsync()
    {
        foreach (var ring in _rings) await ring.DisposeAsync();
        _rings.Clear();
    }

    /// <summary>Every byte of every file of the key folder.</summary>
    public byte[] AllBytes()
    {
        using var all = new MemoryStream();
        foreach (var file in Directory.EnumerateFiles(Layout.Keys, "*", SearchOption.AllDirectories))
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            stream.CopyTo(all);
        }

        return all.ToArray();
    }

    public Dictionary<string, byte[]> WrappedKeys()
    {
        using var store = KeyStore.Open(Layout.Keys);
        return store.List("SELECT id, wrapped FROM keys WHERE destroyed = 0", static row => (row.GetString(0), row.GetFieldValue<byte[]>(1))).ToDictionary();
    }

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        Directory.Delete(Layout.Root, recursive: true);
    }
}
