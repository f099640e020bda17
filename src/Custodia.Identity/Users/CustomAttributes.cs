using System.Text.Json;

namespace Custodia.Identity.Users;

/// <summary>Attributes that an account adds to its users: a JSON object of at most 32 text values of at most 500 characters.</summary>
internal static class CustomAttributes
{
    private const int MaxCount = 32;
    private const int MaxKey = 64;
    public const int MaxValue = 500;

    public static bool IsValid(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 2 });
            return document.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.EnumerateObject().Take(MaxCount + 1).Count() <= MaxCount
                && document.RootElement.EnumerateObject().All(p =>
                    p.Name.Length is > 0 and <= MaxKey && p.Value.ValueKind == JsonValueKind.String && p.Value.GetString()!.Length <= MaxValue);
        }
        catch (JsonException)
        {
            return false;
        }
    }

    public static IReadOnlyDictionary<string, string> Read(string? json) =>
        json is null ? new Dictionary<string, string>(StringComparer.Ordinal) : JsonSerializer.Deserialize<Dictionary<string, string>>(json)!;
}
