using Custodia.Kernel.Vault;

namespace Custodia.Identity.Users;

/// <summary>Seals, opens and masks what a user profile says.</summary>
internal sealed class UserProfiles(DataVault vault)
{
    /// <summary>Sets the fields of a new user.</summary>
    public async Task WriteAsync(User user, Profile profile, CancellationToken cancellation)
    {
        foreach (var field in UserField.All)
        {
            if (field.Of(profile) is { Length: > 0 } value) await WriteAsync(user, field, value, cancellation);
        }
    }

    /// <summary>Sets or clears one field, with its index.</summary>
    public async Task WriteAsync(User user, UserField field, string? value, CancellationToken cancellation)
    {
        if (string.IsNullOrEmpty(value))
        {
            field.Set(user, null);
            field.SetIndex?.Invoke(user, null);
            if (field == UserField.DisplayName) user.NewNamePrefixes = [];
            return;
        }

        field.Set(user, await vault.SealAsync(user.At(field.Name), value, cancellation));
        if (field.SetIndex is { } setIndex) setIndex(user, await IndexAsync(user.Account, field, value, cancellation));
        if (field == UserField.DisplayName) await IndexNameAsync(user, value, cancellation);
    }

    /// <summary>Hash of one beginning of a display name, for the row and for the search.</summary>
    public async ValueTask<byte[]> PrefixAsync(long account, Guid directory, string beginning, CancellationToken cancellation)
    {
        var hash = await vault.IndexAsync(account, User.Category, UserField.DisplayName.Name, $"{directory:N}/{beginning}", cancellation);
        return hash[..8];
    }

    /// <summary>Keyed index of a value of a field with exact lookup.</summary>
    public ValueTask<byte[]> IndexAsync(long account, UserField field, string value, CancellationToken cancellation) =>
        vault.IndexAsync(account, User.Category, field.Name, field.Normalise!(value), cancellation);

    /// <summary>The index of a person's address, also where somebody else is found by the address already; null without one.</summary>
    public async ValueTask<byte[]?> EmailIndexAsync(User user, CancellationToken cancellation) =>
        user.EmailIndex
        ?? (await OpenAsync(user, UserField.Email, ProfileUse.SubjectRights, cancellation) is { } email ? await IndexAsync(user.Account, UserField.Email, email, cancellation) : null);

    /// <summary>Opens the whole profile for a use that the policy declares.</summary>
    public async Task<Profile> OpenAsync(User user, string use, CancellationToken cancellation) => new()
    {
        UserName = await OpenAsync(user, UserField.UserName, use, cancellation),
        Email = await OpenAsync(user, UserField.Email, use, cancellation),
        Mobile = await OpenAsync(user, UserField.Mobile, use, cancellation),
        DisplayName = await OpenAsync(user, UserField.DisplayName, use, cancellation),
        BirthDate = await OpenAsync(user, UserField.BirthDate, use, cancellation),
        Gender = await OpenAsync(user, UserField.Gender, use, cancellation),
        Locale = await OpenAsync(user, UserField.Locale, use, cancellation),
        CustomAttributes = await OpenAsync(user, UserField.CustomAttributes, use, cancellation),
    };

    public async ValueTask<string?> OpenAsync(User user, UserField field, string use, CancellationToken cancellation) =>
        field.Get(user) is { } value ? await vault.OpenAsync(user.At(field.Name), value, use, cancellation) : null;

    /// <summary>Why the user is locked or frozen, for the person.</summary>
    public async ValueTask<string?> OpenReasonAsync(User user, CancellationToken cancellation) =>
        user.StatusReason is { } reason ? await vault.OpenAsync(user.At("status-reason"), reason, ProfileUse.SubjectRights, cancellation) : null;

    /// <summary>The profile as somebody sees it who may not see it.</summary>
    public async Task<Profile> MaskAsync(User user, CancellationToken cancellation) => new()
    {
        UserName = await MaskAsync(user, UserField.UserName, cancellation),
        Email = await MaskAsync(user, UserField.Email, cancellation),
        Mobile = await MaskAsync(user, UserField.Mobile, cancellation),
        DisplayName = await MaskAsync(user, UserField.DisplayName, cancellation),
        BirthDate = await MaskAsync(user, UserField.BirthDate, cancellation),
        Gender = await MaskAsync(user, UserField.Gender, cancellation),
        Locale = await MaskAsync(user, UserField.Locale, cancellation),
        CustomAttributes = await MaskAsync(user, UserField.CustomAttributes, cancellation),
    };

    private async Task IndexNameAsync(User user, string name, CancellationToken cancellation)
    {
        List<NamePrefix> prefixes = [];
        foreach (var beginning in NamePrefixes.Of(name))
        {
            var hash = await PrefixAsync(user.Account, user.DirectoryId, beginning, cancellation);
            prefixes.Add(new NamePrefix { Account = user.Account, DirectoryId = user.DirectoryId, Hash = hash, UserId = user.Id });
        }

        user.NewNamePrefixes = prefixes;
    }

    public async ValueTask<string?> MaskAsync(User user, UserField field, CancellationToken cancellation) =>
        field.Get(user) is { } value ? await vault.MaskAsync(user.At(field.Name), value, cancellation) : null;
}

/// <summary>The uses of <c>identity.user-profile</c> that code here opens values for.</summary>
internal static class ProfileUse
{
    public const string Identification = "identification";
    public const string SignIn = "sign-in";
    public const string AccountNotices = "account-notices";
    public const string UserAdministration = "user-administration";
    public const string SubjectRights = "subject-rights";
}
