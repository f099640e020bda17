using System.Globalization;
using Custodia.Console;
using Custodia.Identity.AgeGates;
using Custodia.Identity.Passwords;
using Custodia.Identity.Registration;
using Custodia.Identity.Users;

namespace Custodia.Identity.SignUp;

/// <summary>Reads and checks the sign-up form.</summary>
internal static class SignUpForm
{
    /// <summary>Field in which the person says where they live.</summary>
    public const string Country = "country";

    /// <summary>Fields that the form may show, in this order.</summary>
    public static readonly IReadOnlyList<UserField> Fields =
        [UserField.Email, UserField.UserName, UserField.DisplayName, UserField.Mobile, UserField.BirthDate, UserField.Gender];

    /// <summary>Marks everything that is wrong at once.</summary>
    /// <param name="invited">The address that an invitation is bound to or a source vouches for; null when the person enters one.</param>
    /// <param name="withPassword">False for people who sign in elsewhere.</param>
    public static SignUpInput Read(FormState form, RegistrationForm asked, DateOnly today, string? invited, bool withPassword = true)
    {
        var attributes = AttributeForm.Read(form, asked.Attributes);
        var profile = new Profile
        {
            Email = invited ?? Value(form, asked, UserField.Email),
            UserName = Value(form, asked, UserField.UserName),
            DisplayName = Value(form, asked, UserField.DisplayName),
            Mobile = Value(form, asked, UserField.Mobile),
            BirthDate = Value(form, asked, UserField.BirthDate),
            Gender = Value(form, asked, UserField.Gender),
            Locale = CultureInfo.CurrentUICulture.Name,
            CustomAttributes = AttributeForm.Write(attributes),
        };
        foreach (var field in asked.Fields)
        {
            if (asked.Demands(field) && field.Of(profile) is null) form.Fail(field.Name, Texts.Rule("required"));
        }

        if (profile.Email is null && profile.UserName is null) form.Fail("email", Texts.Rule("email-or-user-name"));
        foreach (var finding in ProfileRules.Check(profile, today)) form.Fail(finding.Field, Texts.Rule(finding.Rule));
        if (asked.Gate is { CountrySource: CountrySource.Stated } && !Countries.Codes.Contains(form[Country])) form.Fail(Country, Texts.Rule("required"));
        var password = withPassword ? PlainPassword.From(form.Exact("password")) : null;
        if (!withPassword) return new SignUpInput(profile, null, Agreed(form, asked));
        foreach (var rule in PasswordPolicy.Check(password, profile.UserName, profile.Email, profile.DisplayName)) form.Fail("password", Texts.Rule(rule));
        return new SignUpInput(profile, password, Agreed(form, asked));
    }

    /// <summary>Name of the box for a version of an agreement.</summary>
    public static string BoxOf(Guid agreement) => $"agreement-{agreement:N}";

    private static List<Guid> Agreed(FormState form, RegistrationForm asked)
    {
        foreach (var missing in asked.Agreements.Where(a => a.Mandatory && !form.Ticked(BoxOf(a.Id))))
            form.Fail(BoxOf(missing.Id), RegistrationTexts.Of("Agreement_Needed"));
        return [.. asked.Agreements.Where(a => form.Ticked(BoxOf(a.Id))).Select(a => a.Id)];
    }

    // What is not asked is not taken.
    private static string? Value(FormState form, RegistrationForm asked, UserField field) =>
        asked.Fields.Contains(field) && form[field.Name] is { Length: > 0 } value ? value : null;
}

/// <summary>What somebody entered.</summary>
/// <param name="Agreements">Versions whose box is ticked.</param>
internal sealed record SignUpInput(Profile Profile, PlainPassword? Password, IReadOnlyList<Guid> Agreements)
{
    /// <summary>Never the content.</summary>
    public override string ToString() => "(sign-up)";
}
