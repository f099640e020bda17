using System.Globalization;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using Custodia.Kernel.Hosting;

namespace Custodia.Kernel.Storage;

/// <summary>One numbered script of a module for one database.</summary>
internal sealed record SchemaScript(string Module, int Number, string Sql)
{
    public string Sha256 { get; } = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Sql)));
}

/// <summary>
/// The scripts that make a module's tables: <c>Schema/Sqlite/0001.sql</c> and <c>Schema/PostgreSql/0001.sql</c> in the module's
/// project, embedded under these names. A released script never changes; a change of the model is the next number.
/// </summary>
internal static class SchemaScripts
{
    public static IReadOnlyList<SchemaScript> Of(string module, Assembly assembly, StorageProvider provider)
    {
        var folder = $"Schema/{provider}/";
        var scripts = assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(folder, StringComparison.Ordinal) && name.EndsWith(".sql", StringComparison.Ordinal))
            .Select(name => new SchemaScript(module, NumberOf(name, folder), Read(assembly, name)))
            .OrderBy(script => script.Number)
            .ToArray();
        for (var i = 0; i < scripts.Length; i++)
        {
            if (scripts[i].Number != i + 1)
                throw new InvalidOperationException($"{module} has no schema script {i + 1:0000} for {provider}.");
        }

        return scripts;
    }

    private static int NumberOf(string name, string folder) =>
        int.TryParse(name.AsSpan(folder.Length, name.Length - folder.Length - 4), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new InvalidOperationException($"The schema script {name} has no number for a name.");

    private static string Read(Assembly assembly, string name)
    {
        using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!, Encoding.UTF8);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}
