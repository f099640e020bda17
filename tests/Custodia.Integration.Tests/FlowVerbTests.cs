using Custodia.Testing;

namespace Custodia.Integration.Tests;

/// <summary><c>custodia flow run</c>, as a process of its own.</summary>
public sealed class FlowVerbTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task A_flow_is_walked_through_with_a_payload_and_nobody_is_called()
    {
        var (code, output, error) = await RunAsync(Pages.Starter.Of("ticket").Text, """{ "title": "Broken", "text": "Since today" }""");
        code.ShouldBe(0, error);
        output.ShouldContain("""/steps/0 call tickets.create {"title":"Broken","description":"Since today"} (not asked)""");
        output.ShouldContain("/steps/1 respond 201");
    }

    [Fact]
    public async Task A_flow_with_errors_is_not_run_and_each_is_told_with_its_place()
    {
        var (code, output, _) = await RunAsync("flow: 1\nname: wrong\nsteps:\n  - call: no.such\n  - colour: red\n", null);
        code.ShouldBe(1);
        output.ShouldContain("line 4, column 5: error unknown-operation:");
        output.ShouldContain("line 5, column 5: error step:");
    }

    [Fact]
    public async Task A_payload_that_is_not_JSON_and_a_file_that_is_not_there_are_errors_of_usage()
    {
        (await RunAsync("flow: 1\nname: fine\nsteps: []\n", "{")).Code.ShouldBe(2);
        (await CustodiaProcess.RunAsync(["flow", "run", _folder.File("none.yaml")])).ExitCode.ShouldBe(2);
    }

    public void Dispose() => _folder.Dispose();

    private async Task<(int Code, string Output, string Error)> RunAsync(string text, string? payload)
    {
        var file = _folder.File("flow.yaml");
        await File.WriteAllTextAsync(file, text);
        string[] arguments = ["flow", "run", file, $"--Custodia:DataDirectory={_folder.File("data")}"];
        var (code, output, error) = await CustodiaProcess.RunAsync(payload is null ? arguments : [.. arguments, "--payload", payload]);
        return (code, output, error);
    }
}
