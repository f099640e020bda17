using System.Security.Cryptography;

namespace Custodia.Kernel.Vault;

/// <summary>The key above all others. It wraps account keys only.</summary>
internal sealed class RootKey
{
    private readonly ReadyKey _key;

    public RootKey(ReadOnlySpan<byte> material)
    {
        _key = new ReadyKey(material);
        Span<byte> name = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(material, "custodia root key id"u8, name);
        Id = Convert.ToHexStringLower(name[..8]);
    }

    /// <summary>16 hex digits that name the key and tell nothing about it.</summary>
    public string Id { get; }

    public static RootKey New()
    {
        Span<byte> material = stackalloc byte[ReadyKey.Size];
        RandomNumberGenerator.Fill(material);
        var key = new RootKey(material);
        CryptographicOperations.ZeroMemory(material);
        return key;
    }

    /// <summary>Reads 32 bytes in Base64, as variables and commands give them; null when it is not that.</summary>
    public static RootKey? FromBase64(ReadOnlySpan<char> text)
    {
        Span<byte> material = stackalloc byte[ReadyKey.Size];
        var key = Convert.TryFromBase64Chars(text, material, out var written) && written == ReadyKey.Size ? new RootKey(material) : null;
        CryptographicOperations.ZeroMemory(material);
        return key;
    }

    public string ToBase64() => Convert.ToBase64String(_key.Material);

    public byte[] Wrap(string bound, ReadOnlySpan<byte> secret)
    {
        using var lease = _key.TryRent() ?? throw new ObjectDisposedException(nameof(RootKey));
        return KeyWrap.Wrap(lease, bound, secret);
    }

    public void Unwrap(string bound, ReadOnlySpan<byte> wrapped, Span<byte> secret)
    {
        using var lease = _key.TryRent() ?? throw new ObjectDisposedException(nameof(RootKey));
        KeyWrap.Unwrap(lease, bound, wrapped, secret);
    }

    /// <summary>This key sealed under another root, for the time of a rotation.</summary>
    public byte[] SealedUnder(RootKey other) => other.Wrap($"handover/{Id}", _key.Material);

    public void Retire() => _key.Retire();
}
