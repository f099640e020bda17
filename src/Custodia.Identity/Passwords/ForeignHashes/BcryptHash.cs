using Org.BouncyCastle.Crypto.Generators;

namespace Custodia.Identity.Passwords.ForeignHashes;

/// <summary>bcrypt: <c>$2b$12$</c>, 22 characters of salt, 31 of hash. <c>2a</c>, <c>2b</c> and <c>2y</c> differ only in bugs that are none of ours.</summary>
internal sealed class BcryptHash : ForeignHash
{
    private const int MaxCost = 14;

    /// <summary>bcrypt sees no more of a password, its closing zero included.</summary>
    private const int MaxBytes = 72;

    private const string Alphabet = "./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    private readonly int _cost;
    private readonly byte[] _salt;

    private BcryptHash(string text, int cost, byte[] salt, byte[] expected)
    {
        Stored = text;
        _cost = cost;
        _salt = salt;
        Expected = expected;
    }

    public override string Stored { get; }

    public override bool IsAffordable => _cost <= MaxCost;

    protected override byte[] Expected { get; }

    public static BcryptHash? Read(string text)
    {
        if (text.Length != 60 || text[..4] is not ("$2a$" or "$2b$" or "$2y$") || text[6] != '$') return null;
        if (HashText.Number(text[4..6]) is not (>= 4 and <= 31) || Decode(text[7..29], 16) is not { } salt || Decode(text[29..], 23) is not { } hash) return null;
        return new BcryptHash(text, HashText.Number(text[4..6])!.Value, salt, hash);
    }

    protected override byte[] Compute(byte[] password)
    {
        var closed = new byte[Math.Min(password.Length + 1, MaxBytes)];
        password.AsSpan(0, Math.Min(password.Length, closed.Length)).CopyTo(closed);
        // The last byte of the 24 was never stored by anybody.
        return BCrypt.Generate(closed, _salt, _cost, addTerminator: false)[..23];
    }

    private static byte[]? Decode(string text, int length)
    {
        var bytes = new byte[length];
        var (bits, held, at) = (0, 0, 0);
        foreach (var c in text)
        {
            var value = Alphabet.IndexOf(c, StringComparison.Ordinal);
            if (value < 0) return null;
            bits = ((bits << 6) | value) & 0xffff;
            held += 6;
            if (held < 8 || at == length) continue;
            held -= 8;
            bytes[at++] = (byte)(bits >> held);
        }

        return at == length ? bytes : null;
    }
}
