using Custodia.Jq.Testing;

namespace Custodia.Jq.Tests.Conformance;

public sealed class ConformanceTests
{
    private static readonly JqOptions Options = new() { Limits = JqLimits.Generous with { Time = TimeSpan.FromSeconds(30) } };

    /// <summary>Cases of jq that do not apply, as reviewed. The reason given is what the language says of itself.</summary>
    private static readonly Dictionary<string, string> NotApplicable = new(StringComparer.Ordinal)
    {
        ["man.test: $ENV.PAGER"] = "$ENV: programs do not see the environment",
        ["man.test: env.PAGER"] = "env: programs do not see the environment",
    };

    public static TheoryData<string> OwnFiles => [.. Files(Path.Combine(Repository.Root, "tests", "Custodia.Jq.Tests", "Conformance")).Select(f => Path.GetFileName(f)!)];

    [Theory]
    [MemberData(nameof(OwnFiles))]
    public void Our_own_cases_pass(string file) =>
        Failures(Path.Combine(Repository.Root, "tests", "Custodia.Jq.Tests", "Conformance", file)).ShouldBeEmpty();

    [SharedCasesFact]
    public void Of_jqs_own_cases_98_of_100_that_apply_pass()
    {
        var cases = Files(Repository.Shared).SelectMany(Cases).ToArray();
        var applicable = cases.Where(c => c.Test.NotApplicable is null).ToArray();
        var failures = Files(Repository.Shared).SelectMany(Failures).ToArray();
        cases.Length.ShouldBeGreaterThan(250);
        (applicable.Length - failures.Length).ShouldBeGreaterThanOrEqualTo((int)Math.Ceiling(applicable.Length * 0.98), string.Join("\n", failures));
    }

    [SharedCasesFact]
    public void What_does_not_apply_is_exactly_what_was_reviewed() =>
        Files(Repository.Shared).SelectMany(Cases)
            .Where(c => c.Test.NotApplicable is not null)
            .ToDictionary(c => $"{c.File}: {c.Test.Program}", c => c.Test.NotApplicable!, StringComparer.Ordinal)
            .ShouldBe(NotApplicable, ignoreOrder: true);

    private static string[] Files(string folder) => [.. Directory.EnumerateFiles(folder, "*.test").Order(StringComparer.Ordinal)];

    private static IEnumerable<(string File, JqTest Test)> Cases(string file)
    {
        using var reader = new StreamReader(file);
        return JqTestFile.Read(reader).Select(test => (Path.GetFileName(file), test));
    }

    private static IEnumerable<string> Failures(string file) =>
        from one in Cases(file)
        let result = one.Test.Run(Options) as JqTestResult.Failed
        where result is not null
        select $"{one.File}:{one.Test.Line}: {one.Test.Program} on {one.Test.Input}: expected {result.Expected}, got {result.Got}";
}
