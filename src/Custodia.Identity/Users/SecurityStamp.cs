using System.Security.Cryptography;

namespace Custodia.Identity.Users;

internal static class SecurityStamp
{
    /// <summary>A new stamp: whatever carries the old one (sessions, refresh tokens) is over.</summary>
    public static string New() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
}
