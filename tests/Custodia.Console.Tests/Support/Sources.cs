namespace Custodia.Console.Tests.Support;

/// <summary>Files of the repository that the tests read.</summary>
internal static class Sources
{
    public static string Of(string path)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Custodia.slnx")))
            folder = folder.Parent;
        return Path.Combine(folder?.FullName ?? throw new InvalidOperationException("The tests run outside of the repository."), path);
    }

    public static string Read(string path) => File.ReadAllText(Of(path));
}
