using System.Text.Json;
using Custodia.Identity.Users;

namespace Custodia.Identity.Administration;

/// <summary>A JSON merge patch of a profile (RFC 7396): null clears, what is left out stays.</summary>
internal sealed record UserPatch(IReadOnlyDictionary<UserField, string?> Changes, bool? EmailVerified, Findings Findings)
{
    public static UserPatch Read(IReadOnlyDictionary<string, JsonElement> body, User user, DateOnly today)
    {
        var findings = new Findings();
        var changes = new Dictionary<UserField, string?>();
        bool? verified = null;
        foreach (var (name, value) in body)
        {
            if (name == "emailVerified")
            {
                if (value.ValueKind is JsonValueKind.True or JsonValueKind.False) verified = value.GetBoolean();
                else findings.Add(name, "true or false");
            }
            else if (UserField.All.FirstOrDefault(f => Findings.ApiName(f.Name) == name) is not { } field) findings.Add(name, "is not known");
            else if (TryText(field, value, out var text)) changes[field] = text;
            else findings.Add(name, field == UserField.CustomAttributes ? "an object of texts, or null" : "a text, or null");
        }

        foreach (var finding in ProfileRules.Check(Of(changes), today)) findings.Add(finding);
        if (Stays(changes, UserField.UserName, user.UserName) is false && Stays(changes, UserField.Email, user.Email) is false) findings.Add("email", "email-or-user-name");
        return new UserPatch(changes, verified, findings);
    }

    private static bool Stays(Dictionary<UserField, string?> changes, UserField field, object? now) =>
        changes.TryGetValue(field, out var value) ? !string.IsNullOrEmpty(value) : now is not null;

    private static bool TryText(UserField field, JsonElement value, out string? text)
    {
        text = value.ValueKind switch
        {
            JsonValueKind.String when field != UserField.CustomAttributes => value.GetString()!.Trim(),
            JsonValueKind.Object when field == UserField.CustomAttributes => value.GetRawText(),
            _ => null,
        };
        return text is not null || value.ValueKind == JsonValueKind.Null;
    }

    private static Profile Of(Dictionary<UserField, string?> changes) => new()
    {
        UserName = changes.GetValueOrDefault(UserField.UserName),
        Email = changes.GetValueOrDefault(UserField.Email),
        Mobile = changes.GetValueOrDefault(UserField.Mobile),
        DisplayName = changes.GetValueOrDefault(UserField.DisplayName),
        BirthDate = changes.GetValueOrDefault(UserField.BirthDate),
        Gender = changes.GetValueOrDefault(UserField.Gender),
        Locale = changes.GetValueOrDefault(UserField.Locale),
        CustomAttributes = changes.GetValueOrDefault(UserField.CustomAttributes),
    };
}

/// <summary>The body of a patch as the API describes it; it is read property by property, since null and left out differ.</summary>
internal sealed record UserPatchBody(
    string? UserName = null,
    string? Email = null,
    bool EmailVerified = false,
    string? Mobile = null,
    string? DisplayName = null,
    string? BirthDate = null,
    string? Gender = null,
    string? Locale = null,
    IReadOnlyDictionary<string, string>? CustomAttributes = null);
