namespace Custodia.Kernel.Vault;

/// <summary>
/// A value encrypted under the key of its owner. It carries ciphertext only: it cannot be printed, logged or serialised
/// into its content. <see cref="DataVault"/> alone opens it.
/// </summary>
/// <typeparam name="T"><see cref="string"/> or <see cref="byte"/>[].</typeparam>
[System.Text.Json.Serialization.JsonConverter(typeof(SealedJson))]
public sealed class Sealed<T> : IEquatable<Sealed<T>>
    where T : class
{
    private readonly byte[] _envelope;

    /// <summary>Takes a stored envelope as it is; whether it opens is found out by <see cref="DataVault"/>.</summary>
    public Sealed(byte[] envelope) => _envelope = envelope;

    /// <summary>The stored bytes: format version, key version, nonce, ciphertext, tag.</summary>
    public ReadOnlyMemory<byte> Envelope => _envelope;

    public byte[] ToStored() => _envelope;

    public bool Equals(Sealed<T>? other) => other is not null && _envelope.AsSpan().SequenceEqual(other._envelope);

    public override bool Equals(object? obj) => Equals(obj as Sealed<T>);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.AddBytes(_envelope);
        return hash.ToHashCode();
    }

    public override string ToString() => "(sealed)";
}
