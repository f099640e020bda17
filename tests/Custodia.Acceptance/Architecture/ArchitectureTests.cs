using System.Reflection;
using System.Xml.Linq;
using Custodia.Identity;
using Custodia.Kernel.Hosting;
using Custodia.Server;

namespace Custodia.Acceptance.Architecture;

public sealed class ArchitectureTests
{
    private static readonly Assembly[] Modules = [.. Loaded().Where(a => a.GetTypes().Any(t => t.IsPublic && t is { IsClass: true, IsAbstract: false } && typeof(IModule).IsAssignableFrom(t)))];

    public static TheoryData<string> ModuleNames => [.. Modules.Select(m => m.GetName().Name!)];

    public static TheoryData<string> AllNames => [.. Loaded().Select(m => m.GetName().Name!)];

    [Fact]
    public void Every_service_is_a_module_of_its_own_assembly() =>
        Modules.Select(m => m.GetName().Name).ShouldBeSubsetOf(["Custodia.Identity", "Custodia.Integration", "Custodia.Tickets"]);

    [Theory]
    [MemberData(nameof(AllNames))]
    public void Assemblies_reference_only_what_they_may(string name) =>
        Rules.ForeignReferences(name, Named(name).GetReferencedAssemblies().Select(r => r.Name!)).ShouldBeEmpty();

    [Theory]
    [MemberData(nameof(ModuleNames))]
    public void A_module_shows_its_module_class_and_its_contracts(string name) =>
        Rules.WronglyPublic(Named(name).GetTypes()).ShouldBeEmpty();

    [Theory]
    [MemberData(nameof(AllNames))]
    public void Classes_are_sealed(string name) => Rules.Unsealed(Named(name).GetTypes()).ShouldBeEmpty();

    [Theory]
    [MemberData(nameof(AllNames))]
    public void Constructors_take_at_most_five_things(string name) => Rules.WideConstructors(Named(name).GetTypes()).ShouldBeEmpty();

    [Theory]
    [MemberData(nameof(AllNames))]
    public void Methods_have_at_most_60_lines(string name) => Rules.LongMethods(Named(name).Location).ShouldBeEmpty();

    [Fact]
    public void Files_have_at_most_400_lines() =>
        Rules.LongFiles(Sources.Files("src", ".cs", ".razor").Concat(Sources.Files("tests", ".cs")).Select(f => (Sources.Short(f), File.ReadLines(f).Count()))).ShouldBeEmpty();

    [Fact]
    public void Folders_name_capabilities() =>
        Rules.FoldersNamedAfterKinds(Sources.Files("src", ".cs", ".razor").Select(Sources.Short)).ShouldBeEmpty();

    [Theory]
    [InlineData("Custodia.Kernel", "kernel")]
    [InlineData("Custodia.Identity", "identity")]
    [InlineData("Custodia.Integration", "integration")]
    [InlineData("Custodia.Tickets", "tickets")]
    public void Nobody_names_the_tables_of_another_module(string project, string module) =>
        Sources.Files($"src/{project}", ".cs").SelectMany(f => Rules.ForeignTables(module, Sources.Short(f), File.ReadAllText(f))).ShouldBeEmpty();

    [Fact]
    public void Nothing_is_left_behind() =>
        Sources.Files("src", ".cs", ".razor").SelectMany(f => Rules.LeftBehind(Sources.Short(f), File.ReadAllText(f))).ShouldBeEmpty();

    [Fact]
    public void Every_text_is_there_in_English_and_Chinese()
    {
        foreach (var english in Sources.Files("src", ".resx").Where(f => !f.EndsWith(".zh.resx", StringComparison.Ordinal)))
            Keys(Path.ChangeExtension(english, ".zh.resx")).ShouldBe(Keys(english), ignoreOrder: true, customMessage: Sources.Short(english));
    }

    [Fact]
    public void Lock_files_hold_no_address()
    {
        var locks = Directory.EnumerateFiles(Sources.Root, "package*.lock.json", SearchOption.AllDirectories)
            .Concat(Directory.EnumerateFiles(Sources.Root, "package-lock.json", SearchOption.AllDirectories))
            .Where(f => !f.Contains("node_modules", StringComparison.Ordinal))
            .ToArray();
        locks.ShouldNotBeEmpty();
        locks.Where(f => Rules.HoldsAddress(File.ReadAllText(f))).Select(Sources.Short).ShouldBeEmpty();
    }

    private static IEnumerable<string> Keys(string file) => XDocument.Load(file).Root!.Elements("data").Select(d => d.Attribute("name")!.Value);

    private static Assembly Named(string name) => Loaded().Single(a => a.GetName().Name == name);

    private static IEnumerable<Assembly> Loaded()
    {
        // One type of each, so that the compiler keeps the reference.
        _ = typeof(IdentityModule);
        return typeof(CustodiaApp).Assembly.GetReferencedAssemblies()
            .Where(r => r.Name!.StartsWith("Custodia.", StringComparison.Ordinal))
            .Select(Assembly.Load);
    }
}
