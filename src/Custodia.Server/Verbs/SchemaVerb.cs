using System.CommandLine;
using Custodia.Kernel.Hosting;
using Custodia.Kernel.Storage;

namespace Custodia.Server.Verbs;

/// <summary><c>custodia schema write</c>: for developers, after a change of a model and before the first release.</summary>
internal static class SchemaVerb
{
    public static Command Create()
    {
        var write = new Command("write", "Writes Schema/*/0001.sql of every module from its model. Run it inside the source tree.");
        write.SetAction(Write);
        return new Command("schema", "The numbered scripts that make the tables.") { write };
    }

    private static int Write(ParseResult parsed)
    {
        using var host = OfflineHost.Build(parsed);
        var catalogue = host.Services.GetRequiredService<DataCatalogue>();
        foreach (var file in SchemaModel.Write(catalogue, Sources())) System.Console.WriteLine(file);
        return 0;
    }

    private static string Sources()
    {
        for (var folder = new DirectoryInfo(Directory.GetCurrentDirectory()); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Custodia.slnx"))) return Path.Combine(folder.FullName, "src");
        }

        throw new StartRefusedException(StartRefusedException.Configuration, "This is not a source tree: no Custodia.slnx here or above.");
    }
}
