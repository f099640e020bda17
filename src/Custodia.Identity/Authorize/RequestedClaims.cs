using System.Text;
using System.Text.Json;
using Custodia.Identity.Userinfo;

namespace Custodia.Identity.Authorize;

/// <summary>The <c>claims</c> parameter (OpenID Connect Core section 5.5): names that we know; values only for <c>sub</c> and <c>acr</c>.</summary>
/// <param name="Subject">The person the ID token must be about.</param>
/// <param name="Acr">Context classes of which one is essential; empty when none is.</param>
internal sealed record RequestedClaims(IReadOnlyList<string> IdToken, IReadOnlyList<string> Userinfo, string? Subject, IReadOnlyList<string> Acr)
{
    public static readonly RequestedClaims None = new([], [], null, []);

    private const int MaxDepth = 8;

    /// <summary>Reads the parameter; null when it is not what section 5.5 describes. Unknown members are ignored.</summary>
    public static RequestedClaims? Parse(string text)
    {
        using var document = UnicodeJson.Parse(Encoding.UTF8.GetBytes(text), new JsonDocumentOptions { MaxDepth = MaxDepth });
        if (document?.RootElement is not { ValueKind: JsonValueKind.Object } root) return null;
        var idToken = Member(root, "id_token", out var idTokenFits);
        var userinfo = Member(root, "userinfo", out var userinfoFits);
        if (!idTokenFits || !userinfoFits) return null;
        return new RequestedClaims(
            Names(idToken),
            Names(userinfo),
            Values(idToken, "sub").FirstOrDefault() ?? Values(userinfo, "sub").FirstOrDefault(),
            IsEssential(idToken, "acr") ? [.. Values(idToken, "acr")] : []);
    }

    private static JsonElement? Member(JsonElement root, string name, out bool fits)
    {
        fits = true;
        if (!root.TryGetProperty(name, out var member) || member.ValueKind == JsonValueKind.Null) return null;
        fits = member.ValueKind == JsonValueKind.Object
            && member.EnumerateObject().All(claim => claim.Value.ValueKind is JsonValueKind.Null or JsonValueKind.Object);
        return fits ? member : null;
    }

    private static string[] Names(JsonElement? member) =>
        member is { } claims ? [.. claims.EnumerateObject().Select(claim => claim.Name).Where(ClaimNames.All.Contains).Distinct(StringComparer.Ordinal)] : [];

    private static bool IsEssential(JsonElement? member, string claim) =>
        Request(member, claim) is { } request && request.TryGetProperty("essential", out var essential) && essential.ValueKind == JsonValueKind.True;

    private static IEnumerable<string> Values(JsonElement? member, string claim)
    {
        if (Request(member, claim) is not { } request) yield break;
        if (request.TryGetProperty("value", out var one) && one.ValueKind == JsonValueKind.String) yield return one.GetString()!;
        if (!request.TryGetProperty("values", out var several) || several.ValueKind != JsonValueKind.Array) yield break;
        foreach (var value in several.EnumerateArray())
        {
            if (value.ValueKind == JsonValueKind.String) yield return value.GetString()!;
        }
    }

    private static JsonElement? Request(JsonElement? member, string claim) =>
        member is { } claims && claims.TryGetProperty(claim, out var request) && request.ValueKind == JsonValueKind.Object ? request : null;
}
