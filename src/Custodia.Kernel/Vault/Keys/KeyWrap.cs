using System.Security.Cryptography;
using System.Text;

namespace Custodia.Kernel.Vault;

/// <summary>Small secrets (keys, constants) sealed as <c>nonce (12) | ciphertext | tag (16)</c>.</summary>
internal static class KeyWrap
{
    public const int NonceSize = 12;
    public const int TagSize = 16;
    public const int Overhead = NonceSize + TagSize;

    /// <param name="bound">Text bound as associated data: what this is and whose.</param>
    public static byte[] Wrap(KeyLease key, string bound, ReadOnlySpan<byte> secret)
    {
        var wrapped = new byte[secret.Length + Overhead];
        var nonce = wrapped.AsSpan(0, NonceSize);
        RandomNumberGenerator.Fill(nonce);
        key.Encrypt(nonce, secret, wrapped.AsSpan(NonceSize, secret.Length), wrapped.AsSpan(^TagSize), Encoding.UTF8.GetBytes(bound));
        return wrapped;
    }

    /// <exception cref="AuthenticationTagMismatchException">Not wrapped by this key for this purpose, or damaged.</exception>
    public static void Unwrap(KeyLease key, string bound, ReadOnlySpan<byte> wrapped, Span<byte> secret)
    {
        if (wrapped.Length != secret.Length + Overhead) throw new AuthenticationTagMismatchException();
        key.Decrypt(wrapped[..NonceSize], wrapped[NonceSize..^TagSize], wrapped[^TagSize..], secret, Encoding.UTF8.GetBytes(bound));
    }
}
