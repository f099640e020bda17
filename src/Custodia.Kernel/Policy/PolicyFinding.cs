namespace Custodia.Kernel.Policy;

/// <summary>One thing that is wrong with the policy, or between the policy and the code.</summary>
/// <param name="Where"><c>policy/identity.yaml:31</c>, or the symbol in the code: <c>User.Country</c>.</param>
/// <param name="What">Category and field, e.g. <c>identity.user-profile.email</c>.</param>
/// <param name="Rule">What is wrong and which rule says so; one sentence.</param>
public sealed record PolicyFinding(string Where, string What, string Rule)
{
    public override string ToString() => What.Length == 0 ? $"{Where}: {Rule}" : $"{Where}: {What}: {Rule}";
}

/// <summary>A policy file as it was read.</summary>
/// <param name="Name">How findings call it, e.g. <c>policy/identity.yaml</c>.</param>
public sealed record PolicyFile(string Name, byte[] Content)
{
    public string Service => Path.GetFileNameWithoutExtension(Name);

    /// <summary>Reads the <c>*.yaml</c> files of a folder in ordinal order of their names.</summary>
    /// <exception cref="DirectoryNotFoundException">No such folder.</exception>
    public static IReadOnlyList<PolicyFile> ReadAll(string directory)
    {
        var folder = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(directory)));
        return
        [
            .. Directory.GetFiles(directory, "*.yaml")
                .OrderBy(Path.GetFileName, StringComparer.Ordinal)
                .Select(path => new PolicyFile($"{folder}/{Path.GetFileName(path)}", File.ReadAllBytes(path))),
        ];
    }
}

/// <summary>What came of reading the policy files: the policy, or every finding at once.</summary>
/// <param name="Policy">Null when there are findings.</param>
public sealed record PolicyReading(LoadedPolicy? Policy, IReadOnlyList<PolicyFinding> Findings);
