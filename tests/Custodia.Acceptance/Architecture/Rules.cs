using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Components;

namespace Custodia.Acceptance.Architecture;

/// <summary>The rules of the house, each as a function from what is there to what breaks it, so that each can be seen red on a fixture.</summary>
internal static partial class Rules
{
    private static readonly Dictionary<string, string[]> MayReference = new(StringComparer.Ordinal)
    {
        ["Custodia.Kernel"] = [],
        ["Custodia.Jq"] = [],
        ["Custodia.Console"] = ["Custodia.Kernel"],
        ["Custodia.Identity"] = ["Custodia.Kernel", "Custodia.Console"],
        ["Custodia.Integration"] = ["Custodia.Kernel", "Custodia.Console", "Custodia.Jq"],
        ["Custodia.Tickets"] = ["Custodia.Kernel", "Custodia.Console"],
    };

    private static readonly string[] Kinds = ["Helpers", "Helper", "Services", "Models", "Utils", "Utilities", "Common", "Managers", "Misc", "Shared", "Interfaces"];

    /// <summary>Modules reference the kernel and the look only.</summary>
    public static IEnumerable<string> ForeignReferences(string assembly, IEnumerable<string> references) =>
        references.Where(r => r.StartsWith("Custodia.", StringComparison.Ordinal) && !MayReference[assembly].Contains(r, StringComparer.Ordinal))
            .Select(r => $"{assembly} references {r}");

    /// <summary>A module shows its module class and its contracts; pages are public because Razor makes them so.</summary>
    public static IEnumerable<string> WronglyPublic(IEnumerable<Type> types) =>
        types.Where(t => t.IsPublic && t.Name != "_Imports"
                && !t.Name.EndsWith("Module", StringComparison.Ordinal)
                && !(t.Namespace ?? "").Split('.').Contains("Contracts", StringComparer.Ordinal)
                && !typeof(IComponent).IsAssignableFrom(t))
            .Select(t => $"{t.FullName} is public");

    /// <summary>What is not meant to be derived from is sealed.</summary>
    public static IEnumerable<string> Unsealed(IEnumerable<Type> types) =>
        types.Where(t => t is { IsClass: true, IsSealed: false, IsAbstract: false } && t.Name != "_Imports" && !IsGenerated(t) && !typeof(IComponent).IsAssignableFrom(t))
            .Where(t => !types.Any(other => other.BaseType == t || (other.BaseType is { IsGenericType: true } generic && generic.GetGenericTypeDefinition() == t)))
            .Select(t => $"{t.FullName} is neither sealed nor derived from");

    /// <summary>A class that needs more than five things does more than one. Records carry data and may be wide.</summary>
    public static IEnumerable<string> WideConstructors(IEnumerable<Type> types) =>
        types.Where(t => t is { IsClass: true, IsNested: false } && !IsGenerated(t) && !IsRecord(t) && !t.IsSubclassOf(typeof(Exception)))
            .SelectMany(t => t.GetConstructors(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic), (t, c) => (Type: t, Count: c.GetParameters().Length))
            .Where(c => c.Count > 5)
            .Select(c => $"{c.Type.FullName} has {c.Count} constructor parameters");

    /// <summary>Folders name capabilities.</summary>
    public static IEnumerable<string> FoldersNamedAfterKinds(IEnumerable<string> files) =>
        files.Where(f => f.Split('/').SkipLast(1).Any(part => Kinds.Contains(part, StringComparer.OrdinalIgnoreCase)));

    public static IEnumerable<string> LongFiles(IEnumerable<(string File, int Lines)> files) =>
        files.Where(f => f.Lines > 400).Select(f => $"{f.File} has {f.Lines} lines");

    /// <summary>Each module owns its tables: nobody else's source names them.</summary>
    public static IEnumerable<string> ForeignTables(string module, string file, string text) =>
        TableName().Matches(text).Select(m => m.Groups[1].Value).Where(owner => owner != module).Distinct(StringComparer.Ordinal)
            .Select(owner => $"{file} names a table of {owner}");

    public static IEnumerable<string> LeftBehind(string file, string text) =>
        Leftover().Matches(text).Select(m => $"{file}: {m.Value}");

    /// <summary>Methods of more than 60 lines, measured from the first to the last line with code, by the debug symbols.</summary>
    public static IEnumerable<string> LongMethods(string assemblyFile)
    {
        using var assembly = new PEReader(File.OpenRead(assemblyFile));
        var metadata = assembly.GetMetadataReader();
        using var provider = MetadataReaderProvider.FromPortablePdbStream(File.OpenRead(Path.ChangeExtension(assemblyFile, ".pdb")));
        var symbols = provider.GetMetadataReader();
        foreach (var handle in metadata.MethodDefinitions)
        {
            var method = metadata.GetMethodDefinition(handle);
            // Tables written as field initialisers are data.
            if (metadata.GetString(method.Name) == ".cctor") continue;
            var lines = symbols.GetMethodDebugInformation(handle).GetSequencePoints()
                .Where(p => !p.IsHidden && IsWritten(symbols.GetString(symbols.GetDocument(p.Document).Name)))
                .ToArray();
            if (lines.Length == 0) continue;
            var length = lines.Max(p => p.EndLine) - lines.Min(p => p.StartLine) + 1;
            if (length <= 60) continue;
            var type = metadata.GetTypeDefinition(method.GetDeclaringType());
            yield return $"{metadata.GetString(type.Name)}.{metadata.GetString(method.Name)} has {length} lines ({Path.GetFileName(symbols.GetString(symbols.GetDocument(lines[0].Document).Name))}:{lines[0].StartLine})";
        }
    }

    /// <summary>Lock files hold names, versions and hashes, and no address.</summary>
    public static bool HoldsAddress(string lockFile) => Address().IsMatch(lockFile);

    private static bool IsWritten(string document) =>
        document.EndsWith(".cs", StringComparison.Ordinal) && !document.EndsWith(".g.cs", StringComparison.Ordinal) && !document.Contains("/obj/", StringComparison.Ordinal);

    private static bool IsGenerated(Type type) =>
        type.IsDefined(typeof(CompilerGeneratedAttribute), false) || type.Name.Contains('<', StringComparison.Ordinal)
        || type.IsDefined(typeof(System.CodeDom.Compiler.GeneratedCodeAttribute), false);

    private static bool IsRecord(Type type) => type.GetMethod("<Clone>$") is not null;

    [GeneratedRegex(@"\b(identity|integration|tickets)_[a-z][a-z_]+\b")]
    private static partial Regex TableName();

    [GeneratedRegex(@"\b(TODO|FIXME|HACK|XXX)\b|NotImplementedException|\[Fact\(Skip|\.GetAwaiter\(\)\.GetResult\(\)|Thread\.Sleep")]
    private static partial Regex Leftover();

    [GeneratedRegex("https?://")]
    private static partial Regex Address();
}
