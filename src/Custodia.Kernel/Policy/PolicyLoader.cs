using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Custodia.Kernel.Policy.Reading;
using YamlDotNet.Core;

namespace Custodia.Kernel.Policy;

/// <summary>Reads the policy files whole: every finding at once, or the policy.</summary>
public static class PolicyLoader
{
    private const string Keys = "schema service version title controller contact categories";

    public static PolicyReading Load(string directory)
    {
        try
        {
            return Read(PolicyFile.ReadAll(directory));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new PolicyReading(null, [new PolicyFinding(directory, "", $"the policy folder cannot be read ({e.GetType().Name}).")]);
        }
    }

    public static PolicyReading Read(IReadOnlyList<PolicyFile> files)
    {
        var findings = new List<PolicyFinding>();
        if (files.Count == 0) findings.Add(new PolicyFinding("policy", "", "there is no policy file (*.yaml)."));
        var services = files.Select(file => ReadFile(file, findings)).OfType<ServicePolicy>().ToArray();
        FindDoubles(services, findings);
        if (findings.Count > 0) return new PolicyReading(null, findings);
        var version = services.Select(s => s.Version).Max(StringComparer.Ordinal)!;

        // What all services share stands last, wherever its file sorts.
        return new PolicyReading(new LoadedPolicy(version, HashOf(files), [.. services.OrderBy(s => s.Service == "kernel")]), []);
    }

    /// <summary>The same as <c>cat policy/*.yaml | sha256sum</c>, so that anybody can check it.</summary>
    public static string HashOf(IReadOnlyList<PolicyFile> files)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var file in files) hash.AppendData(file.Content);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static ServicePolicy? ReadFile(PolicyFile file, List<PolicyFinding> findings)
    {
        try
        {
            var text = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true).GetString(file.Content);
            return ReadService(file, YamlNode.Parse(text), findings);
        }
        catch (YamlException e)
        {
            findings.Add(new PolicyFinding($"{file.Name}:{Math.Max(1, e.Start.Line)}", "", $"this is not YAML that can be read: {e.Message.TrimEnd('.')}."));
        }
        catch (DecoderFallbackException)
        {
            findings.Add(new PolicyFinding($"{file.Name}:1", "", "the file is not UTF-8."));
        }

        return null;
    }

    private static ServicePolicy ReadService(PolicyFile file, YamlNode root, List<PolicyFinding> findings)
    {
        var map = new MapReader((file.Name, findings), "", root, Keys);
        if (map.Has("schema") && map.Text("schema") != "1") map.Report("schema", "this server reads schema 1.");
        var service = map.Text("service");
        if (service.Length > 0 && service != file.Service) map.Report("service", $"the service must be called as its file: '{file.Service}'.");
        var version = map.Text("version");
        if (version.Length > 0 && !DateOnly.TryParseExact(version, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _))
            map.Report("version", "the version must be a date, e.g. 2026-11-21.");
        return new ServicePolicy(
            file.Service,
            version,
            map.Local("title"),
            map.Local("controller"),
            map.Local("contact"),
            [.. map.Maps("categories", CategoryReader.Keys, nameKey: "id").Select(c => CategoryReader.Read(c, file.Service))]);
    }

    private static void FindDoubles(IEnumerable<ServicePolicy> services, List<PolicyFinding> findings)
    {
        foreach (var same in services.SelectMany(s => s.Categories).Where(c => c.Id.Length > 0).GroupBy(c => c.Id, StringComparer.Ordinal))
        {
            foreach (var category in same.Skip(1))
                findings.Add(new PolicyFinding($"{category.File}:{category.Line}", category.Id, $"the category is already on line {same.First().Line} of {same.First().File}."));
        }
    }
}
