using System.Reflection;
using System.Text.RegularExpressions;

namespace Custodia.Identity.Tests.Conformance;

/// <summary>Holds docs/conformance.md against the tests: each test it names exists, each conformance test is in it.</summary>
public sealed partial class ConformanceDocumentTests
{
    private static readonly Dictionary<string, Type> Classes = typeof(ConformanceDocumentTests).Assembly.GetTypes()
        .Where(type => type.IsPublic && Tests(type).Any())
        .ToDictionary(type => type.Name, StringComparer.Ordinal);

    [Fact]
    public void Each_test_that_the_document_names_exists()
    {
        var missing = Named().Where(name => !Exists(name)).ToList();
        missing.ShouldBeEmpty();
    }

    [Fact]
    public void Each_conformance_test_is_in_the_document()
    {
        var named = Named().ToHashSet(StringComparer.Ordinal);
        var missing = Classes.Values
            .Where(type => type.Namespace == typeof(ConformanceDocumentTests).Namespace && type != typeof(ConformanceDocumentTests))
            .SelectMany(type => Tests(type).Select(test => $"{type.Name}.{test.Name}"))
            .Where(name => !named.Contains(name))
            .ToList();
        missing.ShouldBeEmpty();
    }

    [Fact]
    public void Each_row_of_the_document_names_a_section_a_rule_and_a_test()
    {
        var rows = Rows();
        rows.Count.ShouldBeGreaterThan(100);
        rows.ShouldAllBe(row => row.Length == 3 && row[0].Length > 0 && row[1].Length > 0 && TestName().IsMatch(row[2]));
    }

    private static bool Exists(string name)
    {
        var parts = name.Split('.');
        return Classes.TryGetValue(parts[0], out var type) && Tests(type).Any(test => test.Name == parts[1]);
    }

    private static IEnumerable<string> Named() => Rows().SelectMany(row => TestName().Matches(row[2])).Select(match => match.Groups["name"].Value);

    private static IEnumerable<MethodInfo> Tests(Type type) =>
        type.GetMethods(BindingFlags.Instance | BindingFlags.Public | BindingFlags.DeclaredOnly).Where(method => method.GetCustomAttribute<FactAttribute>() is not null);

    private static List<string[]> Rows() =>
        [.. File.ReadLines(Document())
            .Where(line => line.StartsWith('|') && !line.StartsWith("| ---", StringComparison.Ordinal) && !line.StartsWith("| section |", StringComparison.Ordinal))
            .Select(line => line.Trim().Trim('|').Split('|', StringSplitOptions.TrimEntries))];

    private static string Document()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var path = Path.Combine(folder.FullName, "docs", "conformance.md");
            if (File.Exists(path)) return path;
        }

        throw new FileNotFoundException("docs/conformance.md");
    }

    [GeneratedRegex("`(?<name>[A-Za-z]+\\.[A-Za-z0-9_]+)`", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex TestName();
}
