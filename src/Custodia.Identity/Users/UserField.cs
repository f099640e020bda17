using Custodia.Kernel.Vault;

namespace Custodia.Identity.Users;

/// <summary>One sealed field of a user: its policy name, where it is kept, how long it may be and how it is looked up.</summary>
internal sealed record UserField(
    string Name,
    int MaxLength,
    Func<User, Sealed<string>?> Get,
    Action<User, Sealed<string>?> Set,
    Func<Profile, string?> Of)
{
    public static readonly UserField UserName = new("user-name", 64, u => u.UserName, (u, v) => u.UserName = v, p => p.UserName)
    {
        Normalise = Kernel.Vault.Normalise.Name,
        SetIndex = (u, v) => u.UserNameIndex = v,
    };

    public static readonly UserField Email = new("email", 254, u => u.Email, (u, v) => u.Email = v, p => p.Email)
    {
        Normalise = Kernel.Vault.Normalise.Email,
        SetIndex = (u, v) => u.EmailIndex = v,
    };

    public static readonly UserField Mobile = new("mobile", 24, u => u.Mobile, (u, v) => u.Mobile = v, p => p.Mobile)
    {
        Normalise = Kernel.Vault.Normalise.Mobile,
        SetIndex = (u, v) => u.MobileIndex = v,
    };

    public static readonly UserField DisplayName = new("display-name", 100, u => u.DisplayName, (u, v) => u.DisplayName = v, p => p.DisplayName);

    public static readonly UserField BirthDate = new("birth-date", 10, u => u.BirthDate, (u, v) => u.BirthDate = v, p => p.BirthDate);

    public static readonly UserField Gender = new("gender", 32, u => u.Gender, (u, v) => u.Gender = v, p => p.Gender);

    public static readonly UserField Locale = new("locale", 35, u => u.Locale, (u, v) => u.Locale = v, p => p.Locale);

    public static readonly UserField CustomAttributes = new("custom-attributes", 8192, u => u.CustomAttributes, (u, v) => u.CustomAttributes = v, p => p.CustomAttributes);

    /// <summary>The fields of a profile, in the order in which people read them.</summary>
    public static IReadOnlyList<UserField> All { get; } =
        [UserName, Email, Mobile, DisplayName, BirthDate, Gender, Locale, CustomAttributes];

    /// <summary>Why somebody is locked or frozen. Not of the profile: staff write it.</summary>
    public static readonly UserField StatusReason = new("status-reason", 500, u => u.StatusReason, (u, v) => u.StatusReason = v, _ => null);

    /// <summary>What staff can have revealed.</summary>
    public static IReadOnlyList<UserField> Revealable { get; } = [.. All, StatusReason];

    /// <summary>For fields with exact lookup: the one form in which a value is indexed; null for the others.</summary>
    public Func<string, string>? Normalise { get; private init; }

    public Action<User, byte[]?>? SetIndex { get; private init; }

    public static UserField? Named(string name) => All.FirstOrDefault(f => f.Name == name);

    public override string ToString() => Name;
}
