namespace Custodia.Jq.Tests.Conformance;

/// <summary>Where the files lie that tests read.</summary>
internal static class Repository
{
    public static string Root { get; } = Find(new DirectoryInfo(AppContext.BaseDirectory));

    /// <summary>jq's own cases, beside the repository where there are any.</summary>
    public static string Shared => Path.GetFullPath(Path.Combine(Root, "..", "shared", "jq"));

    private static string Find(DirectoryInfo? folder)
    {
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Custodia.slnx"))) folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("The tests do not lie in the repository.");
    }
}

/// <summary>A test that needs jq's own cases. With <c>CUSTODIA_REQUIRE_ENGINES=1</c> it runs without them too, and fails.</summary>
internal sealed class SharedCasesFactAttribute : FactAttribute
{
    public SharedCasesFactAttribute()
    {
        if (Environment.GetEnvironmentVariable("CUSTODIA_REQUIRE_ENGINES") != "1" && !Directory.Exists(Repository.Shared)) Skip = $"jq's own cases are not here ({Repository.Shared}).";
    }
}
