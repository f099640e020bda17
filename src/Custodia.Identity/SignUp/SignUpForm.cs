using System.Globalization;
using Custodia.Console;
using Custodia.Identity.Directories;
using Custodia.Identity.Passwords;
using Custodia.Identity.Users;

namespace Custodia.Identity.SignUp;

/// <summary>Reads and checks the sign-up form.</summary>
internal static class SignUpForm
{
    /// <summary>Fields that the form may show, in this order.</summary>
    public static readonly IReadOnlyList<UserField> Fields =
        [UserField.Email, UserField.UserName, UserField.DisplayName, UserField.Mobile, UserField.BirthDate, UserField.Gender];

    /// <summary>Whether the form asks for a field; names and addresses always, the rest where the directory demands it.</summary>
    public static bool Shows(Directory directory, UserField field) =>
        field == UserField.Email || field == UserField.UserName || field == UserField.DisplayName || directory.Demands(field.Name);

    /// <summary>Marks everything that is wrong at once.</summary>
    public static (Profile Profile, PlainPassword? Password) Read(FormState form, Directory directory, DateOnly today)
    {
        var profile = new Profile
        {
            Email = Value(form, UserField.Email),
            UserName = Value(form, UserField.UserName),
            DisplayName = Value(form, UserField.DisplayName),
            Mobile = Value(form, UserField.Mobile),
            BirthDate = Value(form, UserField.BirthDate),
            Gender = Value(form, UserField.Gender),
            Locale = CultureInfo.CurrentUICulture.Name,
        };
        foreach (var field in Fields)
        {
            if (directory.Demands(field.Name) && field.Of(profile) is null) form.Fail(field.Name, Texts.Rule("required"));
        }

        if (profile.Email is null && profile.UserName is null) form.Fail("email", Texts.Rule("email-or-user-name"));
        foreach (var finding in ProfileRules.Check(profile, today)) form.Fail(finding.Field, Texts.Rule(finding.Rule));
        var password = PlainPassword.From(form.Exact("password"));
        foreach (var rule in PasswordPolicy.Check(password, profile.UserName, profile.Email, profile.DisplayName)) form.Fail("password", Texts.Rule(rule));
        return (profile, password);
    }

    private static string? Value(FormState form, UserField field) => form[field.Name] is { Length: > 0 } value ? value : null;
}
