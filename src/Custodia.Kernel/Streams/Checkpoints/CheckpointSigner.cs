using System.Numerics;
using System.Security.Cryptography;
using Custodia.Kernel.Vault;

namespace Custodia.Kernel.Streams;

/// <summary>
/// Signs checkpoints with ECDSA P-256. The private key is derived from a key of the server in the key store, so it is wrapped,
/// rotated and kept out of backups like all others; the public key lies beside the checkpoints for whoever verifies.
/// </summary>
internal sealed class CheckpointSigner : IDisposable
{
    public const string PublicKeyFile = "public-key.pem";

    /// <summary>Order of the curve's base point (SEC 2, section 2.4.2).</summary>
    private static readonly BigInteger Order = BigInteger.Parse("0FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551", System.Globalization.NumberStyles.HexNumber);

    private readonly Lock _gate = new();
    private readonly ECDsa _key;

    private CheckpointSigner(ECDsa key) => _key = key;

    public string PublicKeyPem => _key.ExportSubjectPublicKeyInfoPem();

    public static async Task<CheckpointSigner> OpenAsync(KeyRing ring, CancellationToken cancellation)
    {
        using var lease = await ring.RentAsync(KeyId.Server("checkpoints"), cancellation);
        return new CheckpointSigner(Derive(lease));
    }

    public byte[] Sign(ReadOnlySpan<byte> content)
    {
        lock (_gate) return _key.SignData(content, HashAlgorithmName.SHA256);
    }

    /// <summary>Writes the public key into a folder of checkpoints unless it is there.</summary>
    public void Publish(string folder)
    {
        Directory.CreateDirectory(folder);
        var path = Path.Combine(folder, PublicKeyFile);
        if (File.Exists(path)) return;
        try
        {
            DurableFile.Write(path, System.Text.Encoding.ASCII.GetBytes(PublicKeyPem + "\n"));
            DurableFile.FlushFolder(folder);
        }
        catch (IOException) when (File.Exists(path))
        {
            // Another process was faster; the key is the same.
        }
    }

    public void Dispose() => _key.Dispose();

    /// <summary>
    /// Key pair from extra random bits (FIPS 186-5, A.2.1): 64 bits more than the order has, so the reduction is without bias.
    /// </summary>
    private static ECDsa Derive(KeyLease lease)
    {
        Span<byte> bits = stackalloc byte[40];
        lease.Derive("custodia checkpoint signature"u8, bits);
        var number = (new BigInteger(bits, isUnsigned: true, isBigEndian: true) % (Order - 1)) + 1;
        CryptographicOperations.ZeroMemory(bits);
        var d = new byte[32];
        var raw = number.ToByteArray(isUnsigned: true, isBigEndian: true);
        raw.CopyTo(d.AsSpan(32 - raw.Length));
        try
        {
            return ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, D = d });
        }
        finally
        {
            CryptographicOperations.ZeroMemory(d);
            CryptographicOperations.ZeroMemory(raw);
        }
    }
}
