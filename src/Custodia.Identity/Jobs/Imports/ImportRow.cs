namespace Custodia.Identity.Jobs.Imports;

/// <summary>One row of a file. Held in memory only as long as its batch.</summary>
/// <param name="Line">Where it begins, from 1.</param>
/// <param name="Rule">Why it cannot be read; then it has no values.</param>
internal sealed record ImportRow(int Line, IReadOnlyDictionary<string, string> Values, string? Rule = null)
{
    private static readonly Dictionary<string, string> None = new(StringComparer.Ordinal);

    /// <summary>A value without blanks around it; null when the row has none.</summary>
    public string? this[string? column] => column is not null && Values.TryGetValue(column, out var value) && value.AsSpan().Trim().Length > 0 ? value.Trim() : null;

    public static ImportRow Unreadable(int line, string rule) => new(line, None, rule);

    /// <summary>Never the content.</summary>
    public override string ToString() => $"(row {Line})";
}

/// <summary>A file that cannot be read on: nothing behind this place can be told apart.</summary>
/// <param name="code"><c>file-shape</c>, <c>file-encoding</c> or <c>file-columns</c>.</param>
internal sealed class ImportFileException(string code, Exception? inner = null) : Exception(code, inner)
{
    public string Code => Message;
}
