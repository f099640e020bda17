namespace Custodia.Identity.Passwords;

/// <summary>
/// What a new password must be: 8 to 128 characters of any script, not the person's own name, not a common one
/// (NIST SP 800-63B, section 3.1.1.2: length and a block list, no composition rules).
/// </summary>
internal static class PasswordPolicy
{
    public const int MinLength = 8;
    public const int MaxLength = 128;

    /// <summary>The rules that a password breaks; none when it is good.</summary>
    /// <param name="names">User name, address and display name of the person, as far as known.</param>
    public static IEnumerable<string> Check(PlainPassword? password, params IReadOnlyList<string?> names)
    {
        if (password is null || password.Length > MaxLength)
        {
            yield return "password-too-long";
            yield break;
        }

        if (password.Length < MinLength) yield return "password-too-short";
        if (names.Any(name => Contains(password, name))) yield return "password-contains-name";
        if (password.Length > 0 && CommonPasswords.Covers(password.Text)) yield return "password-common";
    }

    // Of an address the part before the @ counts; two letters of the alphabet occur in good passwords by chance.
    private static bool Contains(PlainPassword password, string? name)
    {
        var part = name?.Split('@')[0].Trim();
        return part is { Length: >= 2 } && (part.Length > 2 || !System.Text.Ascii.IsValid(part)) && password.Text.Contains(part, StringComparison.OrdinalIgnoreCase);
    }
}
