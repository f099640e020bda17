using System.Text.RegularExpressions;

namespace Custodia.Integration.Tests;

public sealed partial class DocumentTests(IntegrationServer server) : IClassFixture<IntegrationServer>
{
    [Fact]
    public async Task Every_flow_in_the_documentation_checks()
    {
        var text = await File.ReadAllTextAsync(Path.Combine(Root(), "docs", "flows.md"));
        var flows = Fenced().Matches(text).Select(m => m.Groups[1].Value).ToList();
        flows.Count.ShouldBeGreaterThan(8);
        var client = await FlowClient.OfAsync(server);
        foreach (var flow in flows) (await client.CheckAsync(flow)).ShouldBeEmpty(flow);
    }

    [Fact]
    public async Task Every_operation_and_every_word_of_a_step_is_in_the_documentation()
    {
        var text = await File.ReadAllTextAsync(Path.Combine(Root(), "docs", "flows.md"));
        var schema = await server.Client().GetStringAsync("/api/v1/schemas/flow");
        var operations = Operation().Matches(schema).Select(m => m.Groups[1].Value).ToList();
        operations.Count.ShouldBeGreaterThanOrEqualTo(4);
        foreach (var word in operations.Concat(["set", "choice", "call", "log", "respond"])) text.ShouldContain(word);
    }

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Custodia.slnx"))) folder = folder.Parent!;
        return folder.FullName;
    }

    [GeneratedRegex("```yaml\n(.*?)```", RegexOptions.Singleline | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Fenced();

    [GeneratedRegex("\"call\":\\{\"const\":\"([a-z.]+)\"", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Operation();
}
