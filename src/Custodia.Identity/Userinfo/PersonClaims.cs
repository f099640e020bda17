using System.Text.Json;
using Custodia.Identity.Users;

namespace Custodia.Identity.Userinfo;

/// <summary>Claims about a person, opened for the application the person signed in to. Held only while an answer is written.</summary>
internal sealed class PersonClaims
{
    public static readonly PersonClaims None = new([]);

    // The policy's use of identity.user-profile that covers this.
    private const string Use = "application-sign-in";

    private readonly List<(string Name, object Value)> _values;

    private PersonClaims(List<(string Name, object Value)> values) => _values = values;

    /// <summary>Opens the claims of these names that the person has; others are left out (Core section 5.3.2).</summary>
    /// <param name="groups">Names of the person's groups, where they are asked for and may be told.</param>
    public static async ValueTask<PersonClaims> OpenAsync(
        UserProfiles profiles, User user, IEnumerable<string> names, IReadOnlyList<string>? groups, CancellationToken cancellation)
    {
        var values = new List<(string, object)>();
        if (groups is not null) values.Add((ClaimNames.Groups, groups));
        foreach (var name in names.Distinct(StringComparer.Ordinal))
        {
            if (await ValueAsync(profiles, user, name, cancellation) is { } value) values.Add((name, value));
        }

        return values.Count == 0 ? None : new PersonClaims(values);
    }

    public void Write(Utf8JsonWriter json)
    {
        foreach (var (name, value) in _values)
        {
            if (value is string text) json.WriteString(name, text);
            else if (value is bool yes) json.WriteBoolean(name, yes);
            else if (value is IReadOnlyList<string> list) Write(json, name, list);
            else json.WriteNumber(name, (long)value);
        }
    }

    public static void Write(Utf8JsonWriter json, string name, IReadOnlyList<string> list)
    {
        json.WriteStartArray(name);
        foreach (var one in list) json.WriteStringValue(one);
        json.WriteEndArray();
    }

    /// <summary>Never the content.</summary>
    public override string ToString() => "(claims)";

    private static async ValueTask<object?> ValueAsync(UserProfiles profiles, User user, string name, CancellationToken cancellation) => name switch
    {
        ClaimNames.EmailVerified => user.Email is null ? null : user.EmailVerified,
        ClaimNames.UpdatedAt => user.UpdatedAt.ToUnixTimeSeconds(),
        ClaimNames.Name => await profiles.OpenAsync(user, UserField.DisplayName, Use, cancellation),
        ClaimNames.PreferredUsername => await profiles.OpenAsync(user, UserField.UserName, Use, cancellation),
        ClaimNames.Birthdate => await profiles.OpenAsync(user, UserField.BirthDate, Use, cancellation),
        ClaimNames.Gender => await profiles.OpenAsync(user, UserField.Gender, Use, cancellation),
        ClaimNames.Locale => await profiles.OpenAsync(user, UserField.Locale, Use, cancellation),
        ClaimNames.Email => await profiles.OpenAsync(user, UserField.Email, Use, cancellation),
        ClaimNames.PhoneNumber => await profiles.OpenAsync(user, UserField.Mobile, Use, cancellation),
        _ => null,
    };
}
