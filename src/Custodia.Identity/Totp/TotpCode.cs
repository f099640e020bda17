using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Custodia.Identity.Totp;

/// <summary>Time-based one-time passwords as authenticator apps compute them: RFC 6238 with SHA-1, six digits and steps of 30 seconds.</summary>
internal static class TotpCode
{
    public const int SecretLength = 20;

    /// <summary>Steps by which the person's clock may be off, either way (RFC 6238 section 5.2).</summary>
    public const int Window = 1;

    private const int StepSeconds = 30;

    public static long StepAt(DateTimeOffset moment) => moment.ToUnixTimeSeconds() / StepSeconds;

    /// <summary>The six digits of a step (RFC 4226 section 5.3).</summary>
    public static string At(ReadOnlySpan<byte> secret, long step)
    {
        Span<byte> counter = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(counter, step);
        Span<byte> hash = stackalloc byte[HMACSHA1.HashSizeInBytes];
#pragma warning disable CA5350 // The RFC's default, and what authenticator apps support; HMAC does not rest on collision resistance.
        HMACSHA1.HashData(secret, counter, hash);
#pragma warning restore CA5350
        var offset = hash[^1] & 0xf;
        var number = BinaryPrimitives.ReadInt32BigEndian(hash.Slice(offset, 4)) & int.MaxValue;
        return (number % 1_000_000).ToString("D6", CultureInfo.InvariantCulture);
    }

    /// <summary>The step within the window whose digits these are; null when there is none. Takes as long for every answer.</summary>
    public static long? Match(ReadOnlySpan<byte> secret, string digits, DateTimeOffset now)
    {
        var typed = Encoding.ASCII.GetBytes(digits);
        long? found = null;
        for (var step = StepAt(now) - Window; step <= StepAt(now) + Window; step++)
        {
            if (CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(At(secret, step)), typed)) found = step;
        }

        return found;
    }

    /// <summary>Six digits without the blanks that people put between them; null for anything else.</summary>
    public static string? Digits(string typed)
    {
        var digits = typed.Length > 20 ? "" : typed.Replace(" ", "", StringComparison.Ordinal);
        return digits.Length == 6 && digits.All(char.IsAsciiDigit) ? digits : null;
    }
}
