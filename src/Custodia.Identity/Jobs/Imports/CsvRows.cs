using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using CsvHelper;
using CsvHelper.Configuration;
using StreamReader = System.IO.StreamReader;

namespace Custodia.Identity.Jobs.Imports;

/// <summary>Rows of a CSV file (RFC 4180) with a heading; UTF-8, with or without its mark; separated by comma, semicolon or tab, whichever the heading has.</summary>
internal static class CsvRows
{
    private const int MaxField = 64 * 1024;
    private const int MaxColumns = 200;

    public static async Task<IReadOnlyList<string>> ColumnsAsync(System.IO.Stream file)
    {
        var bad = false;
        using var parser = Parser(file, () => bad = true);
        return await HeadingAsync(parser) is { } heading && !bad ? heading : throw new ImportFileException("file-columns");
    }

    public static async IAsyncEnumerable<ImportRow> ReadAsync(System.IO.Stream file, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var bad = false;
        using var parser = Parser(file, () => bad = true);
        var heading = await HeadingAsync(parser) ?? throw new ImportFileException("file-columns");
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            var line = parser.RawRow + 1;
            bad = false;
            if (!await NextAsync(parser)) yield break;
            yield return Row(line, heading, parser.Record!, bad);
        }
    }

    private static ImportRow Row(int line, IReadOnlyList<string> heading, string[] record, bool bad)
    {
        if (bad) return ImportRow.Unreadable(line, "csv-quotes");
        if (record.Length != heading.Count) return ImportRow.Unreadable(line, "csv-columns");
        var values = new Dictionary<string, string>(heading.Count, StringComparer.Ordinal);
        for (var i = 0; i < record.Length; i++) values[heading[i]] = record[i];
        return new ImportRow(line, values);
    }

    private static async Task<IReadOnlyList<string>?> HeadingAsync(CsvParser parser)
    {
        if (!await NextAsync(parser)) return null;
        var heading = Array.ConvertAll(parser.Record!, c => c.Trim());
        var usable = heading.Length <= MaxColumns
            && Array.TrueForAll(heading, c => c.Length is > 0 and <= 200)
            && heading.Distinct(StringComparer.Ordinal).Count() == heading.Length;
        return usable ? heading : null;
    }

    private static async Task<bool> NextAsync(CsvParser parser)
    {
        try
        {
            return await parser.ReadAsync();
        }
        catch (DecoderFallbackException e)
        {
            throw new ImportFileException("file-encoding", e);
        }
        catch (CsvHelperException e)
        {
            // A field without an end; CsvHelper's own text quotes what it read, so it goes no further.
            throw new ImportFileException("file-shape", e is MaxFieldSizeException ? null : new InvalidOperationException(e.GetType().Name));
        }
    }

    private static CsvParser Parser(System.IO.Stream file, Action bad) => new(
        new StreamReader(file, new UTF8Encoding(encoderShouldEmitUTF8Identifier: true, throwOnInvalidBytes: true), detectEncodingFromByteOrderMarks: false, 64 * 1024),
        new CsvConfiguration(CultureInfo.InvariantCulture)
        {
            DetectDelimiter = true,
            DetectDelimiterValues = [",", ";", "\t"],
            BadDataFound = _ => bad(),
            MissingFieldFound = null,
            MaxFieldSize = MaxField,
            IgnoreBlankLines = true,
            Mode = CsvMode.RFC4180,
        });
}
