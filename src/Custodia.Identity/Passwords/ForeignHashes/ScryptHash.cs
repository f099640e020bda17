using System.Text;
using Org.BouncyCastle.Crypto.Generators;

namespace Custodia.Identity.Passwords.ForeignHashes;

/// <summary>
/// scrypt (RFC 7914): <c>$scrypt$ln=16,r=8,p=1$salt$hash</c> in the PHC string format, or Werkzeug's <c>scrypt:32768:8:1$salt$hex</c>,
/// whose salt is text.
/// </summary>
internal sealed class ScryptHash : ForeignHash
{
    private const long MaxMemory = 128L * 1024 * 1024;
    private const int MaxParallel = 16;

    /// <summary>Bytes mixed in all.</summary>
    private const long MaxWork = 512L * 1024 * 1024;

    private readonly int _logarithm;
    private readonly int _block;
    private readonly int _parallel;
    private readonly byte[] _salt;

    private ScryptHash(int logarithm, int block, int parallel, byte[] salt, byte[] expected)
    {
        _logarithm = logarithm;
        _block = block;
        _parallel = parallel;
        _salt = salt;
        Expected = expected;
    }

    public override string Stored => $"$scrypt$ln={_logarithm},r={_block},p={_parallel}${HashText.Base64(_salt)}${HashText.Base64(Expected)}";

    public override bool IsAffordable => _logarithm <= 24 && _block <= 1024 && _parallel <= MaxParallel && Memory <= MaxMemory && Memory * _parallel <= MaxWork;

    protected override byte[] Expected { get; }

    private long Memory => 128L * _block * (1L << Math.Min(_logarithm, 40));

    public static ScryptHash? Read(string text)
    {
        var parts = text.Split('$');
        if (parts.Length == 5 && parts[0].Length == 0 && parts[1] == "scrypt")
        {
            var given = HashText.Parameters(parts[2]);
            return Of(
                HashText.Number(given.GetValueOrDefault("ln")),
                HashText.Number(given.GetValueOrDefault("r")),
                HashText.Number(given.GetValueOrDefault("p")),
                HashText.Base64(parts[3]),
                HashText.Base64(parts[4]));
        }

        if (parts.Length != 3 || parts[0].Split(':') is not ["scrypt", var cost, var block, var parallel]) return null;
        int? logarithm = HashText.Number(cost) is { } n && n > 1 && (n & (n - 1)) == 0 ? int.Log2(n) : null;
        return Of(logarithm, HashText.Number(block), HashText.Number(parallel), Encoding.UTF8.GetBytes(parts[1]), HashText.Hex(parts[2]));
    }

    protected override byte[] Compute(byte[] password) => SCrypt.Generate(password, _salt, 1 << _logarithm, _block, _parallel, Expected.Length);

    private static ScryptHash? Of(int? logarithm, int? block, int? parallel, byte[]? salt, byte[]? hash) =>
        logarithm is { } ln && block is { } r && parallel is { } p && salt is { Length: > 0 and <= 64 } && hash is { Length: >= 16 and <= 128 }
            ? new ScryptHash(ln, r, p, salt, hash)
            : null;
}
