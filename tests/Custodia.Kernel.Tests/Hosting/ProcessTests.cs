using Custodia.Testing;

namespace Custodia.Kernel.Tests.Hosting;

/// <summary>What only a real process shows.</summary>
public sealed class ProcessTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_killed_server_starts_again_and_one_that_is_asked_to_stop_ends_well()
    {
        var data = _folder.File("data");
        await using (var first = await CustodiaProcess.StartAsync(data)) await first.KillAsync();
        await using var second = await CustodiaProcess.StartAsync(data);
        (await second.StopAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task A_second_server_on_the_same_data_is_refused()
    {
        var data = _folder.File("data");
        await using var first = await CustodiaProcess.StartAsync(data);
        var (code, _, error) = await CustodiaProcess.RunAsync(["--urls", $"http://127.0.0.1:{CustodiaProcess.FreePort()}", $"--Custodia:DataDirectory={data}"]);
        code.ShouldBe(2);
        error.Trim().ShouldBe("Custodia:DataDirectory: another server works with this folder.");
    }

    [Theory]
    [InlineData("--Custodia:Storage:Provider=MySql", "Custodia:Storage:Provider: the value has the wrong form.")]
    [InlineData("--Custodia:Storage:Provider=PostgreSql", "Custodia:Storage:ConnectionString: PostgreSQL needs a connection string.")]
    [InlineData("--Custodia:Messaging:Provider=RabbitMq", "Custodia:Messaging:Provider: RabbitMq is not available in this version; use InProcess.")]
    [InlineData("--Custodia:PublicUrl=http://example.com/", "Custodia:PublicUrl: it must be an http or https address without path, query and trailing slash.")]
    [InlineData("--Custodia:Roles=cook", "Custodia:Roles: it must name one or more of web, worker and scheduler.")]
    [InlineData("--Custodia:Storge:Provider=PostgreSql", "Custodia:Storge: there is no such setting.")]
    [InlineData("--Custodia:Http:RequestPerMinute=5", "Custodia:Http:RequestPerMinute: there is no such setting.")]
    [InlineData("--Custodia:Streams:QueueLength=0", "Custodia:Streams:QueueLength: it must be 1 to 1,000,000.")]
    [InlineData("--Custodia:Identity:PasswordIterations=many", "Custodia:Identity:PasswordIterations: the value has the wrong form.")]
    [InlineData("--Custodia:Tickets:Colour=blue", "Custodia:Tickets: there is no such setting.")]
    [InlineData("--Custodia:Identity:Iterations=5", "Custodia:Identity:Iterations: there is no such setting.")]
    public async Task A_wrong_setting_is_named_in_one_line(string setting, string line)
    {
        var (code, _, error) = await CustodiaProcess.RunAsync([setting, $"--Custodia:DataDirectory={_folder.File("data")}"]);
        code.ShouldBe(2);
        error.Trim().ShouldBe(line);
        Directory.Exists(_folder.File("data")).ShouldBeFalse();
    }

    [Fact]
    public async Task An_unknown_verb_gets_help_and_exit_code_2()
    {
        var (code, output, error) = await CustodiaProcess.RunAsync(["bogus"]);
        code.ShouldBe(2);
        error.ShouldContain("bogus");
        output.ShouldContain("serve");
    }
}
