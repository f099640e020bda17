using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Custodia.Identity.Registration;
using Custodia.Kernel.Policy;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Identity.Agreements;

/// <summary>
/// One version of an agreement between a directory and its people. Title, text and link never change: a change is a new version. A
/// version that somebody has accepted is kept as long as they have.
/// </summary>
[Category(RegistrationSettings.Category)]
internal sealed class Agreement
{
    public const int MaxName = 40;
    public const int MaxTitle = 200;
    public const int MaxVersion = 20;
    public const int MaxText = 100_000;
    public const int MaxLink = 500;

    public Guid Id { get; init; }

    /// <summary>The account's <c>uin</c>.</summary>
    public long Account { get; init; }

    public Guid DirectoryId { get; init; }

    /// <summary>Which agreement it is a version of, e.g. <c>terms</c>.</summary>
    public required string Name { get; init; }

    /// <summary>E.g. <c>2026-03</c>; once for each agreement.</summary>
    public required string Version { get; init; }

    [Field("label")]
    public required string Title { get; init; }

    [Field("label-zh")]
    public required string TitleZh { get; init; }

    /// <summary>Plain text; null where <see cref="Link"/> leads to it.</summary>
    [Field("agreement-text")]
    public string? Text { get; init; }

    [Field("agreement-text-zh")]
    public string? TextZh { get; init; }

    /// <summary>https address of the text.</summary>
    [Field("agreement-link")]
    public string? Link { get; init; }

    /// <summary>Nobody joins or goes on without it; an optional one can be left out and taken back.</summary>
    public bool Mandatory { get; init; }

    public DateTimeOffset ValidFrom { get; init; }

    /// <summary>SHA-256 over all that people see of it; goes into each acceptance.</summary>
    public required byte[] TextHash { get; init; }

    /// <summary>From when it is not asked for any more.</summary>
    public DateTimeOffset? RetiredAt { get; set; }

    [Field("updated-at")]
    public DateTimeOffset CreatedAt { get; init; }

    public string TitleNow() => Chinese ? TitleZh : Title;

    public string? TextNow() => Chinese ? TextZh ?? Text : Text;

    /// <summary>Where people read it.</summary>
    public string Address(string directory) => Link ?? $"/d/{directory}/agreements/{Id}";

    public static byte[] HashOf(params ReadOnlySpan<string?> parts)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var part in parts)
        {
            hash.AppendData(Encoding.UTF8.GetBytes(part ?? ""));
            hash.AppendData([0]);
        }

        return hash.GetHashAndReset();
    }

    private static bool Chinese => CultureInfo.CurrentUICulture.TwoLetterISOLanguageName == "zh";

    public static void Configure(ModelBuilder model)
    {
        var agreement = model.Entity<Agreement>();
        agreement.ToTable("agreements");
        agreement.HasKey(a => a.Id);
        agreement.Property(a => a.Name).HasMaxLength(MaxName);
        agreement.Property(a => a.Version).HasMaxLength(MaxVersion);
        agreement.Property(a => a.Title).HasMaxLength(MaxTitle);
        agreement.Property(a => a.TitleZh).HasMaxLength(MaxTitle);
        agreement.Property(a => a.Link).HasMaxLength(MaxLink);
        agreement.HasIndex(a => new { a.DirectoryId, a.Name, a.Version }).IsUnique();
    }
}
