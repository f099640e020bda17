namespace Custodia.Acceptance.Architecture;

/// <summary>The source tree that the tests were built from.</summary>
internal static class Sources
{
    public static string Root { get; } = Find();

    /// <summary>Files of the repository by extension, without what is built or fetched.</summary>
    public static IEnumerable<string> Files(string folder, params string[] extensions) =>
        Directory.EnumerateFiles(Path.Combine(Root, folder), "*", SearchOption.AllDirectories)
            .Where(f => extensions.Contains(Path.GetExtension(f), StringComparer.Ordinal))
            .Where(f => !f.Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj" or "node_modules"));

    public static string Short(string file) => Path.GetRelativePath(Root, file).Replace('\\', '/');

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Custodia.slnx"))) return folder.FullName;
        }

        throw new InvalidOperationException("The tests must run below the source tree.");
    }
}
