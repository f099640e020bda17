using System.Text;
using Custodia.Acceptance.Architecture;

namespace Custodia.Acceptance.Contracts;

/// <summary>What others rely on, as a file beside the tests: a change of it is seen in review, or it is a mistake.</summary>
internal static class Snapshot
{
    private const string Folder = "tests/Custodia.Acceptance/Contracts/Shapes";
    private const string Switch = "CUSTODIA_ACCEPT_CONTRACTS";
    private const int MostLines = 120;

    /// <summary>Fails with a difference, unless <c>CUSTODIA_ACCEPT_CONTRACTS=1</c> is set: then the file is written.</summary>
    public static void Check(string name, string text)
    {
        var now = text.ReplaceLineEndings("\n").TrimEnd() + "\n";
        var file = Path.Combine(Sources.Root, Folder, name);
        if (Environment.GetEnvironmentVariable(Switch) == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, now);
            return;
        }

        var before = File.Exists(file) ? File.ReadAllText(file).ReplaceLineEndings("\n") : "";
        if (before == now) return;
        Assert.Fail(
            $"""
            {Folder}/{name} is not what the server does now (- as agreed, + as it is):

            {Difference(before.Split('\n'), now.Split('\n'))}
            If this change is meant, accept it and commit the file:
              {Switch}=1 dotnet test tests/Custodia.Acceptance --filter FullyQualifiedName~Contracts
            """);
    }

    /// <summary>Lines that are gone and new, with a line before each run; equal beginnings and ends are left out first.</summary>
    internal static string Difference(string[] before, string[] after)
    {
        var start = 0;
        while (start < before.Length && start < after.Length && before[start] == after[start]) start++;
        var end = 0;
        while (end < before.Length - start && end < after.Length - start && before[^(end + 1)] == after[^(end + 1)]) end++;
        var (old, now) = (before[start..^end], after[start..^end]);
        var common = Common(old, now);
        var lines = new List<string>();
        if (start > 0) lines.Add($"@ line {start}: {before[start - 1].Trim()}");
        int i = 0, j = 0;
        while (i < old.Length || j < now.Length)
        {
            if (i < old.Length && j < now.Length && old[i] == now[j])
            {
                i++;
                j++;
            }
            else if (j >= now.Length || (i < old.Length && common[i + 1, j] >= common[i, j + 1])) lines.Add("- " + old[i++]);
            else lines.Add("+ " + now[j++]);
        }

        var text = new StringBuilder();
        foreach (var line in lines.Take(MostLines)) text.AppendLine(line);
        if (lines.Count > MostLines) text.AppendLine($"… and {lines.Count - MostLines} more lines");
        return text.ToString();
    }

    // Longest common subsequence; texts that differ everywhere are cut, their difference says nothing anyway.
    private static int[,] Common(string[] old, string[] now)
    {
        var lengths = new int[old.Length + 1, now.Length + 1];
        if ((long)old.Length * now.Length > 4_000_000) return lengths;
        for (var i = old.Length - 1; i >= 0; i--)
        {
            for (var j = now.Length - 1; j >= 0; j--)
                lengths[i, j] = old[i] == now[j] ? lengths[i + 1, j + 1] + 1 : Math.Max(lengths[i + 1, j], lengths[i, j + 1]);
        }

        return lengths;
    }
}
