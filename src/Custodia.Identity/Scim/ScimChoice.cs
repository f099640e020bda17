using System.Text.Json.Nodes;

namespace Custodia.Identity.Scim;

/// <summary>
/// Which attributes an answer has (RFC 7644, section 3.9): of a complex one also parts of it, as <c>name.familyName</c>. What is always
/// returned stays.
/// </summary>
/// <param name="Wanted">In lower case; empty for all.</param>
/// <param name="Unwanted">In lower case.</param>
internal sealed record ScimChoice(IReadOnlySet<string> Wanted, IReadOnlySet<string> Unwanted)
{
    /// <summary>Names separated by commas, as in an address.</summary>
    public static ScimChoice Read(string? wanted, string? unwanted) => Of(Split(wanted), Split(unwanted));

    public static ScimChoice Of(IEnumerable<string> wanted, IEnumerable<string> unwanted) =>
        new(wanted.Select(ScimFilter.PathOf).ToHashSet(StringComparer.Ordinal), unwanted.Select(ScimFilter.PathOf).ToHashSet(StringComparer.Ordinal));

    /// <summary>Whether the attribute is left out altogether, so that it need not be read.</summary>
    public bool LeavesOut(string attribute) =>
        Unwanted.Contains(attribute) || (Wanted.Count > 0 && !Wanted.Contains(attribute) && !Wanted.Any(w => IsPart(w, attribute)));

    public JsonObject From(JsonObject resource)
    {
        if (Wanted.Count == 0 && Unwanted.Count == 0) return resource;
        foreach (var (name, value) in resource.ToArray())
        {
            if (name is "id" or "schemas") continue;
            var attribute = name.ToLowerInvariant();
            if (LeavesOut(attribute)) resource.Remove(name);
            else if (value is JsonObject one) Trim(one, attribute);
            else if (value is JsonArray many) foreach (var item in many.OfType<JsonObject>()) Trim(item, attribute);
        }

        return resource;
    }

    private void Trim(JsonObject complex, string attribute)
    {
        var parts = Wanted.Count > 0 && !Wanted.Contains(attribute);
        foreach (var name in complex.Select(p => p.Key).ToArray())
        {
            var path = $"{attribute}.{name.ToLowerInvariant()}";
            if (Unwanted.Contains(path) || (parts && !Wanted.Contains(path))) complex.Remove(name);
        }
    }

    private static bool IsPart(string path, string attribute) => path.StartsWith(attribute + ".", StringComparison.Ordinal);

    private static string[] Split(string? names) => (names ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
}
