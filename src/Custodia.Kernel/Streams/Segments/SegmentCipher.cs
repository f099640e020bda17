using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Custodia.Kernel.Vault;

namespace Custodia.Kernel.Streams;

/// <summary>
/// What a segment's key does: seals personal fields (together with the person's key, where a person is known), hides whose record it
/// is, and makes the marks by which records are found. All of it dies with the segment's key. For one user at a time.
/// </summary>
internal sealed class SegmentCipher : IDisposable
{
    public const int NonceSize = 12;
    public const int TagSize = 16;
    private const int Remembered = 4096;

    private readonly Dictionary<(int Index, long Account, string Text), ulong> _known = [];
    private readonly Dictionary<Guid, byte[]> _persons = [];
    private readonly SegmentHeader _header;
    private readonly IncrementalHash _marks;
    private readonly Aes _hiding;
    private readonly AesGcm _shared;
    private readonly byte[][] _names;

    private SegmentCipher(SegmentHeader header, KeyLease segment)
    {
        _header = header;
        _names = [.. header.Shape.Indexed.Select(i => Encoding.UTF8.GetBytes(header.Shape.Fields[i].Name))];
        Span<byte> key = stackalloc byte[32];
        segment.Derive("custodia stream marks"u8, key);
        _marks = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);
        segment.Derive("custodia stream persons"u8, key);
        _hiding = Aes.Create();
        _hiding.SetKey(key);
        segment.Derive("custodia stream values"u8, key);
        _shared = new AesGcm(key, TagSize);
        CryptographicOperations.ZeroMemory(key);
    }

    /// <summary>Makes the segment's key if there is none.</summary>
    /// <exception cref="KeyDestroyedException">The segment was dropped.</exception>
    public static async ValueTask<SegmentCipher> MakeAsync(KeyRing ring, SegmentHeader header, CancellationToken cancellation)
    {
        using var key = await ring.RentAsync(header.Id.Key, cancellation);
        return new SegmentCipher(header, key);
    }

    /// <summary>Null when the segment's key is gone.</summary>
    public static async ValueTask<SegmentCipher?> FindAsync(KeyRing ring, SegmentHeader header, CancellationToken cancellation)
    {
        try
        {
            using var key = await ring.FindAsync(header.Id.Key, cancellation);
            return key is null ? null : new SegmentCipher(header, key);
        }
        catch (KeyMissingException)
        {
            return null;
        }
    }

    /// <summary>
    /// Stands for a person in this segment: AES-256 of the person's id under a key of the segment. The same person always gives the
    /// same 16 bytes, so it serves as the index, and whoever has the segment's key can turn it back.
    /// </summary>
    public byte[] Hide(Guid person)
    {
        if (_persons.TryGetValue(person, out var token)) return token;
        if (_persons.Count >= Remembered) _persons.Clear();
        token = _hiding.EncryptEcb(person.ToByteArray(), PaddingMode.None);
        _persons[person] = token;
        return token;
    }

    public Guid Unhide(byte[] token) => new(_hiding.DecryptEcb(token, PaddingMode.None));

    /// <summary>The mark of an indexed field's value: HMAC-SHA-256, cut to 8 bytes; never 0, which stands for no value.</summary>
    /// <param name="index">Number of the field among the indexed ones.</param>
    public ulong Mark(int index, long account, string text)
    {
        var field = _header.Shape.Fields[_header.Shape.Indexed[index]];
        if (field.Role == LogRole.RequestId) return Compute(index, account, text);
        if (_known.TryGetValue((index, account, text), out var mark)) return mark;
        if (_known.Count >= Remembered) _known.Clear();
        mark = Compute(index, account, FieldValue.Indexed(field.Role, text));
        _known[(index, account, text)] = mark;
        return mark;
    }

    /// <param name="personal">The key of segment and person; null for records of nobody.</param>
    /// <param name="output">Ciphertext and tag.</param>
    public void Seal(KeyLease? personal, ReadOnlySpan<byte> salt, long account, ReadOnlySpan<byte> person, ReadOnlySpan<byte> plaintext, Span<byte> output)
    {
        Span<byte> bound = stackalloc byte[BoundSize];
        Bind(account, person, bound);
        var ciphertext = output[..plaintext.Length];
        var tag = output.Slice(plaintext.Length, TagSize);
        if (personal is null) _shared.Encrypt(salt[..NonceSize], plaintext, ciphertext, tag, bound);
        else personal.Encrypt(salt[..NonceSize], plaintext, ciphertext, tag, bound);
    }

    /// <exception cref="AuthenticationTagMismatchException">Changed, moved, or another key's.</exception>
    public byte[] Open(KeyLease? personal, in StoredRecord record)
    {
        Span<byte> bound = stackalloc byte[BoundSize];
        Bind(record.Account, record.Person, bound);
        var stored = record.Sealed.AsSpan();
        if (stored.Length < TagSize) throw new AuthenticationTagMismatchException();
        var plaintext = new byte[stored.Length - TagSize];
        var nonce = record.Salt.AsSpan(0, NonceSize);
        if (personal is null) _shared.Decrypt(nonce, stored[..^TagSize], stored[^TagSize..], plaintext, bound);
        else personal.Decrypt(nonce, stored[..^TagSize], stored[^TagSize..], plaintext, bound);
        return plaintext;
    }

    public void Dispose()
    {
        _marks.Dispose();
        _hiding.Dispose();
        _shared.Dispose();
    }

    private const int BoundSize = 32 + 8 + StoredRecord.PersonSize;

    /// <summary>Stream, day, shape (all in the header's hash), account and person.</summary>
    private void Bind(long account, ReadOnlySpan<byte> person, Span<byte> bound)
    {
        _header.Hash.CopyTo(bound);
        BinaryPrimitives.WriteInt64BigEndian(bound[32..], account);
        bound[40..].Clear();
        person.CopyTo(bound[40..]);
    }

    private ulong Compute(int index, long account, string text)
    {
        var name = _names[index];
        var size = name.Length + 9 + Encoding.UTF8.GetMaxByteCount(text.Length);
        Span<byte> bytes = size <= 512 ? stackalloc byte[size] : new byte[size];

        // In one piece: every call of the hash costs more than the few bytes that it adds.
        name.CopyTo(bytes);
        bytes[name.Length] = 0;
        BinaryPrimitives.WriteInt64BigEndian(bytes[(name.Length + 1)..], account);
        var length = name.Length + 9;
        _marks.AppendData(bytes[..(length + Encoding.UTF8.GetBytes(text, bytes[length..]))]);
        Span<byte> hash = stackalloc byte[32];
        _marks.GetHashAndReset(hash);
        return Math.Max(BinaryPrimitives.ReadUInt64BigEndian(hash), 1);
    }
}
