using Custodia.Jq;
using Custodia.Jq.Testing;

namespace Custodia.Server.Jq;

/// <summary>Runs files in jq's test format: each failure, what is not applicable and why, and how many passed.</summary>
internal static class JqTestRun
{
    private const int SomeFailed = 1;
    private static readonly JqLimits Limits = JqLimits.Generous with { Time = TimeSpan.FromMinutes(1) };

    public static int Run(IReadOnlyList<string> files, TextWriter output, TextWriter errors)
    {
        var options = new JqOptions { Limits = Limits, TimeZone = TimeZoneInfo.Local };
        var (passed, failed) = (0, 0);
        var reasons = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (var file in files)
        {
            if (Read(file, errors) is not { } tests) return JqMain.Usage;
            foreach (var test in tests)
            {
                switch (test.Run(options))
                {
                    case JqTestResult.NotApplicable skipped:
                        reasons[skipped.Reason] = reasons.GetValueOrDefault(skipped.Reason) + 1;
                        break;
                    case JqTestResult.Failed failure:
                        failed++;
                        Print(file, test, failure, output);
                        break;
                    default:
                        passed++;
                        break;
                }
            }
        }

        output.WriteLine($"{passed} of {passed + failed} tests passed");
        if (reasons.Count > 0) output.WriteLine($"{reasons.Values.Sum()} not applicable");
        foreach (var (reason, count) in reasons) output.WriteLine($"  {count} {reason}");
        return failed == 0 ? 0 : SomeFailed;
    }

    private static void Print(string file, JqTest test, JqTestResult.Failed failure, TextWriter output)
    {
        output.WriteLine($"{file}:{test.Line}: {test.Program}");
        if (!test.MustNotCompile) output.WriteLine($"  input    {test.Input}");
        output.WriteLine($"  expected {failure.Expected}");
        output.WriteLine($"  got      {failure.Got}");
    }

    private static IReadOnlyList<JqTest>? Read(string file, TextWriter errors)
    {
        try
        {
            using var reader = new StreamReader(file);
            return JqTestFile.Read(reader);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            errors.WriteLine($"jq: error: Could not open {file}: {exception.Message}");
            return null;
        }
    }
}
