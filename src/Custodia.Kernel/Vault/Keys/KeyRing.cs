using System.Security.Cryptography;
using Custodia.Kernel.Hosting;
using Microsoft.Extensions.Options;

namespace Custodia.Kernel.Vault;

/// <summary>
/// All keys of the server: root → account → subject, record, segment, index. A key that was used lately is ready in a bounded cache,
/// and renting it then does no I/O and makes no garbage. A key that is destroyed is never made again.
/// <code>
/// using var key = await ring.RentAsync(KeyId.Segment("identity.admin-action-log", day), cancellation);
/// key.Encrypt(nonce, plaintext, ciphertext, tag, associatedData);
/// </code>
/// Safe for concurrent use; a lease is for one user at a time.
/// </summary>
internal sealed partial class KeyRing : IAsyncDisposable
{
    private const int Kept = 4096;
    private const int Stripes = 64;

    private readonly KeyCache<KeyId> _keys = new(Kept);
    private readonly SemaphoreSlim[] _turns = [.. Enumerable.Range(0, Stripes).Select(static _ => new SemaphoreSlim(1, 1))];
    private readonly Lock _reading = new();
    private readonly KeyStore _store;
    private readonly RootKeys _roots;
    private readonly AccountKeys _accounts;
    private readonly KeyWriter _writer;
    private readonly TimeProvider _time;
    private long _seenData;
    private long _seenTombstone;

    /// <exception cref="RootKeyException">The server must not start.</exception>
    public KeyRing(DataLayout layout, IOptions<CustodiaOptions> options, TimeProvider time)
        : this(layout, options.Value.Keys, time)
    {
    }

    public KeyRing(DataLayout layout, KeyOptions options, TimeProvider time)
    {
        _roots = new RootKeys(new RootKeySource(options, layout));
        _store = new KeyStoreStart(layout, _roots, time).Open();
        _accounts = new AccountKeys(_roots, time);
        _time = time;
        MakeServerKey(CookieKeyEncryptor.Key);
        _writer = new KeyWriter(KeyStore.Open(layout.Keys), _accounts, time);
        _seenTombstone = _store.LastTombstone();
        _seenData = _store.DataVersion();
    }

    /// <summary>The key if it is ready, without any I/O: true and the key, or true and null for a destroyed one.</summary>
    public bool TryRent(KeyId key, out KeyLease? lease) => _keys.TryRent(key, out lease);

    /// <summary>The key, made at first use.</summary>
    /// <exception cref="KeyDestroyedException">It was destroyed.</exception>
    public ValueTask<KeyLease> RentAsync(KeyId key, CancellationToken cancellation)
    {
        if (!_keys.TryRent(key, out var lease)) return new ValueTask<KeyLease>(LoadOrMakeAsync(key, cancellation));
        return lease is not null ? new ValueTask<KeyLease>(lease) : throw new KeyDestroyedException(key);
    }

    /// <summary>The key; null when it was destroyed.</summary>
    /// <exception cref="KeyMissingException">The store has never had it.</exception>
    public ValueTask<KeyLease?> FindAsync(KeyId key, CancellationToken cancellation) =>
        _keys.TryRent(key, out var lease) ? new ValueTask<KeyLease?>(lease) : new ValueTask<KeyLease?>(LoadAsync(key, cancellation));

    /// <summary>Whether a key is gone for ever. False for a key that does not exist yet.</summary>
    public async ValueTask<bool> IsDestroyedAsync(KeyId key, CancellationToken cancellation)
    {
        if (_keys.TryRent(key, out var lease))
        {
            lease?.Dispose();
            return lease is null;
        }

        using var turn = await TakeTurnAsync(key, cancellation);
        return Find(key) is { Wrapped: null };
    }

    /// <summary>Destroys a key for ever, also one that was never made. When this completes, no file holds it. Idempotent.</summary>
    /// <exception cref="TimeoutException">It is destroyed, but the write-ahead log may still hold it: call again.</exception>
    public async Task<DestroyedKey> DestroyAsync(KeyId key, string reason, CancellationToken cancellation)
    {
        using var turn = await TakeTurnAsync(key, cancellation);
        try
        {
            var destroyed = await _writer.DestroyAsync(key, reason, cancellation);
            Evict(key);
            return destroyed;
        }
        catch
        {
            // It may have been committed all the same (see KeyWriter): the store knows, and is asked at the next use.
            _keys.Remove(key);
            EvictCombined(key);
            throw;
        }
    }

    /// <summary>A key that is made with the store, for callers that cannot wait asynchronously (the framework's data protection).</summary>
    public KeyLease RentServerKey(KeyId key)
    {
        if (_keys.TryRent(key, out var lease) && lease is not null) return lease;
        var row = Find(key) ?? throw new KeyMissingException(key);
        return Keep(key, row) ?? throw new KeyDestroyedException(key);
    }

    /// <summary>Documents that live with the keys; each is sealed by whom it belongs to.</summary>
    public List<string> Documents()
    {
        lock (_reading) return _store.Documents();
    }

    public void AddDocument(string name, string content)
    {
        lock (_reading) _store.AddDocument(name, content, _time.GetUtcNow());
    }

    /// <summary>
    /// Takes over what other processes changed: destroyed keys leave the caches, a rotation's new root is learned.
    /// Costs nothing while nothing changed; called every second by <see cref="KeyRingWatch"/>.
    /// </summary>
    public void Refresh()
    {
        List<(long Number, string Key)> buried;
        lock (_reading)
        {
            var data = _store.DataVersion();
            if (data == _seenData) return;
            _seenData = data;
            _roots.Learn(_store);
            if (_roots.Forget(_store)) _accounts.Clear();
            buried = _store.TombstonesAfter(_seenTombstone);
            if (buried.Count > 0) _seenTombstone = buried[^1].Number;
        }

        if (buried.Count == 0) return;
        var names = buried.Select(static tombstone => tombstone.Key).ToHashSet(StringComparer.Ordinal);
        foreach (var key in _keys.Names.Where(key => names.Contains(key.ToString()))) Evict(key);
        foreach (var account in names.Where(static name => name.StartsWith("account/", StringComparison.Ordinal)))
            ForgetAccount(long.Parse(account.AsSpan("account/".Length), System.Globalization.CultureInfo.InvariantCulture));
    }

    public async ValueTask DisposeAsync()
    {
        await _writer.DisposeAsync();
        _keys.Clear();
        ClearDerived();
        _accounts.Clear();
        _store.Dispose();
        foreach (var turn in _turns) turn.Dispose();
    }

    private void MakeServerKey(KeyId key)
    {
        if (_store.FindKey(key.ToString()) is not null) return;
        using var transaction = _store.Begin();
        KeyWriter.FindOrMake(_store, _accounts, key, _time.GetUtcNow());
        transaction.Commit();
    }

    private async Task<KeyLease> LoadOrMakeAsync(KeyId key, CancellationToken cancellation)
    {
        using var turn = await TakeTurnAsync(key, cancellation);
        if (!_keys.TryRent(key, out var lease))
        {
            var row = Find(key) ?? await _writer.CreateAsync(key, cancellation);
            lease = Keep(key, row);
        }

        return lease ?? throw new KeyDestroyedException(key);
    }

    private async Task<KeyLease?> LoadAsync(KeyId key, CancellationToken cancellation)
    {
        using var turn = await TakeTurnAsync(key, cancellation);
        return _keys.TryRent(key, out var lease) ? lease : Keep(key, Find(key) ?? throw new KeyMissingException(key));
    }

    /// <summary>Reads one row by its name. SQLite has no asynchronous reads; the row is a page or two away.</summary>
    private KeyRow? Find(KeyId key)
    {
        lock (_reading) return _store.FindKey(key.ToString());
    }

    private KeyLease? Keep(KeyId key, KeyRow row)
    {
        if (row.Wrapped is null)
        {
            _keys.Put(key, null);
            return null;
        }

        Span<byte> material = stackalloc byte[ReadyKey.Size];
        if (!Unwrap(key, row, material))
        {
            _keys.Put(key, null);
            return null;
        }

        var ready = new ReadyKey(material, checked((ushort)row.Version));
        CryptographicOperations.ZeroMemory(material);
        var lease = ready.TryRent();
        _keys.Put(key, ready);
        return lease;
    }

    /// <summary>False when the key turned out to be destroyed by another process meanwhile.</summary>
    private bool Unwrap(KeyId key, KeyRow row, Span<byte> material)
    {
        var id = key.ToString();
        lock (_reading)
        {
            // A rotation may re-wrap the key and remove its former parent between our two reads.
            while (true)
            {
                using var parent = _accounts.Rent(_store, key.Account, row.WrappedBy);
                if (parent is not null)
                {
                    KeyWrap.Unwrap(parent, KeyRows.Bound(id, row.Version, row.WrappedBy), row.Wrapped, material);
                    return true;
                }

                // Its account's keys may be on their way out, this one not yet reached.
                var now = _store.FindKey(id);
                if (now is { Wrapped: null } || _store.IsEnded(key.Account)) return false;
                if (now is null || now.WrappedBy == row.WrappedBy) throw new KeyMissingException(key);
                row = now;
            }
        }
    }

    private void Evict(KeyId key)
    {
        _keys.Put(key, null);
        EvictCombined(key);
    }

    private async ValueTask<Turn> TakeTurnAsync(KeyId key, CancellationToken cancellation)
    {
        var turn = _turns[(uint)key.GetHashCode() % Stripes];
        await turn.WaitAsync(cancellation);
        return new Turn(turn);
    }

    /// <summary>One at a time loads, makes or destroys a given key.</summary>
    private readonly struct Turn(SemaphoreSlim turn) : IDisposable
    {
        public void Dispose() => turn.Release();
    }
}
