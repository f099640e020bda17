using System.Runtime.InteropServices;
using System.Text;
using Spectre.Console;

namespace Custodia.Server.Bench;

/// <summary>The results as a table on the screen and as a section of <c>bench/results/DATE.md</c>.</summary>
internal static class BenchReport
{
    private static readonly string[] Columns = ["row", "ours", "against", "ratio", "reach", ""];

    public static void Print(IReadOnlyList<BenchResult> results)
    {
        var table = new Table().Border(TableBorder.Rounded);
        foreach (var column in Columns) table.AddColumn(column);
        foreach (var result in results) table.AddRow([.. Cells(result).Select(cell => new Text(cell))]);
        AnsiConsole.Write(table);
    }

    /// <summary>Appends to the file of the day and returns its path.</summary>
    public static async Task<string> SaveAsync(IReadOnlyList<BenchResult> results, string folder, DateTimeOffset now, CancellationToken cancellation)
    {
        Directory.CreateDirectory(folder);
        var path = Path.Combine(folder, $"{now:yyyy-MM-dd}.md");
        var text = new StringBuilder();
        text.Append($"## {now:HH:mm} UTC, {RuntimeInformation.FrameworkDescription}, {RuntimeInformation.ProcessArchitecture}, {Environment.ProcessorCount} processors\n\n");
        text.Append("Medians of five turns (retention, jq: three), with smallest and largest.\n\n");
        text.Append("| ").AppendJoin(" | ", Columns).Append(" |\n|").Insert(text.Length, " --- |", Columns.Length).Append('\n');
        foreach (var result in results) text.Append("| ").AppendJoin(" | ", Cells(result)).Append(" |\n");
        await File.AppendAllTextAsync(path, text.Append('\n').ToString(), cancellation);
        return path;
    }

    private static string[] Cells(BenchResult result) =>
    [
        $"{result.Row.Name}: {result.Row.Title}",
        $"{result.Ours} {result.Row.Unit}",
        $"{result.Row.Against}: {result.Theirs} {result.Row.Unit}",
        $"{result.Ratio:0.00} ×",
        result.Row.Target.ToString(),
        result.IsReached ? "reached" : "MISSED",
    ];
}
