using Custodia.Identity.Users;

namespace Custodia.Identity.Registration;

/// <summary>Custom attributes that people change themselves.</summary>
internal sealed class OwnAttributes(AttributeRules rules, UserProfiles profiles)
{
    public async Task<IReadOnlyList<AttributeDefinition>> EditableAsync(Guid directory, CancellationToken cancellation) =>
        (await rules.OfAsync(directory, cancellation)).FindAll(a => a.EditableBy == AttributeEditor.Person);

    /// <summary>The form's fields with what the profile says.</summary>
    public static IEnumerable<KeyValuePair<string, string?>> Fill(IReadOnlyList<AttributeDefinition> editable, string? json)
    {
        var values = CustomAttributes.Read(json);
        return editable.Where(a => values.ContainsKey(a.Name)).Select(a => KeyValuePair.Create(AttributeForm.FieldOf(a), (string?)values[a.Name]));
    }

    /// <summary>What the profile says with what the person entered; what they may not change stays.</summary>
    public async Task<string?> MergeAsync(User user, IReadOnlyList<AttributeDefinition> editable, Dictionary<string, string> entered, CancellationToken cancellation)
    {
        var merged = CustomAttributes.Read(await profiles.OpenAsync(user, UserField.CustomAttributes, ProfileUse.SubjectRights, cancellation))
            .Where(v => editable.All(a => a.Name != v.Key))
            .ToDictionary(StringComparer.Ordinal);
        foreach (var (name, value) in entered) merged[name] = value;
        return AttributeForm.Write(merged);
    }
}
