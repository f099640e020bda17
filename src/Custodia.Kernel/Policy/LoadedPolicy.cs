using System.Collections.Frozen;
using System.Globalization;

namespace Custodia.Kernel.Policy;

/// <summary>The whole policy as the server has loaded and checked it.</summary>
/// <param name="Version">Version that the files state, e.g. <c>2026-11-21</c>; the newest of all files.</param>
/// <param name="Sha256">Lower-case hex SHA-256 over the files in name order: <c>cat policy/*.yaml | sha256sum</c>.</param>
/// <param name="Services">One entry a file.</param>
public sealed record LoadedPolicy(string Version, string Sha256, IReadOnlyList<ServicePolicy> Services)
{
    private readonly FrozenDictionary<string, PolicyCategory> _categories = ById(Services);

    /// <summary>One entry a file.</summary>
    public IReadOnlyList<ServicePolicy> Services
    {
        get;
        init
        {
            field = value;
            _categories = ById(value);
        }
    } = Services;

    public IEnumerable<PolicyCategory> Categories => Services.SelectMany(s => s.Categories);

    /// <summary>The category with this id.</summary>
    /// <exception cref="KeyNotFoundException">No such category: a bug that the start-up check reports first.</exception>
    public PolicyCategory Category(string id) =>
        _categories.TryGetValue(id, out var category) ? category : throw new KeyNotFoundException($"The policy has no category '{id}'.");

    public bool TryCategory(string id, out PolicyCategory? category) => _categories.TryGetValue(id, out category);

    private static FrozenDictionary<string, PolicyCategory> ById(IReadOnlyList<ServicePolicy> services) =>
        services.SelectMany(s => s.Categories).ToFrozenDictionary(c => c.Id, StringComparer.Ordinal);
}

/// <summary>One policy file.</summary>
/// <param name="Service">Service name, e.g. <c>identity</c>; <c>kernel</c> for what all share.</param>
public sealed record ServicePolicy(string Service, string Version, LocalText Title, LocalText Controller, LocalText Contact, IReadOnlyList<PolicyCategory> Categories);

/// <summary>A text in the languages of the pages.</summary>
public sealed record LocalText(string En, string Zh)
{
    /// <summary>The text in the language of the current request.</summary>
    public string Current => CultureInfo.CurrentUICulture.TwoLetterISOLanguageName == "zh" ? Zh : En;
}

public enum ProcessingRole
{
    Controller,
    Processor,
}

public enum Protection
{
    /// <summary>Stored as it is.</summary>
    Plain,

    /// <summary>Stored under the key of its subject (in streams: of its segment and subject).</summary>
    Sealed,
}

public enum Lookup
{
    None,

    /// <summary>By exact value, through a keyed HMAC-SHA-256 index.</summary>
    Exact,

    /// <summary>By the beginning of its words, through keyed HMAC-SHA-256 hashes of them beside the value.</summary>
    Prefix,
}

/// <summary>How a value is shown to somebody who may not see it.</summary>
public enum MaskKind
{
    /// <summary>Nothing but bullets.</summary>
    Full,
    Email,
    Mobile,
    Name,
    Ip,
}

/// <summary>A line of the policy.</summary>
/// <param name="Uses">Ids of the uses (purposes); code that opens a sealed value names one of them.</param>
/// <param name="Storage">Where it is kept, one of <c>main-store</c>, <c>relational-store</c>, <c>log-stream</c>, <c>audit-stream</c>, <c>log-store</c>, <c>key-store</c>, <c>file-store</c>.</param>
/// <param name="Access">Roles on the whitelist; <c>subject</c> is the person, <c>service</c> the program itself.</param>
/// <param name="Deadline">How long after a trigger fired the data may still exist.</param>
public sealed record PolicyCategory(
    string Id,
    string Service,
    LocalText Title,
    IReadOnlyList<string> Subjects,
    ProcessingRole Role,
    IReadOnlyList<PolicyUse> Uses,
    string LegalBasis,
    IReadOnlyList<PolicyField> Fields,
    string Storage,
    bool Backup,
    string Region,
    IReadOnlyList<string> Recipients,
    IReadOnlyList<string> Access,
    IReadOnlyList<DeletionTrigger> DeleteOn,
    Period Deadline,
    string File,
    int Line)
{
    private readonly FrozenDictionary<string, PolicyField> _fields = Fields.ToFrozenDictionary(f => f.Name, StringComparer.Ordinal);

    /// <summary>Where it passes before it is kept, e.g. <c>message-broker</c>; mostly empty.</summary>
    public IReadOnlyList<string> Transit { get; init; } = [];

    public PolicyField Field(string name) =>
        _fields.TryGetValue(name, out var field) ? field : throw new KeyNotFoundException($"The policy category '{Id}' has no field '{name}'.");

    public bool TryField(string name, out PolicyField? field) => _fields.TryGetValue(name, out field);
}

/// <summary>What data is used for.</summary>
/// <param name="Term">DPV 2 purpose, e.g. <c>dpv:IdentityVerification</c>.</param>
public sealed record PolicyUse(string Id, string Term, LocalText Title);

/// <summary>One stored datum.</summary>
/// <param name="Personal">Whether it is about a person: export, erasure, backups and streams treat it so.</param>
/// <param name="Term">DPV-PD term of the datum, e.g. <c>pd:EmailAddress</c>; <c>dpv:NonPersonalData</c> where not personal.</param>
public sealed record PolicyField(
    string Name,
    LocalText Title,
    string Term,
    bool Personal,
    bool Modifiable,
    bool Mandatory,
    Protection Protection,
    Lookup Lookup,
    MaskKind Mask,
    int Line);

/// <summary>One condition that deletes; a category has a set of them and the first that fires deletes.</summary>
public abstract record DeletionTrigger
{
    /// <summary>Name that code registers for it: <c>age</c>, <c>age-since-verified</c>, <c>account-deleted</c>, <c>ticket-closed</c> …</summary>
    public abstract string Name { get; }

    /// <summary>Older than a period, counted from the record's time or from the named moment.</summary>
    public sealed record Age(Period Period, string? Since) : DeletionTrigger
    {
        public override string Name => Since is null ? "age" : $"age-since-{Since}";
    }

    /// <summary>Something happened: <c>account-deleted</c>, <c>service-terminated</c>, <c>ticket-closed</c>, <c>user-request</c>, <c>grant-expired</c>, <c>grant-revoked</c>, <c>logs-cleared</c>, <c>deletion-requested</c>, <c>account-limit</c>, <c>dormant</c> …</summary>
    /// <param name="Within">How long after the event the data may still exist; zero means at once.</param>
    public sealed record Event(string Kind, Period Within) : DeletionTrigger
    {
        /// <summary>Kind of what is not deleted; only for categories without personal fields.</summary>
        public const string Never = "never";

        public override string Name => Kind;
    }
}

/// <summary>A calendar period as in ISO 8601: years, months and days (e.g. <c>P180D</c>, <c>P3M</c>, <c>P1Y</c>).</summary>
public readonly record struct Period(int Years, int Months, int Days)
{
    public static readonly Period Zero;

    /// <summary>The first instant at which something made at <paramref name="start"/> is past the period.</summary>
    public DateTimeOffset After(DateTimeOffset start) => start.AddYears(Years).AddMonths(Months).AddDays(Days);

    /// <summary>What was made before this instant is past the period at <paramref name="now"/>.</summary>
    public DateTimeOffset Before(DateTimeOffset now) => now.AddDays(-Days).AddMonths(-Months).AddYears(-Years);

    /// <summary>Reads <c>P[nY][nM][nD]</c>.</summary>
    public static bool TryParse(string? text, out Period period)
    {
        period = default;
        if (text is null || text.Length < 3 || text[0] != 'P') return false;
        int years = 0, months = 0, days = 0, number = -1, last = 0;
        foreach (var c in text.AsSpan(1))
        {
            if (char.IsAsciiDigit(c))
            {
                number = (Math.Max(number, 0) * 10) + (c - '0');
                if (number > 36_500) return false;
                continue;
            }

            var order = c switch { 'Y' => 1, 'M' => 2, 'D' => 3, _ => 0 };
            if (number < 0 || order <= last) return false;
            last = order;
            if (order == 1) years = number;
            else if (order == 2) months = number;
            else days = number;
            number = -1;
        }

        if (number >= 0) return false;
        period = new Period(years, months, days);
        return true;
    }

    public override string ToString() => this == Zero
        ? "P0D"
        : string.Concat("P", Years > 0 ? $"{Years}Y" : "", Months > 0 ? $"{Months}M" : "", Days > 0 ? $"{Days}D" : "");
}
