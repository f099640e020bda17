using Custodia.Kernel.Policy;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Identity.Branding;

/// <summary>How a directory's pages look and what they say beside the form. A directory without one has the product's own look.</summary>
[Category("identity.branding")]
internal sealed class DirectoryBranding
{
    public const int MaxLead = 200;
    public const int MaxAddress = 500;

    /// <summary>The account's <c>uin</c>.</summary>
    public long Account { get; init; }

    public Guid DirectoryId { get; init; }

    /// <summary><c>#rrggbb</c>; null is the product's own colour.</summary>
    public string? Colour { get; set; }

    /// <summary>A data: image or a path of this server; null shows the title alone.</summary>
    public string? Logo { get; set; }

    /// <summary>One sentence above the sign-in form, in English; null shows none.</summary>
    public string? Lead { get; set; }

    public string? LeadZh { get; set; }

    /// <summary>Where people find help, the terms and the directory's own privacy notice: https addresses, or mailto: for help.</summary>
    public string? SupportAddress { get; set; }

    public string? TermsAddress { get; set; }

    public string? PrivacyAddress { get; set; }

    /// <summary>Host, with a port where it is not the usual one, at which people sign in; null is the server's own.</summary>
    public string? CustomDomain { get; set; }

    public DateTimeOffset UpdatedAt { get; set; }

    public static void Configure(ModelBuilder model)
    {
        var branding = model.Entity<DirectoryBranding>();
        branding.ToTable("brandings");
        branding.HasKey(b => b.DirectoryId);
        branding.Property(b => b.Colour).HasMaxLength(7);
        branding.Property(b => b.Lead).HasMaxLength(MaxLead);
        branding.Property(b => b.LeadZh).HasMaxLength(MaxLead);
        branding.Property(b => b.CustomDomain).HasMaxLength(260);
        branding.HasIndex(b => b.CustomDomain).IsUnique();
    }
}
