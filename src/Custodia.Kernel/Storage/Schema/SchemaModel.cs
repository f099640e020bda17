using System.Reflection;
using Custodia.Kernel.Hosting;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Kernel.Storage;

/// <summary>What the models of the modules' contexts say their tables are, for either database and without one.</summary>
internal static class SchemaModel
{
    /// <summary>The script that makes all tables of a context.</summary>
    public static string CreateScript(ContextRegistration registration, StorageProvider provider)
    {
        using var context = Open(registration, provider);
        return context.Database.GenerateCreateScript().ReplaceLineEndings("\n").TrimEnd() + "\n";
    }

    private static ModuleContext Open(ContextRegistration registration, StorageProvider provider)
    {
        var builder = (DbContextOptionsBuilder)Activator.CreateInstance(typeof(DbContextOptionsBuilder<>).MakeGenericType(registration.ContextType))!;
        if (provider == StorageProvider.PostgreSql) builder.UseNpgsql("Host=none");
        else builder.UseSqlite("Data Source=:memory:");
        return (ModuleContext)Activator.CreateInstance(
            registration.ContextType,
            BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic,
            binder: null,
            [builder.Options],
            culture: null)!;
    }

    /// <summary>
    /// Writes <c>Schema/PROVIDER/0001.sql</c> of every module below <paramref name="sources"/> (the folder <c>src</c>).
    /// </summary>
    /// <returns>The files that changed.</returns>
    /// <exception cref="StartRefusedException">A module has a second script: then the first is history and stays as it is.</exception>
    public static IReadOnlyList<string> Write(DataCatalogue catalogue, string sources)
    {
        var changed = new List<string>();
        foreach (var registration in catalogue.Contexts)
        {
            foreach (var provider in Enum.GetValues<StorageProvider>())
            {
                var folder = Path.Combine(sources, registration.ContextType.Assembly.GetName().Name!, "Schema", provider.ToString());
                if (File.Exists(Path.Combine(folder, "0002.sql")))
                {
                    throw new StartRefusedException(
                        StartRefusedException.Configuration,
                        $"{registration.Module} has more than one schema script: write the next number by hand, the test compares it with the model.");
                }

                var file = Path.Combine(folder, "0001.sql");
                var script = CreateScript(registration, provider);
                if (File.Exists(file) && File.ReadAllText(file).ReplaceLineEndings("\n") == script) continue;
                Directory.CreateDirectory(folder);
                File.WriteAllText(file, script);
                changed.Add(file);
            }
        }

        return changed;
    }
}
