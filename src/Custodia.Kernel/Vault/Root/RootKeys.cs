using System.Collections.Immutable;
using System.Security.Cryptography;

namespace Custodia.Kernel.Vault;

/// <summary>
/// The root keys that this process holds: one, or two in the middle of a rotation. A process that knows either learns the other from
/// the store, so a rotation needs no restart.
/// </summary>
internal sealed class RootKeys(RootKeySource source)
{
    private static readonly byte[] Constant = "custodia key store: the root key"u8.ToArray();
    private readonly Lock _learning = new();
    private ImmutableArray<RootKey> _known = [];

    public RootKeySource Source { get; } = source;

    /// <summary>The row by which a later start recognises its root key.</summary>
    public static RootRow Row(RootKey root, RootKey? handover) =>
        new(root.Id, root.Wrap($"verifier/{root.Id}", Constant), handover?.SealedUnder(root));

    /// <exception cref="RootKeyException">The store was rotated away from every key that this process can find.</exception>
    public RootKey Get(string id, KeyStore store)
    {
        if (Known(id) is { } root) return root;
        Learn(store);
        return Known(id) ?? throw new RootKeyException(
            RootKeyFault.Foreign,
            $"The key store has a new root key ({id}) that {Source.Description} does not hold. Put it there and start again.");
    }

    /// <summary>The root that new account keys are wrapped under.</summary>
    public RootKey Newest(KeyStore store) => Get(store.Roots()[^1].Id, store);

    public void Add(RootKey root)
    {
        lock (_learning)
        {
            if (Known(root.Id) is null) _known = _known.Add(root);
        }
    }

    /// <summary>Learns roots from the handover of a running rotation, else from the source.</summary>
    public void Learn(KeyStore store)
    {
        lock (_learning)
        {
            var rows = store.Roots();
            foreach (var row in rows) TakeHandover(row, rows);
            if (rows.TrueForAll(row => Known(row.Id) is not null)) return;
            try
            {
                foreach (var root in Source.Load() ?? []) Add(root);
            }
            catch (RootKeyException)
            {
                // What is known stays; the caller says which key is wanting.
            }
        }
    }

    /// <summary>Drops roots that the store no longer has; says whether there were any.</summary>
    public bool Forget(KeyStore store)
    {
        lock (_learning)
        {
            var rows = store.Roots();
            var gone = _known.RemoveAll(known => rows.Exists(row => row.Id == known.Id));
            _known = _known.RemoveRange(gone);
            foreach (var root in gone) root.Retire();
            return gone.Length > 0;
        }
    }

    /// <summary>Whether the key opens the store's constant.</summary>
    public static bool Verifies(RootKey root, RootRow row)
    {
        if (row.Id != root.Id) return false;
        try
        {
            Span<byte> constant = stackalloc byte[Constant.Length];
            root.Unwrap($"verifier/{root.Id}", row.Verifier, constant);
            return constant.SequenceEqual(Constant);
        }
        catch (AuthenticationTagMismatchException)
        {
            return false;
        }
    }

    private RootKey? Known(string id)
    {
        foreach (var root in _known)
        {
            if (root.Id == id) return root;
        }

        return null;
    }

    private void TakeHandover(RootRow row, List<RootRow> rows)
    {
        if (row.Handover is null || Known(row.Id) is not { } root) return;
        foreach (var other in rows.Where(other => Known(other.Id) is null)) Add(Handed(root, other.Id, row.Handover));
    }

    private static RootKey Handed(RootKey by, string id, byte[] handover)
    {
        Span<byte> material = stackalloc byte[ReadyKey.Size];
        by.Unwrap($"handover/{id}", handover, material);
        var root = new RootKey(material);
        CryptographicOperations.ZeroMemory(material);
        return root;
    }
}
