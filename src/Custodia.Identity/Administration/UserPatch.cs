using System.Text.Json;
using Custodia.Identity.Users;

namespace Custodia.Identity.Administration;

/// <summary>A JSON merge patch of a profile (RFC 7396): null clears, what is left out stays.</summary>
/// <param name="Status">Alone in its patch, with the reason; null for a change of the profile.</param>
internal sealed record UserPatch(IReadOnlyDictionary<UserField, string?> Changes, bool? EmailVerified, Findings Findings, UserStatus? Status = null, string? Reason = null)
{
    public static UserPatch Read(IReadOnlyDictionary<string, JsonElement> body, User user, DateOnly today)
    {
        if (body.Where(p => !UnicodeJson.IsUnicode(p.Value)).Select(p => p.Key).ToList() is { Count: > 0 } unreadable) return Unreadable(unreadable);
        if (body.ContainsKey("status") || body.ContainsKey("reason")) return ReadStatus(body);
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

    private static UserPatch Unreadable(IEnumerable<string> names)
    {
        var findings = new Findings();
        foreach (var name in names) findings.Add(name, "must be Unicode text");
        return new UserPatch(new Dictionary<UserField, string?>(), null, findings);
    }

    private static UserPatch ReadStatus(IReadOnlyDictionary<string, JsonElement> body)
    {
        var findings = new Findings();
        UserStatus? status = null;
        string? reason = null;
        foreach (var (name, value) in body)
        {
            if (name == "status")
            {
                if (value.ValueKind != JsonValueKind.String || !UserQueries.TryStatus(value.GetString(), out status) || status is null) findings.Add(name, "NORMAL, LOCKED or FROZEN");
            }
            else if (name == "reason") reason = value.ValueKind == JsonValueKind.String ? value.GetString() : null;
            else findings.Add(name, "not together with a status");
        }

        if (!body.ContainsKey("status")) findings.Add("status", "is required with a reason");
        if (!StatusChanges.IsReason(reason)) findings.Add("reason", "3 to 500 characters");
        return new UserPatch(new Dictionary<UserField, string?>(), null, findings, status, reason);
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
    IReadOnlyDictionary<string, string>? CustomAttributes = null,
    string? Status = null,
    string? Reason = null);
