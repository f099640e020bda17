using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Custodia.Identity.Webhooks;

/// <summary>Secrets and signatures of Standard Webhooks 1.0: HMAC-SHA-256 over <c>id.timestamp.body</c>.</summary>
internal static class WebhookSignature
{
    private const string SecretPrefix = "whsec_";
    private const int SecretBytes = 32;

    public static string NewSecret() => SecretPrefix + Convert.ToBase64String(RandomNumberGenerator.GetBytes(SecretBytes));

    /// <summary>The header's value: one signature for each secret that is in force, the newest first.</summary>
    /// <param name="at">Moment of the try.</param>
    public static string Of(IEnumerable<string> secrets, string id, DateTimeOffset at, byte[] body) =>
        string.Join(' ', secrets.Select(s => "v1," + Convert.ToBase64String(Sign(s, id, at, body))));

    private static byte[] Sign(string secret, string id, DateTimeOffset at, byte[] body)
    {
        var key = Convert.FromBase64String(secret[SecretPrefix.Length..]);
        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);
        CryptographicOperations.ZeroMemory(key);
        hmac.AppendData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{id}.{at.ToUnixTimeSeconds()}.")));
        hmac.AppendData(body);
        return hmac.GetHashAndReset();
    }
}
