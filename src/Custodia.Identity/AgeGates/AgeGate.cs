using System.Globalization;
using Custodia.Identity.Registration;
using Custodia.Kernel.Policy;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Identity.AgeGates;

/// <summary>How old people must be who join a directory by themselves, by country.</summary>
[Category(RegistrationSettings.Category)]
internal sealed class AgeGate
{
    public const int DefaultAge = 16;

    public Guid DirectoryId { get; init; }

    /// <summary>The account's <c>uin</c>.</summary>
    public long Account { get; init; }

    [Field("age-gate")]
    public bool Enabled { get; set; }

    public CountrySource CountrySource { get; set; }

    /// <summary>Minimum age for countries that neither the directory nor <see cref="MinimumAges"/> names.</summary>
    [Field("minimum-age")]
    public int OtherCountries { get; set; } = DefaultAge;

    /// <summary>The directory's own ages, e.g. <c>DE=16 US=13</c>; they come before those of <see cref="MinimumAges"/>.</summary>
    [Field("minimum-ages")]
    public string Ages { get; set; } = "";

    public DateTimeOffset UpdatedAt { get; set; }

    /// <summary>The directory's own ages by country.</summary>
    public IReadOnlyDictionary<string, int> Own() =>
        Ages.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .ToDictionary(a => a[..2], a => int.Parse(a.AsSpan(3), CultureInfo.InvariantCulture), StringComparer.Ordinal);

    /// <summary>Minimum age in full years.</summary>
    /// <param name="country">ISO 3166-1 alpha-2; null when it is not known.</param>
    public int For(string? country) =>
        country is null ? OtherCountries
        : Own().TryGetValue(country, out var own) ? own
        : MinimumAges.ByCountry.TryGetValue(country, out var age) ? age
        : OtherCountries;

    public static string Write(IEnumerable<KeyValuePair<string, int>> ages) =>
        string.Join(' ', ages.OrderBy(a => a.Key, StringComparer.Ordinal).Select(a => string.Create(CultureInfo.InvariantCulture, $"{a.Key}={a.Value}")));

    public static void Configure(ModelBuilder model)
    {
        var gate = model.Entity<AgeGate>();
        gate.ToTable("age_gates");
        gate.HasKey(g => g.DirectoryId);
        gate.Property(g => g.DirectoryId).ValueGeneratedNever();
        gate.Property(g => g.CountrySource).HasMaxLength(16);
    }
}

/// <summary>Where the country comes from whose law is asked.</summary>
internal enum CountrySource
{
    /// <summary>The person says where they live.</summary>
    Stated,

    /// <summary>The country that the client's address is registered in.</summary>
    Address,
}
