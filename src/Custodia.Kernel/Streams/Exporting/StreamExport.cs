using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Custodia.Kernel.Policy;

namespace Custodia.Kernel.Streams;

public enum ExportFormat
{
    /// <summary>One JSON object a line; media type <c>application/x-ndjson</c>.</summary>
    Ndjson,

    /// <summary>RFC 4180 with a header line; media type <c>text/csv</c>.</summary>
    Csv,
}

/// <summary>Writes records to a stream as they are read, a few at a time: an export of any size takes the same memory.</summary>
public static class StreamExport
{
    private const int FlushAt = 32 * 1024;

    public static string MediaType(ExportFormat format) => format == ExportFormat.Csv ? "text/csv; charset=utf-8" : "application/x-ndjson";

    /// <param name="category">The log's category: its fields are the columns, in the order of the policy.</param>
    /// <returns>Records written.</returns>
    public static async Task<long> WriteAsync(IAsyncEnumerable<StreamEntry> entries, PolicyCategory category, ExportFormat format, Stream output, CancellationToken cancellation)
    {
        using var buffer = new MemoryStream(FlushAt * 2);
        if (format == ExportFormat.Csv) WriteHeader(buffer, category);
        var written = 0L;
        await foreach (var entry in entries.WithCancellation(cancellation))
        {
            if (format == ExportFormat.Csv) WriteCsv(buffer, category, entry);
            else WriteJson(buffer, entry);
            written++;
            if (buffer.Length >= FlushAt) await FlushAsync(buffer, output, cancellation);
        }

        await FlushAsync(buffer, output, cancellation);
        await output.FlushAsync(cancellation);
        return written;
    }

    private static async Task FlushAsync(MemoryStream buffer, Stream output, CancellationToken cancellation)
    {
        await output.WriteAsync(buffer.GetBuffer().AsMemory(0, (int)buffer.Length), cancellation);
        buffer.SetLength(0);
    }

    private static void WriteHeader(MemoryStream buffer, PolicyCategory category) =>
        buffer.Write(Encoding.UTF8.GetBytes(string.Join(',', category.Fields.Select(f => CsvText.Field(f.Name)).Prepend("time").Append("shredded")) + "\r\n"));

    private static void WriteCsv(MemoryStream buffer, PolicyCategory category, StreamEntry entry)
    {
        var line = new StringBuilder(FieldValue.Moment(entry.Time));
        foreach (var field in category.Fields)
        {
            // A record of an earlier shape may lack a field or have others.
            var value = entry.Fields.FirstOrDefault(f => f.Key == field.Name).Value;
            line.Append(',').Append(value is string text ? CsvText.Field(text) : FieldValue.Text(value));
        }

        line.Append(entry.Shredded ? ",true\r\n" : ",false\r\n");
        buffer.Write(Encoding.UTF8.GetBytes(line.ToString()));
    }

    private static void WriteJson(MemoryStream buffer, StreamEntry entry)
    {
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true }))
        {
            json.WriteStartObject();
            json.WriteString("time", FieldValue.Moment(entry.Time));
            json.WriteBoolean("shredded", entry.Shredded);
            json.WriteStartObject("fields");
            foreach (var (name, value) in entry.Fields) WriteValue(json, name, value);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        buffer.WriteByte((byte)'\n');
    }

    private static void WriteValue(Utf8JsonWriter json, string name, object? value)
    {
        switch (value)
        {
            case null: json.WriteNull(name); break;
            case long whole: json.WriteNumber(name, whole); break;
            case double number: json.WriteNumber(name, number); break;
            default: json.WriteString(name, FieldValue.Text(value)); break;
        }
    }
}
