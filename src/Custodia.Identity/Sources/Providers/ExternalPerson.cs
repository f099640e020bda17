using System.Globalization;
using System.Text.Json;
using Custodia.Identity.Users;

namespace Custodia.Identity.Sources.Providers;

/// <summary>Whom a provider has signed in, in its own words.</summary>
/// <param name="Subject">Stable and unique at the provider, up to 255 characters (OpenID Connect Core section 2).</param>
/// <param name="EmailVerified">The provider says so; whether we believe it is the source's setting.</param>
internal sealed record ExternalPerson(string Subject, string? Email, bool EmailVerified, string? Name)
{
    private const int MaxSubject = 255;

    /// <summary>Reads the members that the source names; null without a usable subject. What breaks our rules for profiles is left out.</summary>
    public static ExternalPerson? Read(AuthenticationSource source, JsonElement claims)
    {
        if (claims.ValueKind != JsonValueKind.Object) return null;
        if (Text(claims, source.SubjectClaim) is not { Length: > 0 and <= MaxSubject } subject) return null;
        var email = Text(claims, source.EmailClaim)?.Trim();
        var name = Text(claims, source.NameClaim)?.Trim();
        return new ExternalPerson(
            subject,
            email is not null && ProfileRules.IsEmail(email) ? email : null,
            IsTrue(claims, "email_verified"),
            name is { Length: > 0 and <= 100 } && !name.Any(char.IsControl) ? name : null);
    }

    /// <summary>These claims, with what is missing taken from others about the same person.</summary>
    public ExternalPerson With(ExternalPerson other) => Email is null
        ? this with { Email = other.Email, EmailVerified = other.EmailVerified, Name = Name ?? other.Name }
        : this with { Name = Name ?? other.Name };

    /// <summary>Never the content.</summary>
    public override string ToString() => "(external person)";

    // Some providers number their people.
    private static string? Text(JsonElement claims, string name) =>
        !claims.TryGetProperty(name, out var value) ? null
        : value.ValueKind == JsonValueKind.String ? value.GetString()
        : value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number) ? number.ToString(CultureInfo.InvariantCulture)
        : null;

    // And some say it as text.
    private static bool IsTrue(JsonElement claims, string name) =>
        claims.TryGetProperty(name, out var value) && (value.ValueKind == JsonValueKind.True || (value.ValueKind == JsonValueKind.String && value.GetString() == "true"));
}
