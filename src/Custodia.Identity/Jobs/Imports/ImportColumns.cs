namespace Custodia.Identity.Jobs.Imports;

/// <summary>Guesses what the columns of a file mean, by the names that other systems give them.</summary>
internal static class ImportColumns
{
    public static ImportMapping Suggest(IReadOnlyList<string> columns)
    {
        var mapping = new ImportMapping
        {
            UserName = Find(columns, "username", "login", "uid", "preferredusername"),
            Email = Find(columns, "email", "mail", "emailaddress", "primaryemail"),
            Mobile = Find(columns, "mobile", "phone", "phonenumber", "mobilephone", "telephone"),
            DisplayName = Find(columns, "displayname", "name", "fullname", "cn", "nickname"),
            BirthDate = Find(columns, "birthdate", "dateofbirth", "birthday", "dob"),
            Gender = Find(columns, "gender", "sex"),
            Locale = Find(columns, "locale", "language", "lang", "preferredlanguage"),
            EmailVerified = Find(columns, "emailverified", "verified", "emailconfirmed", "isemailverified"),
            Status = Find(columns, "status", "state", "enabled", "active", "isactive"),
            Groups = Find(columns, "groups", "group", "memberof"),
        };
        return Find(columns, "passwordhash", "password", "hash", "pwhash", "userpassword", "encryptedpassword") is not { } hash
            ? mapping
            : mapping with { PasswordHash = new HashMapping(hash) };
    }

    private static string? Find(IReadOnlyList<string> columns, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            foreach (var column in columns)
            {
                if (string.Equals(Letters(column), name, StringComparison.OrdinalIgnoreCase)) return column;
            }
        }

        return null;
    }

    private static string Letters(string column) => string.Concat(column.Where(char.IsAsciiLetter));
}
