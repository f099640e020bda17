using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Custodia.Kernel.Streams;

/// <summary>
/// The first row of a segment: what it is and how its records are stored. Checkpoints sign its hash, and every sealed value is
/// bound to it, so records cannot be read as other fields, another day or another stream.
/// </summary>
internal sealed class SegmentHeader
{
    public const int Format = 1;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower) },
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    private SegmentHeader(SegmentId id, StoredShape shape, string text)
    {
        Id = id;
        Shape = shape;
        Text = text;
        Hash = SHA256.HashData(Encoding.UTF8.GetBytes(text));
    }

    public SegmentId Id { get; }

    public StoredShape Shape { get; }

    /// <summary>As stored.</summary>
    public string Text { get; }

    public byte[] Hash { get; }

    public static SegmentHeader Of(SegmentId id, StoredShape shape) => new(
        id,
        shape,
        JsonSerializer.Serialize(
            new Stored(Format, id.Stream, id.Day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), id.Generation, shape.Version, shape.Fields),
            Json));

    /// <exception cref="FormatException">It is not a header, or one of a later format.</exception>
    public static SegmentHeader Parse(string text)
    {
        try
        {
            var stored = JsonSerializer.Deserialize<Stored>(text, Json);
            if (stored is not { Format: Format, Stream: not null, Fields: not null, Generation: >= 1 }) throw new FormatException("The segment has an unknown format.");
            var day = DateOnly.ParseExact(stored.Day, "yyyy-MM-dd", CultureInfo.InvariantCulture);
            return new SegmentHeader(new SegmentId(stored.Stream, day, stored.Generation), new StoredShape(stored.Version, stored.Fields), text);
        }
        catch (JsonException damage)
        {
            throw new FormatException("The header of the segment is damaged.", damage);
        }
    }

    private sealed record Stored(int Format, string Stream, string Day, int Generation, int Version, IReadOnlyList<StoredField> Fields);
}
