using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Custodia.Identity.Users;

/// <summary>What a profile's values must look like. Every finding names the field and a stable rule.</summary>
internal static partial class ProfileRules
{
    public static IEnumerable<Finding> Check(Profile profile, DateOnly today)
    {
        foreach (var field in UserField.All)
        {
            if (field.Of(profile) is not { Length: > 0 } value) continue;
            if (value.Length > field.MaxLength) yield return new(field.Name, "too-long");
            else if (HasControls(value)) yield return new(field.Name, "control-characters");
            else if (RuleBrokenBy(field, value, today) is { } rule) yield return new(field.Name, rule);
        }
    }

    public static bool IsEmail(string value) => value.Length <= 254 && EmailShape().IsMatch(value) && !HasControls(value);

    private static string? RuleBrokenBy(UserField field, string value, DateOnly today) => field.Name switch
    {
        "user-name" => UserNameShape().IsMatch(value) && !value.EnumerateRunes().Any(ShownText.IsFiller) ? null : "user-name-shape",
        "email" => IsEmail(value) ? null : "email-shape",
        "mobile" => MobileShape().IsMatch(value) ? null : "mobile-shape",
        "birth-date" => IsPast(value, today) ? null : "past-date",
        "locale" => LocaleShape().IsMatch(value) ? null : "language-tag",
        "custom-attributes" => CustomAttributes.IsValid(value) ? null : "text-values",
        _ => ShownText.IsBlank(value) ? "blank" : null,
    };

    private static bool IsPast(string value, DateOnly today) =>
        DateOnly.TryParseExact(value, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)
        && date <= today && date.Year >= 1880;

    private static bool HasControls(string value) =>
        value.EnumerateRunes().Any(r => IsTurn(r) || Rune.GetUnicodeCategory(r) is UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.Surrogate);

    // Embeddings, overrides and isolates turn the direction of what stands behind the value too: a name must not rewrite the page around it.
    private static bool IsTurn(Rune rune) => rune.Value is (>= 0x202A and <= 0x202E) or (>= 0x2066 and <= 0x2069);

    // One @, something before it, a dotted or bracketless host after it; whether it works is shown by the mailed code.
    [GeneratedRegex(@"^[^\s@<>()\[\]\\,;:""]{1,64}@[^\s@<>()\[\]\\,;:""]+\.[^\s@<>()\[\]\\,;:"".]+$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 200)]
    private static partial Regex EmailShape();

    // Letters and digits of any script; no @, so that a user name is never taken for an address.
    [GeneratedRegex(@"^[\p{L}\p{N}][\p{L}\p{M}\p{N}._-]{1,63}$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 200)]
    private static partial Regex UserNameShape();

    [GeneratedRegex(@"^\+?[0-9][0-9 ().-]{4,22}$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 200)]
    private static partial Regex MobileShape();

    [GeneratedRegex("^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 200)]
    private static partial Regex LocaleShape();
}

/// <param name="Field">Policy name of the field.</param>
/// <param name="Rule">Stable code of the rule it breaks.</param>
internal readonly record struct Finding(string Field, string Rule);
