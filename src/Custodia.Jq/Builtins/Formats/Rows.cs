using Custodia.Jq.Builtins.Texts;
using Custodia.Jq.Running;

namespace Custodia.Jq.Builtins.Formats;

/// <summary>One line of a table: <c>@csv</c> (RFC 4180) and <c>@tsv</c>.</summary>
internal static class Rows
{
    public static string Csv(Run run, in JqValue value) => Row(run, value, "csv", ',', static (run, text) =>
        $"\"{FormatBuiltins.Replace(run, text, "\"\0", static unit => unit == '"' ? "\"\"" : "\\0")}\"");

    public static string Tsv(Run run, in JqValue value) => Row(run, value, "tsv", '\t', static (run, text) => FormatBuiltins.Replace(run, text, "\t\r\n\\\0", static unit => unit switch
    {
        '\t' => "\\t",
        '\r' => "\\r",
        '\n' => "\\n",
        '\\' => "\\\\",
        _ => "\\0",
    }));

    private static string Row(Run run, in JqValue value, string format, char separator, Func<Run, string, string> quote)
    {
        if (!value.TryGetArray(out var cells)) throw JqException.Of(value, $"cannot be {format}-formatted, only array");
        var row = new BoundedText(run);
        for (var i = 0; i < cells.Count; i++)
        {
            if (i > 0) row.Append(separator);
            row.Append(Cell(run, cells[i], quote));
        }

        return row.Done();
    }

    private static string Cell(Run run, in JqValue cell, Func<Run, string, string> quote)
    {
        if (cell.TryGetString(out var text)) return quote(run, text);
        if (cell.IsNull || (cell.TryGetNumber(out var number) && double.IsNaN(number))) return "";
        if (cell.IsArray || cell.IsObject) throw JqException.Of(cell, "is not valid in a csv row");
        return Conversions.ToJson(run, cell);
    }
}
