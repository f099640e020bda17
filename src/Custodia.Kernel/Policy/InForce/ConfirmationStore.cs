using System.Text.Json;
using Custodia.Kernel.Hosting;

namespace Custodia.Kernel.Policy.InForce;

/// <summary>
/// Remembers in the data directory which policy is in force: <c>policy/in-force.json</c> and a copy of its files in
/// <c>policy/SHA256/</c>. The copy is complete before the file that names it appears.
/// </summary>
internal sealed class ConfirmationStore(DataLayout layout)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    private string File => Path.Combine(layout.Policy, "in-force.json");

    /// <summary>Changes when another process has confirmed a policy.</summary>
    public DateTime Stamp => System.IO.File.GetLastWriteTimeUtc(File);

    /// <summary>Null before the first start.</summary>
    /// <exception cref="PolicyException">The file cannot be read.</exception>
    public PolicyConfirmation? Read()
    {
        if (!System.IO.File.Exists(File)) return null;
        try
        {
            return JsonSerializer.Deserialize<PolicyConfirmation>(System.IO.File.ReadAllBytes(File), Json) ?? throw new JsonException();
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            throw Unreadable($"it cannot be read ({e.GetType().Name})");
        }
    }

    /// <exception cref="PolicyException">The copy is missing, was changed or cannot be read by this version.</exception>
    public LoadedPolicy ReadPolicy(PolicyConfirmation confirmation)
    {
        var folder = Path.Combine(layout.Policy, confirmation.Sha256);
        if (!IsHash(confirmation.Sha256) || !Directory.Exists(folder)) throw Unreadable("its copy of the policy files is missing");
        var files = PolicyFile.ReadAll(folder);
        if (PolicyLoader.HashOf(files) != confirmation.Sha256) throw Unreadable("its copy of the policy files was changed");
        return PolicyLoader.Read(files).Policy ?? throw Unreadable("this version of the server cannot read its copy of the policy files");
    }

    public void Write(PolicyConfirmation confirmation, IReadOnlyList<PolicyFile> files)
    {
        var folder = Path.Combine(layout.Policy, confirmation.Sha256);
        Directory.CreateDirectory(folder);
        foreach (var file in files) System.IO.File.WriteAllBytes(Path.Combine(folder, Path.GetFileName(file.Name)), file.Content);
        var temporary = File + ".new";
        System.IO.File.WriteAllBytes(temporary, JsonSerializer.SerializeToUtf8Bytes(confirmation, Json));
        System.IO.File.Move(temporary, File, overwrite: true);
    }

    private static bool IsHash(string text) => text.Length == 64 && text.All(char.IsAsciiHexDigitLower);

    private PolicyException Unreadable(string why) => new(
    [
        new PolicyFinding(File, "", $"{why}, so nobody can say whether the loaded policy deletes sooner. Confirm the loaded policy by name: custodia policy confirm --by NAME"),
    ]);
}
