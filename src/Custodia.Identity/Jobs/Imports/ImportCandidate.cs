using System.Text.Json;
using Custodia.Identity.Passwords.ForeignHashes;
using Custodia.Identity.Registration;
using Custodia.Identity.Users;

namespace Custodia.Identity.Jobs.Imports;

/// <summary>What a row says about a user, or what is wrong with it.</summary>
internal sealed record ImportCandidate(int Line, Profile Profile, IReadOnlyList<Finding> Findings)
{
    public bool? EmailVerified { get; init; }

    public UserStatus? Status { get; init; }

    /// <summary>The hash in the form in which it is kept.</summary>
    public string? Hash { get; init; }

    public IReadOnlyList<string> Groups { get; init; } = [];

    /// <summary>Never the content.</summary>
    public override string ToString() => $"(row {Line})";

    /// <param name="attributes">Definitions of the custom attributes that the mapping names; none where the directory defines none.</param>
    public static ImportCandidate Of(ImportRow row, ImportMapping mapping, IReadOnlyList<AttributeDefinition> attributes, DateOnly today)
    {
        if (row.Rule is { } broken) return new ImportCandidate(row.Line, new Profile(), [new Finding("row", broken)]);
        List<Finding> findings = [];
        var profile = ProfileOf(row, mapping);
        if (profile.UserName is null && profile.Email is null) findings.Add(new Finding("email", "email-or-user-name"));
        findings.AddRange(ProfileRules.Check(profile, today));
        findings.AddRange(AttributeRules.Check(attributes, profile.CustomAttributes));
        return new ImportCandidate(row.Line, profile, findings)
        {
            EmailVerified = mapping.AllEmailsVerified ? true : Read(row, mapping.EmailVerified, "email-verified", "true-or-false", YesOrNo, findings),
            Status = Read(row, mapping.Status, "status", "unknown-value", StatusOf, findings),
            Hash = HashOf(row, mapping.PasswordHash, findings),
            Groups = row[mapping.Groups]?.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [],
        };
    }

    private static Profile ProfileOf(ImportRow row, ImportMapping mapping) => new()
    {
        UserName = row[mapping.UserName],
        Email = row[mapping.Email],
        Mobile = row[mapping.Mobile],
        DisplayName = row[mapping.DisplayName],
        BirthDate = row[mapping.BirthDate],
        Gender = row[mapping.Gender],
        Locale = row[mapping.Locale],
        CustomAttributes = Attributes(row, mapping),
    };

    private static string? Attributes(ImportRow row, ImportMapping mapping)
    {
        if (mapping.CustomAttributes is not { Count: > 0 } columns) return null;
        var values = columns.Where(c => row[c.Value] is not null).ToDictionary(c => c.Key, c => row[c.Value]!, StringComparer.Ordinal);
        return values.Count == 0 ? null : JsonSerializer.Serialize(values);
    }

    private static T? Read<T>(ImportRow row, string? column, string field, string rule, Func<string, T?> read, List<Finding> findings)
        where T : struct
    {
        if (row[column] is not { } text) return null;
        var value = read(text);
        if (value is null) findings.Add(new Finding(field, rule));
        return value;
    }

    private static string? HashOf(ImportRow row, HashMapping? mapping, List<Finding> findings)
    {
        if (mapping is null || row[mapping.Column] is not { } text) return null;
        var outcome = mapping.Format == "auto"
            ? ForeignHashReader.Accept(text)
            : ForeignHashReader.Accept(mapping.Format, text, mapping.SaltColumn is { } salt && row.Values.TryGetValue(salt, out var value) ? value : "", mapping.SaltFirst);
        if (outcome is HashOutcome.Refused refused) findings.Add(new Finding("credentials", refused.Rule));
        return (outcome as HashOutcome.Accepted)?.Stored;
    }

    private static bool? YesOrNo(string text) => text.ToLowerInvariant() switch
    {
        "true" or "1" or "yes" or "y" or "t" => true,
        "false" or "0" or "no" or "n" or "f" => false,
        _ => null,
    };

    private static UserStatus? StatusOf(string text) => text.ToLowerInvariant() switch
    {
        "normal" or "active" or "enabled" or "true" or "1" => UserStatus.Normal,
        "locked" or "disabled" or "inactive" or "suspended" or "false" or "0" => UserStatus.Locked,
        _ => null,
    };
}
