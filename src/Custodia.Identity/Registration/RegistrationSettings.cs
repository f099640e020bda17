using Custodia.Kernel.Policy;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Identity.Registration;

/// <summary>What a directory asks people who join it, and what it adds to their profiles. No row: the defaults.</summary>
[Category(Category)]
internal sealed class RegistrationSettings
{
    public const string Category = "identity.registration";

    public Guid DirectoryId { get; init; }

    /// <summary>The account's <c>uin</c>.</summary>
    public long Account { get; init; }

    /// <summary>Profile fields that sign-up shows besides the mandatory ones, as policy names separated by blanks.</summary>
    public string AskedFields { get; set; } = RegistrationForm.AskedByDefault;

    public DateTimeOffset UpdatedAt { get; set; }

    public static void Configure(ModelBuilder model)
    {
        var settings = model.Entity<RegistrationSettings>();
        settings.ToTable("registration_settings");
        settings.HasKey(s => s.DirectoryId);
        settings.Property(s => s.DirectoryId).ValueGeneratedNever();
    }
}
