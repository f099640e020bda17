using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Custodia.Identity.Tokens;

/// <summary>
/// What the access tokens say that this process signed or verified lately. One that comes back need not prove its signature again, which costs more
/// than the rest of reading it; everything that can end a token is still asked each time. Holds hashes, never tokens.
/// </summary>
internal sealed class SignedTokens
{
    // Two generations of so many: the older is dropped whole. What is forgotten is verified as any other.
    private const int Generation = 4096;

    private ConcurrentDictionary<Digest, Signed> _young = new();
    private ConcurrentDictionary<Digest, Signed> _old = new();

    /// <param name="kid">The key that signed it.</param>
    public void Remember(string token, string kid, TokenFacts facts)
    {
        var young = _young;
        if (young.Count >= Generation && Interlocked.CompareExchange(ref _young, new(), young) == young) _old = young;
        _young[Digest.Of(token)] = new Signed(kid, facts);
    }

    /// <summary>What the token says and which key signed it; null when it is not one of those.</summary>
    public Signed? Find(string token)
    {
        var digest = Digest.Of(token);
        return _young.TryGetValue(digest, out var signed) || _old.TryGetValue(digest, out signed) ? signed : null;
    }

    internal sealed record Signed(string Kid, TokenFacts Facts);

    /// <summary>SHA-256 of a token's text.</summary>
    private readonly record struct Digest(UInt128 First, UInt128 Second)
    {
        public static Digest Of(string token)
        {
            Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
            SHA256.HashData(MemoryMarshal.AsBytes(token.AsSpan()), hash);
            return MemoryMarshal.Read<Digest>(hash);
        }
    }
}
