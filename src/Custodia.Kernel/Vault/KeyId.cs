using System.Globalization;

namespace Custodia.Kernel.Vault;

/// <summary>Name of a key below an account's key. Destroying it makes everything sealed under it unreadable, in every copy.</summary>
public readonly record struct KeyId
{
    private const string DayKind = "day";

    private KeyId(string kind, long account, string name)
    {
        Kind = kind;
        Account = account;
        Name = name;
    }

    /// <summary><c>subject</c>, <c>record</c>, <c>day</c>, <c>segment</c>, <c>index</c> or <c>server</c>.</summary>
    public string Kind { get; }

    /// <summary>The account's <c>uin</c>; 0 for keys of the server itself (segments hold many accounts).</summary>
    public long Account { get; }

    public string Name { get; }

    /// <summary>The key of a person: a user or a sub-account.</summary>
    public static KeyId Subject(long account, Guid person) => new("subject", account, person.ToString("N"));

    /// <summary>The key of one record that outlives its people, e.g. a ticket's content.</summary>
    public static KeyId Record(long account, string kind, Guid id) => new("record", account, $"{kind}/{id:N}");

    /// <summary>The key of one day of an account's short-lived data that belongs to no known person.</summary>
    public static KeyId Day(long account, string kind, DateOnly day) => new(DayKind, account, $"{kind}/{day:yyyyMMdd}");

    /// <summary>The key that all exact-match indexes of an account derive from.</summary>
    internal static KeyId Index(long account) => new("index", account, "all");

    /// <summary>A key of the server itself, for no account's data.</summary>
    internal static KeyId Server(string name) => new("server", 0, name);

    /// <summary>The key of one day of a stream.</summary>
    public static KeyId Segment(string stream, DateOnly day) => new("segment", 0, $"{stream}/{day:yyyyMMdd}");

    /// <summary>A key by its text (see <see cref="ToString"/>), as the key store has it.</summary>
    internal static KeyId Parse(string text)
    {
        var parts = text.Split('/', 3);
        return new(parts[0], long.Parse(parts[1], CultureInfo.InvariantCulture), parts[2]);
    }

    /// <summary>Whether this is a key of <see cref="Day"/>, of that kind and for a day before <paramref name="first"/>.</summary>
    internal bool IsDayBefore(string kind, DateOnly first) =>
        Kind == DayKind
        && Name.Length == kind.Length + 9
        && Name.StartsWith(kind, StringComparison.Ordinal)
        && Name[kind.Length] == '/'
        && DateOnly.ParseExact(Name.AsSpan(kind.Length + 1), "yyyyMMdd", CultureInfo.InvariantCulture) < first;

    /// <summary>Names differ nearly always: kind need not be hashed.</summary>
    public override int GetHashCode() => HashCode.Combine(Account, Name);

    public override string ToString() => $"{Kind}/{Account}/{Name}";
}

/// <summary>
/// Where a sealed value lives. All of it is bound into the ciphertext as associated data (AES-GCM), so that a value moved to
/// another person, field or row does not open.
/// </summary>
/// <param name="Key">The owner's key.</param>
/// <param name="Category">Policy category id.</param>
/// <param name="Field">Policy field name.</param>
/// <param name="Row">Identifier of the row, stable for the row's life.</param>
public readonly record struct Place(KeyId Key, string Category, string Field, string Row);
