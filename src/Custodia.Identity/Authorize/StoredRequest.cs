using Custodia.Kernel.Policy;
using Custodia.Kernel.Vault;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Identity.Authorize;

/// <summary>
/// An authorization (or sign-out) request that waits while the person signs in or answers a question. The browser carries only
/// its random id, so no hint about a person travels in addresses and nothing of the request can be changed on the way.
/// </summary>
[Category(Category)]
internal sealed class StoredRequest
{
    public const string Category = "identity.authorization-request";

    public const string DayKey = "authorization-request";

    public static readonly TimeSpan Life = TimeSpan.FromHours(1);

    /// <summary>SHA-256 of the id that the browser carries.</summary>
    public required byte[] RequestHash { get; init; }

    /// <summary>The account's <c>uin</c>.</summary>
    public long Account { get; init; }

    public Guid DirectoryId { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset ExpiresAt { get; init; }

    /// <summary>The parameters as a JSON object, sealed under the key of the day: whose they are is not known yet.</summary>
    public Sealed<string> Parameters { get; set; } = null!;

    /// <summary>The application that pushed it (RFC 9126) and has not used it yet; null for a request that a browser brought.</summary>
    public Guid? PushedBy { get; init; }

    /// <summary>The person who said yes to this very request.</summary>
    public Guid? ConsentBy { get; set; }

    public Place ParametersPlace => new(
        KeyId.Day(Account, DayKey, DateOnly.FromDateTime(CreatedAt.UtcDateTime)),
        Category,
        "parameters",
        Convert.ToHexStringLower(RequestHash));

    public static void Configure(ModelBuilder model)
    {
        var request = model.Entity<StoredRequest>();
        request.ToTable("authorization_requests");
        request.HasKey(r => r.RequestHash);
        request.Ignore(r => r.ParametersPlace);
        request.HasIndex(r => r.CreatedAt);
    }
}
