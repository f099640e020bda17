using Custodia.Kernel.Policy;
using Custodia.Kernel.Vault;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Tickets.Contacts;

/// <summary>
/// This service's own sealed copy of how a person registered, kept up by Identity's events. For emergencies, for progress only if
/// the person chose so, and at erasure to find the person's own data in texts.
/// </summary>
[Category(Category)]
internal sealed class RegisteredContact
{
    public const string Category = "tickets.registered-contact";
    public const string UseEmergency = "emergency-contact";

    public Guid Person { get; init; }

    public long Account { get; init; }

    public required string Directory { get; init; }

    public Sealed<string>? Email { get; set; }

    public bool EmailVerified { get; set; }

    public byte[]? EmailIndex { get; set; }

    public Sealed<string>? Mobile { get; set; }

    public byte[]? MobileIndex { get; set; }

    public Sealed<string>? DisplayName { get; set; }

    public Sealed<string>? Locale { get; set; }

    /// <summary>Time of the newest event taken in; an older one that comes late changes nothing.</summary>
    public DateTimeOffset UpdatedAt { get; set; }

    public Place Place(string field) => PlaceOf(Account, Person, field);

    public static Place PlaceOf(long account, Guid person, string field) =>
        new(KeyId.Subject(account, person), Category, field, person.ToString("N"));

    public static void Configure(ModelBuilder model) => model.Entity<RegisteredContact>(contact =>
    {
        contact.HasKey(c => c.Person);
        contact.HasIndex(c => new { c.Account, c.EmailIndex });
        contact.HasIndex(c => new { c.Account, c.MobileIndex });
    });
}
