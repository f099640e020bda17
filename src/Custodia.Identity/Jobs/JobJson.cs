using System.Text.Json;
using System.Text.Json.Serialization;

namespace Custodia.Identity.Jobs;

/// <summary>How plans are stored: as the API writes them.</summary>
internal static class JobJson
{
    public static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };
}
