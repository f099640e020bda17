using System.Text.Json.Serialization;

namespace Custodia.Identity.Jobs.Imports;

/// <summary>What is to be done with an uploaded file.</summary>
/// <param name="DryRun">Check every row and write nothing.</param>
internal sealed record ImportPlan(ImportMapping Mapping, Duplicates Duplicates = Duplicates.Skip, bool DryRun = false);

/// <summary>What happens to a row whose user name or email somebody of the directory has already.</summary>
internal enum Duplicates
{
    /// <summary>The user stays as they are.</summary>
    Skip,

    /// <summary>What the row says replaces what is stored; what it leaves out stays.</summary>
    Update,

    /// <summary>The row is reported.</summary>
    Fail,
}

/// <summary>Which column of the file says what. A column is the heading of a CSV file, or a property of an NDJSON object (<c>a.b</c> for one inside).</summary>
internal sealed record ImportMapping
{
    public string? UserName { get; init; }

    public string? Email { get; init; }

    public string? Mobile { get; init; }

    public string? DisplayName { get; init; }

    /// <summary>Values are ISO 8601 dates.</summary>
    public string? BirthDate { get; init; }

    public string? Gender { get; init; }

    /// <summary>Values are BCP 47 tags.</summary>
    public string? Locale { get; init; }

    /// <summary>Column by name of the custom attribute.</summary>
    public IReadOnlyDictionary<string, string>? CustomAttributes { get; init; }

    /// <summary>Values are <c>true</c> or <c>false</c>, <c>1</c> or <c>0</c>, <c>yes</c> or <c>no</c>.</summary>
    public string? EmailVerified { get; init; }

    /// <summary>The account vouches for all addresses of the file.</summary>
    public bool AllEmailsVerified { get; init; }

    /// <summary>Values are <c>NORMAL</c> or <c>LOCKED</c>, or <c>active</c>, <c>enabled</c>, <c>disabled</c>, <c>suspended</c>.</summary>
    public string? Status { get; init; }

    /// <summary>Values are names of groups of the directory, separated by <c>;</c>.</summary>
    public string? Groups { get; init; }

    public HashMapping? PasswordHash { get; init; }

    /// <summary>The column of each profile field, by the field's policy name.</summary>
    [JsonIgnore]
    public IEnumerable<(string Field, string? Column)> Profile =>
    [
        ("user-name", UserName), ("email", Email), ("mobile", Mobile), ("display-name", DisplayName),
        ("birth-date", BirthDate), ("gender", Gender), ("locale", Locale),
    ];

    /// <summary>Every column that is named.</summary>
    [JsonIgnore]
    public IEnumerable<string> Columns =>
        Profile.Select(p => p.Column)
            .Concat([EmailVerified, Status, Groups, PasswordHash?.Column, PasswordHash?.SaltColumn])
            .OfType<string>()
            .Concat(CustomAttributes?.Values ?? []);
}

/// <param name="Format"><c>auto</c> for hashes that say themselves what they are; <c>md5</c>, <c>sha1</c>, <c>sha256</c> or <c>sha512</c> for bare digests in hexadecimal or base64.</param>
/// <param name="SaltColumn">For bare digests: the column of the salt, which is text.</param>
/// <param name="SaltFirst">Whether the salt was hashed before the password (the usual way) or behind it.</param>
internal sealed record HashMapping(string Column, string Format = "auto", string? SaltColumn = null, bool SaltFirst = true)
{
    public static IReadOnlyList<string> Formats { get; } = ["auto", "md5", "sha1", "sha256", "sha512"];
}

/// <summary>What is wrong with a plan, all at once.</summary>
internal static class ImportPlanRules
{
    public static IEnumerable<(string Field, string Rule)> Check(ImportPlan plan, IReadOnlyCollection<string> columns)
    {
        var mapping = plan.Mapping;
        if (mapping.UserName is null && mapping.Email is null) yield return ("mapping.email", "email-or-user-name");
        foreach (var column in mapping.Columns.Distinct(StringComparer.Ordinal))
        {
            if (!columns.Contains(column, StringComparer.Ordinal)) yield return ("mapping", $"the file has no column '{Shown(column)}'");
        }

        if (mapping.CustomAttributes?.Count > 32) yield return ("mapping.customAttributes", "at most 32");
        if (mapping.PasswordHash is not { } hash) yield break;
        if (!HashMapping.Formats.Contains(hash.Format, StringComparer.Ordinal)) yield return ("mapping.passwordHash.format", $"one of {string.Join(", ", HashMapping.Formats)}");
        if (hash.SaltColumn is not null && hash.Format == "auto") yield return ("mapping.passwordHash.saltColumn", "only with md5, sha1, sha256 or sha512");
    }

    private static string Shown(string column) => column.Length <= 64 ? column : column[..64];
}
