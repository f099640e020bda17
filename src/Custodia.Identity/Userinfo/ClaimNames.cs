using System.Collections.Frozen;
using Custodia.Identity.Protocol;

namespace Custodia.Identity.Userinfo;

/// <summary>The standard claims that are held about people (OpenID Connect Core section 5.1), and their groups; and the scopes that ask for them (5.4).</summary>
internal static class ClaimNames
{
    public const string Name = "name";
    public const string PreferredUsername = "preferred_username";
    public const string Birthdate = "birthdate";
    public const string Gender = "gender";
    public const string Locale = "locale";
    public const string UpdatedAt = "updated_at";
    public const string Email = "email";
    public const string EmailVerified = "email_verified";
    public const string PhoneNumber = "phone_number";
    public const string Groups = "groups";

    public static IReadOnlyDictionary<string, string[]> ByScope { get; } = new Dictionary<string, string[]>(StringComparer.Ordinal)
    {
        [Scopes.Profile] = [Name, PreferredUsername, Birthdate, Gender, Locale, UpdatedAt],
        [Scopes.Email] = [Email, EmailVerified],
        [Scopes.Phone] = [PhoneNumber],
        [Scopes.Groups] = [Groups],
    };

    /// <summary>Everything that may be asked for.</summary>
    public static FrozenSet<string> All { get; } = ByScope.Values.SelectMany(names => names).ToFrozenSet(StringComparer.Ordinal);

    /// <summary>The scope that covers a claim; an application gets no claim one by one that its scopes would not give it.</summary>
    public static string ScopeOf(string claim) => ByScope.First(entry => entry.Value.Contains(claim, StringComparer.Ordinal)).Key;

    /// <summary>The claims of a stored text that the application may still be told.</summary>
    public static string[] Kept(string stored, Applications.ApplicationModel application) =>
        stored.Length == 0 ? [] : [.. Scopes.Split(stored).Where(claim => application.Scopes.Contains(ScopeOf(claim)))];

    public static IEnumerable<string> Of(IEnumerable<string> scopes) =>
        scopes.SelectMany(scope => ByScope.TryGetValue(scope, out var names) ? names : []);
}
