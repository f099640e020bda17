using System.Buffers;

namespace Custodia.Identity.Protocol;

/// <summary>Scope values (RFC 6749 section 3.3) and those OpenID Connect gives a meaning (Core sections 5.4 and 11).</summary>
internal static class Scopes
{
    public const string OpenId = "openid";
    public const string Profile = "profile";
    public const string Email = "email";
    public const string Phone = "phone";
    public const string OfflineAccess = "offline_access";

    /// <summary>Ours: the names of the person's groups. Nobody has it who was not given it.</summary>
    public const string Groups = "groups";

    // scope-token = 1*( %x21 / %x23-5B / %x5D-7E )
    private static readonly SearchValues<char> Allowed = SearchValues.Create(
        Enumerable.Range(0x21, 0x7e - 0x21 + 1).Select(c => (char)c).Where(c => c is not '"' and not '\\').ToArray());

    public static IReadOnlyList<string> Standard { get; } = [OpenId, Profile, Email, Phone, OfflineAccess];

    /// <summary>All that have a meaning here.</summary>
    public static IReadOnlyList<string> Meaningful { get; } = [.. Standard, Groups];

    public static bool IsToken(string text) => text.Length > 0 && text.AsSpan().IndexOfAnyExcept(Allowed) < 0;

    /// <summary>The distinct values in the order given; null when one is not a scope token.</summary>
    public static string[]? Parse(string? text)
    {
        if (text is null) return [];
        var values = text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Distinct(StringComparer.Ordinal).ToArray();
        return Array.TrueForAll(values, IsToken) ? values : null;
    }

    /// <summary>Whether a value is among those of a stored text.</summary>
    public static bool Holds(string stored, string scope)
    {
        foreach (var range in stored.AsSpan().Split(' '))
        {
            if (stored.AsSpan(range).SequenceEqual(scope)) return true;
        }

        return false;
    }

    public static string Join(IEnumerable<string> scopes) => string.Join(' ', scopes);

    public static string[] Split(string stored) => stored.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
