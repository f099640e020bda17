using System.Reflection;
using Custodia.Server;

namespace Custodia.Acceptance.Architecture;

/// <summary>docs/operations.md says every setting there is, and its default.</summary>
public sealed class SettingsTests
{
    private static readonly string Manual = File.ReadAllText(Path.Combine(Sources.Root, "docs", "operations.md"));

    [Fact]
    public void Every_setting_is_in_the_manual()
    {
        var all = Sections().SelectMany(s => Settings(s.Options, s.Section)).ToList();
        all.ShouldContain("Custodia:Storage:ConnectionString");
        all.ShouldContain("Custodia:Identity:AttemptsPerName");
        all.Where(setting => !Manual.Contains($"`{setting}`", StringComparison.Ordinal) && !Manual.Contains($"`:{setting[(setting.LastIndexOf(':') + 1)..]}`", StringComparison.Ordinal))
            .ShouldBeEmpty();
    }

    private static IEnumerable<(string Section, Type Options)> Sections() =>
        typeof(CustodiaApp).Assembly.GetReferencedAssemblies()
            .Where(r => r.Name!.StartsWith("Custodia.", StringComparison.Ordinal))
            .SelectMany(r => Assembly.Load(r).GetTypes())
            .Select(type => (Section: type.GetField("Section", BindingFlags.Public | BindingFlags.Static)?.GetRawConstantValue() as string ?? "", Options: type))
            .Where(s => s.Section.StartsWith("Custodia", StringComparison.Ordinal));

    private static IEnumerable<string> Settings(Type options, string section) =>
        options.GetProperties(BindingFlags.Public | BindingFlags.Instance).SelectMany(p =>
            p.PropertyType.IsClass && p.PropertyType.Assembly == options.Assembly ? Settings(p.PropertyType, $"{section}:{p.Name}") : [$"{section}:{p.Name}"]);
}
