using System.Globalization;
using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;

namespace Custodia.Tickets.Attachments;

/// <summary>Addresses of files that work for five minutes and for nothing else. The address is the permission, so it names no file.</summary>
internal sealed class SignedLinks(IDataProtectionProvider protection, TimeProvider time)
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);
    public const string Route = "/files/tickets/{token}";

    private readonly IDataProtector _protector = protection.CreateProtector("tickets.attachment-link.v1");

    public (string Path, DateTimeOffset ExpiresAt) Make(Guid attachment)
    {
        var expires = time.GetUtcNow() + Lifetime;
        var token = _protector.Protect($"{attachment:N}.{expires.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)}");
        return ($"/files/tickets/{token}", expires);
    }

    /// <summary>The file; null when the address was made up, changed, or is too old.</summary>
    public Guid? Read(string token)
    {
        try
        {
            var parts = _protector.Unprotect(token).Split('.');
            var expires = DateTimeOffset.FromUnixTimeSeconds(long.Parse(parts[1], CultureInfo.InvariantCulture));
            return time.GetUtcNow() < expires ? Guid.ParseExact(parts[0], "N") : null;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }
}
