using Custodia.Testing;

namespace Custodia.Kernel.Tests.Policy;

/// <summary>The policy on the command line, as a process of its own.</summary>
public sealed class PolicyVerbTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task Check_lists_every_finding_and_fails()
    {
        var folder = Copy("broken");
        Edit(folder, "identity.yaml", text => text.Replace("legalBasis: contract", "legalBasis: because", StringComparison.Ordinal));
        Edit(folder, "kernel.yaml", text => text.Replace("schema: 1\n", "", StringComparison.Ordinal));
        var (code, output, _) = await CustodiaProcess.RunAsync(["policy", "check", folder]);
        code.ShouldBe(1);
        output.ShouldContain("broken/identity.yaml:15: identity.user-profile: 'legalBasis' does not know 'because'");
        output.ShouldContain("broken/kernel.yaml:3: the key 'schema' is missing");
    }

    [Fact]
    public async Task Render_writes_the_record_of_processing_activities()
    {
        var file = _folder.File("record.csv");
        var (code, _, error) = await CustodiaProcess.RunAsync(["policy", "render", "--format", "csv", "--lang", "zh", "--out", file]);
        code.ShouldBe(0, error);
        File.ReadAllText(file).ShouldContain("用户资料 (identity.user-profile)");
    }

    [Fact]
    public async Task Diff_says_what_is_deleted_sooner()
    {
        var (before, after) = (Copy("before"), Copy("after"));
        Edit(after, "integration.yaml", text => text.Replace("{ age: P7D }", "{ age: P3D }", StringComparison.Ordinal));
        var (code, output, error) = await CustodiaProcess.RunAsync(["policy", "diff", before, after]);
        code.ShouldBe(1, error);
        output.ShouldContain("integration.running-log: deleteOn.age: P7D -> P3D  [deletes sooner]");
        (await CustodiaProcess.RunAsync(["policy", "diff", after, before])).ExitCode.ShouldBe(0);
    }

    [Fact]
    public async Task Confirm_needs_a_name_and_keeps_it()
    {
        var data = _folder.File("data");
        (await CustodiaProcess.RunAsync(["policy", "confirm", $"--Custodia:DataDirectory={data}"])).ExitCode.ShouldBe(2);
        var (code, output, error) = await CustodiaProcess.RunAsync(["policy", "confirm", "--by", "Ada Lovelace", $"--Custodia:DataDirectory={data}"]);
        code.ShouldBe(0, error);
        output.ShouldContain("is in force, confirmed by Ada Lovelace.");
        File.ReadAllText(Path.Combine(data, "policy", "in-force.json")).ShouldContain("\"confirmedBy\": \"Ada Lovelace\"");
    }

    [Fact]
    public async Task The_server_does_not_start_on_a_finding_and_prints_it()
    {
        var folder = Copy("broken");
        Edit(folder, "tickets.yaml", text => text.Replace("    role: controller\n", "", StringComparison.Ordinal));
        var (code, _, error) = await CustodiaProcess.RunAsync(
            ["--urls", "http://127.0.0.1:0", $"--Custodia:PolicyDirectory={folder}", $"--Custodia:DataDirectory={_folder.File("data")}"]);
        code.ShouldBe(3);
        error.ShouldContain("broken/tickets.yaml:10: tickets.user-name: the key 'role' is missing");
        error.ShouldNotContain("   at ");
    }

    public void Dispose() => _folder.Dispose();

    private string Copy(string name)
    {
        var folder = Directory.CreateDirectory(_folder.File(name)).FullName;
        foreach (var file in Directory.GetFiles(PolicyTexts.RealFolder, "*.yaml")) File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        return folder;
    }

    private static void Edit(string folder, string file, Func<string, string> change)
    {
        var path = Path.Combine(folder, file);
        var text = File.ReadAllText(path);
        var changed = change(text);
        changed.ShouldNotBe(text);
        File.WriteAllText(path, changed);
    }
}
