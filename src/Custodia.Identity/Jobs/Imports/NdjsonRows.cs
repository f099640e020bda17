using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using StreamReader = System.IO.StreamReader;

namespace Custodia.Identity.Jobs.Imports;

/// <summary>Rows of a file with one JSON object a line; objects inside are read as <c>outer.inner</c>, lists of texts joined by <c>;</c>.</summary>
internal static class NdjsonRows
{
    private const int MaxLine = 256 * 1024;
    private const int SampledRows = 100;

    /// <summary>The properties that the first hundred rows have.</summary>
    public static async Task<IReadOnlyList<string>> ColumnsAsync(System.IO.Stream file, CancellationToken cancellation)
    {
        List<string> columns = [];
        var rows = 0;
        await foreach (var row in ReadAsync(file, cancellation))
        {
            columns.AddRange(row.Values.Keys.Where(k => k.Length <= 200 && !columns.Contains(k, StringComparer.Ordinal)));
            if (++rows == SampledRows) break;
        }

        return columns.Count is > 0 and <= 500 ? columns : throw new ImportFileException("file-columns");
    }

    public static async IAsyncEnumerable<ImportRow> ReadAsync(System.IO.Stream file, [EnumeratorCancellation] CancellationToken cancellation)
    {
        using var reader = new StreamReader(file, new UTF8Encoding(encoderShouldEmitUTF8Identifier: true, throwOnInvalidBytes: true), detectEncodingFromByteOrderMarks: false, 64 * 1024);
        var lines = new BoundedLines(reader, MaxLine);
        for (var number = 1; await NextAsync(lines, cancellation); number++)
        {
            if (lines.TooLong) yield return ImportRow.Unreadable(number, "too-long");
            else if (lines.Line.AsSpan().Trim().Length > 0) yield return Row(number, lines.Line);
        }
    }

    private static async Task<bool> NextAsync(BoundedLines lines, CancellationToken cancellation)
    {
        try
        {
            return await lines.NextAsync(cancellation);
        }
        catch (DecoderFallbackException e)
        {
            throw new ImportFileException("file-encoding", e);
        }
    }

    private static ImportRow Row(int number, string line)
    {
        try
        {
            using var document = JsonDocument.Parse(line, new JsonDocumentOptions { MaxDepth = 8 });
            if (document.RootElement.ValueKind != JsonValueKind.Object) return ImportRow.Unreadable(number, "json-object");
            var values = new Dictionary<string, string>(StringComparer.Ordinal);
            Flatten("", document.RootElement, values);
            return new ImportRow(number, values);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Half a surrogate pair is found only when the value is taken.
            return ImportRow.Unreadable(number, "json");
        }
    }

    private static void Flatten(string prefix, JsonElement element, Dictionary<string, string> values)
    {
        foreach (var property in element.EnumerateObject())
        {
            var name = prefix + property.Name;
            if (property.Value.ValueKind == JsonValueKind.Object) Flatten(name + ".", property.Value, values);
            else if (property.Value.ValueKind == JsonValueKind.Array) values[name] = string.Join(';', property.Value.EnumerateArray().Where(i => i.ValueKind == JsonValueKind.String).Select(i => i.GetString()));
            else if (property.Value.ValueKind != JsonValueKind.Null) values[name] = property.Value.ToString();
        }
    }
}

/// <summary>Lines of a text, none held beyond a limit.</summary>
internal sealed class BoundedLines(System.IO.TextReader reader, int limit)
{
    private readonly char[] _buffer = new char[16 * 1024];
    private readonly StringBuilder _line = new();
    private int _length;
    private int _at;

    public string Line { get; private set; } = "";

    /// <summary>Whether the line was longer than the limit; then <see cref="Line"/> is not it.</summary>
    public bool TooLong { get; private set; }

    public async Task<bool> NextAsync(CancellationToken cancellation)
    {
        _line.Clear();
        TooLong = false;
        var any = false;
        while (true)
        {
            if (_at == _length)
            {
                _length = await reader.ReadAsync(_buffer, cancellation);
                _at = 0;
                if (_length == 0) break;
            }

            any = true;
            var end = _buffer.AsSpan(_at, _length - _at).IndexOf('\n');
            Take(end < 0 ? _length - _at : end);
            if (end < 0) continue;
            _at++;
            break;
        }

        Line = TooLong ? "" : _line.ToString();
        return any;
    }

    private void Take(int count)
    {
        if (_line.Length + count > limit) TooLong = true;
        else _line.Append(_buffer, _at, count);
        _at += count;
    }
}
