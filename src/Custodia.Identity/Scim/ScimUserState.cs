using System.Text.Json;
using Custodia.Identity.Users;

namespace Custodia.Identity.Scim;

/// <summary>A user as SCIM speaks of them, read from a body or from what is stored, and changed by PATCH.</summary>
internal sealed class ScimUserState
{
    private const string Given = "givenName";
    private const string Family = "familyName";

    /// <summary>A user name, or an address where the client calls people by their address.</summary>
    public string? UserName { get; set; }

    public string? Email { get; set; }

    public string? Mobile { get; set; }

    public string? DisplayName { get; set; }

    public string? Locale { get; set; }

    public string? ExternalId { get; set; }

    public bool Active { get; set; } = true;

    /// <summary>Write only.</summary>
    public string? Password { get; set; }

    /// <summary>Custom attributes; given and family name are kept among them.</summary>
    public Dictionary<string, string> Attributes { get; private init; } = new(StringComparer.Ordinal);

    public string? GivenName { get => Attributes.GetValueOrDefault(Given); set => Set(Given, value); }

    public string? FamilyName { get => Attributes.GetValueOrDefault(Family); set => Set(Family, value); }

    /// <summary>What SCIM calls a custom attribute.</summary>
    public static string PathOf(string attribute) => attribute is Given or Family ? $"name.{attribute}" : attribute;

    public static ScimUserState Of(Profile profile, bool active, string? externalId)
    {
        var state = new ScimUserState
        {
            UserName = profile.UserName ?? profile.Email,
            Email = profile.Email,
            Mobile = profile.Mobile,
            DisplayName = profile.DisplayName,
            Locale = profile.Locale,
            ExternalId = externalId,
            Active = active,
        };
        foreach (var (name, value) in CustomAttributes.Read(profile.CustomAttributes)) state.Attributes[name] = value;
        return state;
    }

    /// <summary>The profile to be stored, with what SCIM does not speak of left as it was.</summary>
    public Profile ToProfile(Profile before)
    {
        var called = UserName?.Trim();
        var isEmail = called?.Contains('@', StringComparison.Ordinal) == true;
        if (string.IsNullOrEmpty(called)) throw ScimFault.InvalidValue("userName is required.");
        if (isEmail && Email is { } other && Kernel.Vault.Normalise.Email(other) != Kernel.Vault.Normalise.Email(called!))
            throw ScimFault.InvalidValue("A userName that is an address must be the user's primary email.");
        return before with
        {
            UserName = isEmail ? null : called,
            Email = isEmail ? called : Empty(Email),
            Mobile = Empty(Mobile),
            DisplayName = Empty(DisplayName) ?? Empty($"{GivenName} {FamilyName}"),
            Locale = Empty(Locale),
            CustomAttributes = Attributes.Count == 0 ? null : JsonSerializer.Serialize(Attributes),
        };
    }

    /// <summary>Takes over the attributes of a body; what it does not name stays, what is not known is left out, as the standard allows.</summary>
    public void Read(JsonElement body)
    {
        foreach (var property in body.EnumerateObject())
        {
            var path = ScimFilter.PathOf(property.Name);
            if (path == "name" && property.Value.ValueKind == JsonValueKind.Object)
            {
                foreach (var part in property.Value.EnumerateObject()) Set($"name.{part.Name.ToLowerInvariant()}", part.Value);
            }
            else if (property.Name.Equals(ScimSchemas.User, StringComparison.OrdinalIgnoreCase) && property.Value.ValueKind == JsonValueKind.Object)
            {
                Read(property.Value);
            }
            else
            {
                Set(path, property.Value);
            }
        }
    }

    /// <summary>Sets one attribute.</summary>
    /// <param name="path">In lower case.</param>
    /// <returns>False when there is no such attribute.</returns>
    public bool Set(string path, JsonElement value)
    {
        switch (path)
        {
            case "username": Call(Text(path, value)); break;
            case "displayname" or "name.formatted": DisplayName = Text(path, value); break;
            case "name.givenname": GivenName = Text(path, value); break;
            case "name.familyname": FamilyName = Text(path, value); break;
            case "locale" or "preferredlanguage": Locale = Text(path, value); break;
            case "externalid": ExternalId = Text(path, value); break;
            case "password": Password = Text(path, value); break;
            case "active": Active = Flag(value); break;
            case "emails": Mail(Primary(path, value)); break;
            case "emails.value": Mail(Text(path, value)); break;
            case "phonenumbers": Mobile = Primary(path, value); break;
            case "phonenumbers.value": Mobile = Text(path, value); break;
            default: return false;
        }

        return true;
    }

    /// <summary>Clears one attribute.</summary>
    public bool Remove(string path)
    {
        switch (path)
        {
            case "displayname" or "name.formatted": DisplayName = null; break;
            case "name": (DisplayName, GivenName, FamilyName) = (null, null, null); break;
            case "name.givenname": GivenName = null; break;
            case "name.familyname": FamilyName = null; break;
            case "locale" or "preferredlanguage": Locale = null; break;
            case "externalid": ExternalId = null; break;
            case "emails" or "emails.value": Email = null; break;
            case "phonenumbers" or "phonenumbers.value": Mobile = null; break;
            case "username" or "active" or "password": throw ScimFault.Mutability($"'{path}' cannot be removed.");
            default: return false;
        }

        return true;
    }

    /// <summary>Never the content.</summary>
    public override string ToString() => "(user)";

    // Where people are called by their address, name and address are one and move together.
    private void Call(string? name)
    {
        if (UserName is not null && UserName == Email && name?.Contains('@', StringComparison.Ordinal) == true) Email = name;
        UserName = name;
    }

    private void Mail(string? address)
    {
        if (address is not null && UserName is not null && UserName == Email) UserName = address;
        Email = address;
    }

    private void Set(string name, string? value)
    {
        if (string.IsNullOrWhiteSpace(value)) Attributes.Remove(name);
        else Attributes[name] = value;
    }

    private static string? Text(string path, JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString(),
        JsonValueKind.Null => null,
        _ => throw ScimFault.InvalidValue($"'{path}' is a text."),
    };

    // Some clients send true and false as text.
    private static bool Flag(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.String when bool.TryParse(value.GetString(), out var flag) => flag,
        _ => throw ScimFault.InvalidValue("'active' is true or false."),
    };

    /// <summary>The primary one of several values, else the first. One is kept.</summary>
    private static string? Primary(string path, JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Null) return null;
        if (value.ValueKind == JsonValueKind.String) return value.GetString();
        JsonElement[] all = value.ValueKind switch
        {
            JsonValueKind.Array => [.. value.EnumerateArray()],
            JsonValueKind.Object => [value],
            _ => throw ScimFault.InvalidValue($"'{path}' is a list."),
        };
        if (all.Length == 0) return null;
        // RFC 7643, section 2.4: the primary value is there at most once.
        if (all.Count(IsPrimary) > 1) throw ScimFault.InvalidValue($"'{path}' has one primary entry at most.");
        var chosen = Array.Find(all, IsPrimary);
        if (chosen.ValueKind == JsonValueKind.Undefined) chosen = all[0];
        return chosen.ValueKind == JsonValueKind.Object && chosen.TryGetProperty("value", out var text) ? Text(path, text) : throw ScimFault.InvalidValue($"An entry of '{path}' has a value.");
    }

    /// <summary>Whether an entry of a list, or the entry itself, is the primary one.</summary>
    public static bool HasPrimary(JsonElement value) => value.ValueKind == JsonValueKind.Array ? value.EnumerateArray().Any(IsPrimary) : IsPrimary(value);

    private static bool IsPrimary(JsonElement entry) =>
        entry.ValueKind == JsonValueKind.Object && entry.TryGetProperty("primary", out var primary) && primary.ValueKind == JsonValueKind.True;

    private static string? Empty(string? value) => string.IsNullOrWhiteSpace(value) ? null : value.Trim();
}
