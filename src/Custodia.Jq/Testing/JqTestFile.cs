namespace Custodia.Jq.Testing;

/// <summary>
/// Files in jq's test format: groups of a program, an input and its outputs, a line each, separated by blank lines; lines that begin
/// with # are comments. <c>%%FAIL</c> stands before a program that must not compile.
/// </summary>
public static class JqTestFile
{
    private const string FailMark = "%%FAIL";

    /// <summary>The cases in order. A group that breaks off has what is there: a missing input is an empty text, which is no JSON.</summary>
    public static IReadOnlyList<JqTest> Read(TextReader reader)
    {
        var tests = new List<JqTest>();
        for (var lines = new Lines(reader); lines.Next() is { } first;)
        {
            if (IsSkipped(first)) continue;
            var isFailure = first.TrimEnd() is FailMark or $"{FailMark} IGNORE MSG";
            var program = isFailure ? lines.Next() ?? "" : first;
            var at = lines.Number;
            var input = isFailure ? "" : lines.Next() ?? "";
            var rest = new List<string>();
            while (lines.Next() is { } line && !IsSkipped(line)) rest.Add(line);
            tests.Add(new JqTest(at, program, isFailure, input, isFailure ? [] : rest));
        }

        return tests;
    }

    private static bool IsSkipped(string line) => line.AsSpan().TrimStart(" \t") is [] or ['#', ..];

    private sealed class Lines(TextReader reader)
    {
        public int Number { get; private set; }

        public string? Next()
        {
            Number++;
            return reader.ReadLine();
        }
    }
}
