namespace Custodia.Kernel.Streams;

/// <summary>Fields of CSV as RFC 4180 has them, safe to open in a spreadsheet.</summary>
internal static class CsvText
{
    private static readonly System.Buffers.SearchValues<char> Special = System.Buffers.SearchValues.Create("\",\r\n");

    /// <summary>
    /// A text that a spreadsheet would take for a formula (it begins with one of <c>= + - @</c>, tab or carriage return) gets an
    /// apostrophe in front, as OWASP advises; numbers do not come this way.
    /// </summary>
    public static string Field(string? text)
    {
        if (string.IsNullOrEmpty(text)) return "";
        if (text[0] is '=' or '+' or '-' or '@' or '\t' or '\r') text = "'" + text;
        return text.AsSpan().ContainsAny(Special) ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
    }
}
