using Org.BouncyCastle.Crypto.Generators;
using Org.BouncyCastle.Crypto.Parameters;

namespace Custodia.Identity.Passwords.ForeignHashes;

/// <summary>Argon2 (RFC 9106) in the PHC string format: <c>$argon2id$v=19$m=65536,t=3,p=4$salt$hash</c>.</summary>
internal sealed class Argon2Hash : ForeignHash
{
    private const int MaxMemory = 128 * 1024;
    private const int MaxPasses = 16;
    private const int MaxLanes = 16;

    /// <summary>KiB times passes: about a second of one processor.</summary>
    private const long MaxWork = 512 * 1024;

    private readonly int _type;
    private readonly int _memory;
    private readonly int _passes;
    private readonly int _lanes;
    private readonly byte[] _salt;

    private Argon2Hash(string text, int type, (int Memory, int Passes, int Lanes) cost, byte[] salt, byte[] expected)
    {
        Stored = text;
        _type = type;
        (_memory, _passes, _lanes) = cost;
        _salt = salt;
        Expected = expected;
    }

    public override string Stored { get; }

    public override bool IsAffordable => _memory <= MaxMemory && _passes <= MaxPasses && _lanes <= MaxLanes && (long)_memory * _passes <= MaxWork;

    protected override byte[] Expected { get; }

    public static Argon2Hash? Read(string text)
    {
        var parts = text.Split('$');
        if (parts.Length != 6 || parts[0].Length != 0 || parts[2] != "v=19") return null;
        int? type = parts[1] switch
        {
            "argon2id" => Argon2Parameters.Argon2id,
            "argon2i" => Argon2Parameters.Argon2i,
            "argon2d" => Argon2Parameters.Argon2d,
            _ => null,
        };
        var given = HashText.Parameters(parts[3]);
        if (type is null
            || HashText.Number(given.GetValueOrDefault("m")) is not { } memory
            || HashText.Number(given.GetValueOrDefault("t")) is not { } passes
            || HashText.Number(given.GetValueOrDefault("p")) is not { } lanes
            || memory < 8L * lanes
            || HashText.Base64(parts[4]) is not { Length: >= 8 and <= 64 } salt
            || HashText.Base64(parts[5]) is not { Length: >= 16 and <= 64 } hash)
        {
            return null;
        }

        return new Argon2Hash(text, type.Value, (memory, passes, lanes), salt, hash);
    }

    protected override byte[] Compute(byte[] password)
    {
        var generator = new Argon2BytesGenerator();
        generator.Init(new Argon2Parameters.Builder(_type)
            .WithVersion(Argon2Parameters.Version13)
            .WithMemoryAsKB(_memory)
            .WithIterations(_passes)
            .WithParallelism(_lanes)
            .WithSalt(_salt)
            .Build());
        var hash = new byte[Expected.Length];
        generator.GenerateBytes(password, hash);
        return hash;
    }
}
