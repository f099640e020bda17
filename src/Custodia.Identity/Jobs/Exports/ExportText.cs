using System.Globalization;
using System.Text;
using System.Text.Json;
using Custodia.Identity.Administration;

namespace Custodia.Identity.Jobs.Exports;

/// <summary>Users as lines of CSV (RFC 4180) or NDJSON.</summary>
internal static class ExportText
{
    private static readonly string[] Plain = ["id", "status", "emailVerified", "createdAt", "lastSignInAt"];

    // A cell that begins so is a formula to a spreadsheet program, and whoever chose the value wrote it.
    private static readonly char[] Formula = ['=', '+', '-', '@', '\t', '\r'];

    public static byte[] Heading(ExportPlan plan) =>
        Encoding.UTF8.GetBytes(string.Join(',', Plain.Concat(plan.Fields.Select(Findings.ApiName))) + "\r\n");

    public static void Write(StringBuilder text, FileFormat format, ExportPlan plan, ExportRow row)
    {
        if (format == FileFormat.Csv) WriteCsv(text, row);
        else WriteJson(text, plan, row);
    }

    public static string Cell(string? value)
    {
        if (string.IsNullOrEmpty(value)) return "";
        // A telephone number begins with a plus sign and is no formula.
        var safe = Formula.Contains(value[0]) && !IsNumber(value) ? "'" + value : value;
        return safe.AsSpan().IndexOfAny("\",\r\n;") < 0 ? safe : $"\"{safe.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }

    private static bool IsNumber(string value) => value.Length > 1 && value[0] == '+' && value.AsSpan(1).IndexOfAnyExcept("0123456789 ().-") < 0;

    private static void WriteCsv(StringBuilder text, ExportRow row) => text
        .AppendJoin(',', Values(row).Concat(row.Values).Select(Cell))
        .Append("\r\n");

    private static void WriteJson(StringBuilder text, ExportPlan plan, ExportRow row)
    {
        var all = new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["id"] = row.Id,
            ["status"] = row.Status,
            ["emailVerified"] = row.EmailVerified,
            ["createdAt"] = row.CreatedAt,
            ["lastSignInAt"] = row.LastSignInAt,
        };
        for (var i = 0; i < plan.Fields.Count; i++) all[Findings.ApiName(plan.Fields[i])] = row.Values[i];
        text.Append(JsonSerializer.Serialize(all)).Append('\n');
    }

    private static string?[] Values(ExportRow row) =>
    [
        row.Id.ToString(),
        row.Status,
        row.EmailVerified ? "true" : "false",
        row.CreatedAt.ToString("O", CultureInfo.InvariantCulture),
        row.LastSignInAt?.ToString("O", CultureInfo.InvariantCulture),
    ];
}
