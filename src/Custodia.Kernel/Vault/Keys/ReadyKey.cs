using System.Security.Cryptography;

namespace Custodia.Kernel.Vault;

/// <summary>
/// A key unwrapped and ready for use. <see cref="AesGcm"/> is not safe for concurrent use (its OpenSSL context holds the nonce),
/// so each user rents an instance of its own; a few are kept. When retired, the material is zeroed as soon as the last renter is done.
/// </summary>
internal sealed class ReadyKey
{
    public const int Size = 32;
    private const int Spares = 4;

    private readonly Lock _gate = new();

    // Pinned, so that the collector leaves no copies behind.
    private readonly byte[] _material = GC.AllocateArray<byte>(Size, pinned: true);
    private KeyLease? _spare;
    private int _spares;
    private int _rented;
    private bool _retired;

    public ReadyKey(ReadOnlySpan<byte> material, ushort version = 1)
    {
        Version = version;
        if (material.Length != Size) throw new ArgumentException($"A key has {Size} bytes.", nameof(material));
        material.CopyTo(_material);
    }

    /// <summary>Milliseconds of the system's tick count; decides who leaves a full cache.</summary>
    public long LastUsed { get; private set; } = Environment.TickCount64;

    public ReadOnlySpan<byte> Material => _material;

    public ushort Version { get; }

    /// <summary>Null when the key was retired meanwhile.</summary>
    public KeyLease? TryRent()
    {
        LastUsed = Environment.TickCount64;
        lock (_gate)
        {
            if (_retired) return null;
            _rented++;
            if (_spare is not { } lease) return new KeyLease(this, new AesGcm(_material, KeyWrap.TagSize));
            _spare = lease.Next;
            _spares--;
            lease.Lend();
            return lease;
        }
    }

    public void Return(KeyLease lease)
    {
        lock (_gate)
        {
            _rented--;
            if (!_retired && _spares < Spares)
            {
                lease.Next = _spare;
                _spare = lease;
                _spares++;
                return;
            }

            lease.Drop();
            if (_retired && _rented == 0) CryptographicOperations.ZeroMemory(_material);
        }
    }

    public void Retire()
    {
        lock (_gate)
        {
            if (_retired) return;
            _retired = true;
            for (; _spare is not null; _spare = _spare.Next) _spare.Drop();
            if (_rented == 0) CryptographicOperations.ZeroMemory(_material);
        }
    }
}

/// <summary>The right to use one key until disposed; for one user at a time. Dispose gives it back.</summary>
internal sealed class KeyLease(ReadyKey key, AesGcm cipher) : IDisposable
{
    private int _returned;

    /// <summary>Version of the key's material; sealed values carry it. Re-wrapping does not change it.</summary>
    public ushort Version => key.Version;

    private ReadOnlySpan<byte> Material => key.Material;

    /// <summary>The next spare of the owner; used under its lock.</summary>
    public KeyLease? Next { get; set; }

    /// <summary>AES-256-GCM with a 12-byte nonce and a 16-byte tag. A nonce must never repeat under one key.</summary>
    public void Encrypt(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> plaintext, Span<byte> ciphertext, Span<byte> tag, ReadOnlySpan<byte> associatedData = default) =>
        cipher.Encrypt(nonce, plaintext, ciphertext, tag, associatedData);

    /// <exception cref="AuthenticationTagMismatchException">Changed, moved, or another key's.</exception>
    public void Decrypt(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> ciphertext, ReadOnlySpan<byte> tag, Span<byte> plaintext, ReadOnlySpan<byte> associatedData = default) =>
        cipher.Decrypt(nonce, ciphertext, tag, plaintext, associatedData);

    /// <summary>Derives a key for another use (HKDF-Expand, RFC 5869 section 2.3; the key itself is uniformly random).</summary>
    public void Derive(ReadOnlySpan<byte> info, Span<byte> output) => HKDF.Expand(HashAlgorithmName.SHA256, Material, output, info);

    /// <summary>A key that takes both: HKDF (RFC 5869) with one as salt and the other as input.</summary>
    public static void Combine(KeyLease one, KeyLease two, ReadOnlySpan<byte> info, Span<byte> output) =>
        HKDF.DeriveKey(HashAlgorithmName.SHA256, two.Material, output, one.Material, info);

    /// <summary>HMAC-SHA-256 under this key.</summary>
    public void Authenticate(ReadOnlySpan<byte> data, Span<byte> mac) => HMACSHA256.HashData(Material, data, mac);

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _returned, 1) == 0) key.Return(this);
    }

    /// <summary>Called by the owner, under its lock, when a spare is lent again.</summary>
    public void Lend()
    {
        Next = null;
        Volatile.Write(ref _returned, 0);
    }

    public void Drop() => cipher.Dispose();
}
