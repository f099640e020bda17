using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Unicode;

namespace Custodia.Kernel.Vault;

/// <summary>
/// The bytes of a sealed value:
/// <code>
///  0        1             3            15                     n-16        n
///  | format | key version | nonce (12) | ciphertext           | tag (16)  |
/// </code>
/// Format 1 is UTF-8 text or bytes, format 2 is UTF-16 text: only a string with a lone surrogate needs it, and comes back as it was.
/// Format, key version and place are bound as associated data (see <see cref="AssociatedData"/>).
/// </summary>
internal static class Envelope
{
    public const int Overhead = Header + KeyWrap.Overhead;

    private const int Header = 3;
    private const byte Plain = 1;
    private const byte Wide = 2;

    public static Sealed<T> Seal<T>(KeyLease key, in Place place, T value)
        where T : class =>
        value switch
        {
            string text => new Sealed<T>(SealText(key, place, text)),
            byte[] bytes => new Sealed<T>(Seal(key, place, Plain, AssociatedData.Bytes, bytes)),
            _ => throw NotSealable(typeof(T)),
        };

    /// <exception cref="AuthenticationTagMismatchException">Moved, changed or cut.</exception>
    public static T Open<T>(KeyLease key, in Place place, Sealed<T> value)
        where T : class
    {
        var envelope = value.Envelope.Span;
        if (envelope.Length < Overhead || envelope[0] is not (Plain or Wide) || BinaryPrimitives.ReadUInt16BigEndian(envelope[1..]) != key.Version)
            throw new AuthenticationTagMismatchException();
        if (typeof(T) == typeof(string)) return (T)(object)OpenText(key, place, envelope);
        if (typeof(T) != typeof(byte[])) throw NotSealable(typeof(T));
        var bytes = new byte[envelope.Length - Overhead];
        Decrypt(key, place, AssociatedData.Bytes, envelope, bytes);
        return (T)(object)bytes;
    }

    private static byte[] SealText(KeyLease key, in Place place, string text)
    {
        using var buffer = new SecretBuffer(stackalloc byte[SecretBuffer.OnStack], text.Length * 3);
        var utf8 = Utf8.FromUtf16(text, buffer.Span, out _, out var written, replaceInvalidSequences: false) == System.Buffers.OperationStatus.Done;
        return utf8
            ? Seal(key, place, Plain, AssociatedData.Text, buffer.Span[..written])
            : Seal(key, place, Wide, AssociatedData.Text, System.Runtime.InteropServices.MemoryMarshal.AsBytes(text.AsSpan()));
    }

    private static byte[] Seal(KeyLease key, in Place place, byte format, byte type, ReadOnlySpan<byte> plaintext)
    {
        var envelope = new byte[plaintext.Length + Overhead];
        envelope[0] = format;
        BinaryPrimitives.WriteUInt16BigEndian(envelope.AsSpan(1), key.Version);
        var nonce = envelope.AsSpan(Header, KeyWrap.NonceSize);
        RandomNumberGenerator.Fill(nonce);
        using var bound = new AssociatedData(stackalloc byte[AssociatedData.OnStack], envelope.AsSpan(0, Header), type, place);
        key.Encrypt(nonce, plaintext, envelope.AsSpan(Header + KeyWrap.NonceSize, plaintext.Length), envelope.AsSpan(^KeyWrap.TagSize), bound.Written);
        return envelope;
    }

    private static string OpenText(KeyLease key, in Place place, ReadOnlySpan<byte> envelope)
    {
        var length = envelope.Length - Overhead;
        using var buffer = new SecretBuffer(stackalloc byte[SecretBuffer.OnStack], length);
        var plaintext = buffer.Span[..length];
        Decrypt(key, place, AssociatedData.Text, envelope, plaintext);
        return envelope[0] == Plain
            ? Encoding.UTF8.GetString(plaintext)
            : new string(System.Runtime.InteropServices.MemoryMarshal.Cast<byte, char>(plaintext));
    }

    private static void Decrypt(KeyLease key, in Place place, byte type, ReadOnlySpan<byte> envelope, Span<byte> plaintext)
    {
        using var bound = new AssociatedData(stackalloc byte[AssociatedData.OnStack], envelope[..Header], type, place);
        key.Decrypt(envelope.Slice(Header, KeyWrap.NonceSize), envelope[(Header + KeyWrap.NonceSize)..^KeyWrap.TagSize], envelope[^KeyWrap.TagSize..], plaintext, bound.Written);
    }

    private static NotSupportedException NotSealable(Type type) => new($"Only string and byte[] can be sealed, not {type.Name}.");
}
