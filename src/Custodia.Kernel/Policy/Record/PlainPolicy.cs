using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;

namespace Custodia.Kernel.Policy;

/// <summary>The loaded policy as JSON, with the keys of the files and both languages.</summary>
internal static class PlainPolicy
{
    internal static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.Create(UnicodeRanges.All),
    };

    public static byte[] Render(LoadedPolicy policy) => JsonSerializer.SerializeToUtf8Bytes(
        new
        {
            schema = 1,
            version = policy.Version,
            sha256 = policy.Sha256,
            services = policy.Services.Select(s => new { s.Service, s.Version, s.Title, s.Controller, s.Contact, categories = s.Categories.Select(Category) }),
        },
        Json);

    private static object Category(PolicyCategory category) => new
    {
        category.Id,
        category.Title,
        category.Subjects,
        role = Lower(category.Role),
        category.Uses,
        category.LegalBasis,
        storage = (string[])[.. category.Transit, category.Storage],
        category.Backup,
        category.Region,
        category.Recipients,
        category.Access,
        deleteOn = category.DeleteOn.Select(Trigger),
        deadline = category.Deadline.ToString(),
        fields = category.Fields.Select(Field),
    };

    private static object Trigger(DeletionTrigger trigger) => trigger switch
    {
        DeletionTrigger.Age { Since: null } age => new { age = age.Period.ToString() },
        DeletionTrigger.Age age => new { age = age.Period.ToString(), since = age.Since },
        DeletionTrigger.Event e => new { on = e.Kind, within = e.Within.ToString() },
        _ => throw new InvalidOperationException($"Unknown deletion trigger {trigger.Name}."),
    };

    private static object Field(PolicyField field) => new
    {
        field.Name,
        field.Title,
        field.Term,
        field.Personal,
        field.Modifiable,
        field.Mandatory,
        protection = Lower(field.Protection),
        lookup = Lower(field.Lookup),
        mask = Lower(field.Mask),
    };

    private static string Lower<TEnum>(TEnum value)
        where TEnum : struct, Enum => value.ToString().ToLowerInvariant();
}
