using Custodia.Identity.Protocol;
using Custodia.Kernel.Policy;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Identity.Device;

/// <summary>
/// A device that waits while a person decides in a browser elsewhere (RFC 8628). The device keeps a secret and asks with it; the
/// person types the short code. Who decided stands in the grant alone, so nothing here is about a person.
/// </summary>
[Category(Category)]
internal sealed class DeviceRequest
{
    public const string Category = "identity.device-request";

    public static readonly TimeSpan Life = TimeSpan.FromMinutes(10);

    public Guid Id { get; init; }

    /// <summary>The account's <c>uin</c>.</summary>
    public long Account { get; init; }

    public Guid DirectoryId { get; init; }

    public Guid ApplicationId { get; init; }

    /// <summary>SHA-256 of the device's code.</summary>
    public required byte[] DeviceCodeHash { get; init; }

    /// <summary>Keyed hash of the code that is typed: eight letters alone would be found by trying.</summary>
    public required byte[] UserCodeHash { get; init; }

    /// <summary>Scope values separated by blanks.</summary>
    public required string Scopes { get; init; }

    /// <summary>The audience asked for (RFC 8707).</summary>
    public string? Resource { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset ExpiresAt { get; init; }

    /// <summary>Seconds the device has to leave between questions; grows when it does not (section 3.5).</summary>
    public int IntervalSeconds { get; set; }

    public DateTimeOffset? PolledAt { get; set; }

    public DateTimeOffset? DecidedAt { get; set; }

    /// <summary>What the person allowed; null when they have refused or not decided.</summary>
    public Guid? GrantId { get; set; }

    public static void Configure(ModelBuilder model)
    {
        var request = model.Entity<DeviceRequest>();
        request.ToTable("device_requests");
        request.HasKey(r => r.Id);
        request.HasIndex(r => r.DeviceCodeHash).IsUnique();
        request.HasIndex(r => new { r.DirectoryId, r.UserCodeHash }).IsUnique();
        request.HasIndex(r => r.ApplicationId);
        request.HasIndex(r => r.CreatedAt);
    }

    /// <summary>What stands in the grant where others have the hash of an authorization code: no such code hashes to it.</summary>
    public byte[] GrantCodeHash() => OpaqueToken.Hash("device/" + Convert.ToHexString(DeviceCodeHash));
}
