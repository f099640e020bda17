using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Custodia.Identity.Scim;

/// <summary>
/// What a client asks of a list: in the address, or in the body of <c>POST …/.search</c> (RFC 7644, sections 3.4.2 and 3.4.3), which
/// keeps people's names and addresses out of addresses.
/// </summary>
/// <param name="Start">Counted from 1.</param>
internal sealed record ScimQuestion(string? Filter, int Start, int Count, ScimChoice Choice)
{
    private const int DefaultResults = 100;

    public static ScimQuestion Of(HttpContext http)
    {
        var query = http.Request.Query;
        if (query.ContainsKey("sortBy")) throw NoSorting();
        return new ScimQuestion(
            query["filter"], From(Number(query["startIndex"], 1)), Many(Number(query["count"], DefaultResults)), ScimChoice.Read(query["attributes"], query["excludedAttributes"]));
    }

    public static async Task<ScimQuestion> PostedAsync(HttpContext http, CancellationToken cancellation)
    {
        var body = await ScimAnswer.BodyAsync(http, ScimSchemas.Search, cancellation);
        string? filter = null;
        var (start, count) = (1, DefaultResults);
        List<string> wanted = [], unwanted = [];
        foreach (var property in body.EnumerateObject())
        {
            switch (property.Name.ToLowerInvariant())
            {
                case "filter": filter = Text(property); break;
                case "startindex": start = Number(property); break;
                case "count": count = Number(property); break;
                case "attributes": wanted = Texts(property); break;
                case "excludedattributes": unwanted = Texts(property); break;
                case "sortby": throw NoSorting();
            }
        }

        return new ScimQuestion(filter, From(start), Many(count), ScimChoice.Of(wanted, unwanted));
    }

    /// <summary>Never the filter: it may hold somebody's address.</summary>
    public override string ToString() => $"{Start} +{Count}";

    private static int From(int start) => Math.Max(1, start);

    private static int Many(int count) => Math.Clamp(count, 0, ScimRequest.MaxResults);

    private static int Number(string? text, int otherwise) =>
        string.IsNullOrEmpty(text) ? otherwise : int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : throw ScimFault.InvalidValue("startIndex and count are numbers.");

    private static int Number(JsonProperty property) =>
        property.Value.ValueKind == JsonValueKind.Number && property.Value.TryGetInt32(out var number) ? number : throw ScimFault.InvalidValue($"{property.Name} is a number.");

    private static string? Text(JsonProperty property) =>
        property.Value.ValueKind == JsonValueKind.String ? property.Value.GetString() : throw ScimFault.InvalidValue($"{property.Name} is a text.");

    private static List<string> Texts(JsonProperty property) =>
        property.Value.ValueKind == JsonValueKind.Array && property.Value.EnumerateArray().All(v => v.ValueKind == JsonValueKind.String)
            ? [.. property.Value.EnumerateArray().Select(v => v.GetString()!)]
            : throw ScimFault.InvalidValue($"{property.Name} is a list of texts.");

    private static ScimFault NoSorting() => ScimFault.InvalidValue("Sorting is not supported; see ServiceProviderConfig.");
}
