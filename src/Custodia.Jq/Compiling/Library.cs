using System.Collections.Frozen;
using System.Reflection;
using Custodia.Jq.Builtins;
using Custodia.Jq.Syntax;

namespace Custodia.Jq.Compiling;

/// <summary>The builtins: those written in C#, and those written in the language itself (the .jq texts beside them).</summary>
internal static class Library
{
    public static readonly FrozenDictionary<(string Name, int Arity), Native> Natives =
        new[] { Paths.All, Sorting.All, Collections.All, Asides.All, Builtins.Texts.TextBuiltins.All, Builtins.Formats.FormatBuiltins.All, Builtins.Dates.DateBuiltins.All, Builtins.Regex.RegexBuiltins.All, Builtins.Mathematics.MathBuiltins.All }
            .SelectMany(group => group)
            .ToFrozenDictionary(native => (native.Name, native.Arity));

    /// <summary>Definitions in jq; each may use all the others.</summary>
    public static readonly FrozenDictionary<(string Name, int Arity), Definition> ByName =
        Sources().SelectMany(Parser.ParseLibrary).ToFrozenDictionary(d => (d.Name, d.Parameters.Count));

    /// <summary>What the compiler makes nodes of itself.</summary>
    public static readonly FrozenSet<(string Name, int Arity)> Forms = new[]
    {
        ("empty", 0), ("error", 0), ("error", 1), ("not", 0), ("path", 1), ("getpath", 1), ("recurse", 0), ("recurse", 1), ("range", 1), ("range", 2), ("range", 3),
        ("limit", 2), ("skip", 2), ("first", 1), ("last", 1), ("isempty", 1), ("select", 1), ("builtins", 0),
    }.ToFrozenSet();

    public static bool Has(string name, int arity) => Forms.Contains((name, arity)) || Natives.ContainsKey((name, arity)) || ByName.ContainsKey((name, arity));

    /// <summary>Every builtin as name/arity; those with an underscore in front are the library's own.</summary>
    public static IEnumerable<string> Names => Natives.Keys
        .Concat(ByName.Keys)
        .Concat(Forms)
        .Where(f => !f.Name.StartsWith('_'))
        .Select(f => $"{f.Name}/{f.Arity}")
        .Distinct(StringComparer.Ordinal)
        .Order(StringComparer.Ordinal);

    private static IEnumerable<string> Sources()
    {
        var assembly = Assembly.GetExecutingAssembly();
        foreach (var name in assembly.GetManifestResourceNames().Where(n => n.EndsWith(".jq", StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
            yield return reader.ReadToEnd();
        }
    }
}
