using System.Diagnostics;
using Custodia.Testing;

namespace Custodia.Acceptance.CommandLine;

/// <summary><c>custodia jq</c>, as a process of its own.</summary>
public sealed class JqVerbTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    /// <summary>Arguments, standard input, standard output, exit code.</summary>
    public static TheoryData<string[], string, string, int> Runs { get; } = new()
    {
        { ["."], """{"a":[1,{}]}""", "{\n  \"a\": [\n    1,\n    {}\n  ]\n}\n", 0 },
        { ["-c", "."], "{\"a\" : 1}\n[2]3 \"x\"", "{\"a\":1}\n[2]\n3\n\"x\"\n", 0 },
        { ["-c", ".[]", "--tab"], "[[1]]", "[\n\t1\n]\n", 0 },
        { ["--indent", "1", "."], "[1]", "[\n 1\n]\n", 0 },
        { ["--indent", "0", "."], "[1]", "[1]\n", 0 },
        { ["-r", ".[]"], """["a\tb","ü",1]""", "a\tb\nü\n1\n", 0 },
        { ["-j", ".[]"], """["a","b",1]""", "ab1", 0 },
        { ["-a", "."], "\"ü😀\"", "\"\\u00fc\\ud83d\\ude00\"\n", 0 },
        { ["-n", "1, ."], "this is not read", "1\nnull\n", 0 },
        { ["-nr", "\"x\\(1 + 1)\""], "", "x2\n", 0 },
        { ["-cs", "."], "1 [2]\n\"3\"", "[1,[2],\"3\"]\n", 0 },
        { ["-s", "length"], "", "0\n", 0 },
        { ["-nc", "--arg", "a", "1", "--argjson", "b", "{\"c\":2}", "[$a, $b.c, $ARGS.named]"], "", "[\"1\",2,{\"a\":\"1\",\"b\":{\"c\":2}}]\n", 0 },
        { ["-nc", "[$ARGS.positional[]]", "--args", "x", "--jsonargs", "[1]"], "", "[\"x\",[1]]\n", 0 },
        { ["-e", "."], "1 null", "1\nnull\n", 1 },
        { ["-e", "."], "null 1", "null\n1\n", 0 },
        { ["-e", "empty"], "1", "", 4 },
        { ["--", "-1"], "null", "-1\n", 0 },
        { ["."], "", "", 0 },
        { ["."], "12345678901234567890123", "12345678901234567890123\n", 0 },
    };

    [Theory]
    [MemberData(nameof(Runs))]
    public async Task It_is_called_as_jq_is(string[] args, string input, string output, int code)
    {
        var (exit, printed, error) = await JqAsync(input, args);
        error.ShouldBeEmpty();
        printed.ShouldBe(output);
        exit.ShouldBe(code);
    }

    [Fact]
    public async Task A_file_is_read_instead_of_the_standard_input_and_one_that_is_missing_is_told()
    {
        var file = _folder.File("in.json");
        await File.WriteAllTextAsync(file, "{\"a\":1}\n{\"a\":2}\n");
        (await JqAsync("", ".a", file)).ShouldBe((0, "1\n2\n", ""));
        var (exit, output, error) = await JqAsync("", ".a", _folder.File("none.json"), file);
        exit.ShouldBe(2);
        output.ShouldBe("1\n2\n");
        error.ShouldStartWith("jq: error: Could not open ");
    }

    [Fact]
    public async Task Every_mistake_in_a_program_is_shown_with_its_line_and_a_caret()
    {
        var (exit, output, error) = await JqAsync("", "-n", "1 |\n\tfoo,\n  bar(2)");
        exit.ShouldBe(3);
        output.ShouldBeEmpty();
        error.ShouldContain(" at <top-level>, line 2, column 2:\n    \tfoo,\n    \t^\n");
        error.ShouldContain(" at <top-level>, line 3, column 3:\n      bar(2)\n      ^\n");
        error.ShouldEndWith("jq: 2 compile errors\n");
    }

    [Fact]
    public async Task An_error_of_a_program_is_told_and_the_next_value_is_taken()
    {
        (await JqAsync("1 {} 2", "-c", ". + 1")).ShouldBe((0, "2\n3\n", "jq: error (at <stdin>): object ({}) and number (1) cannot be added\n"));
        (await JqAsync("1 {}", "-c", ". + 1")).ExitCode.ShouldBe(5);
        (await JqAsync("", "-n", "{a: 1} | error")).ShouldBe((5, "", "jq: error (at <unknown>) (not a string): {\"a\":1}\n"));
    }

    [Fact]
    public async Task What_is_no_JSON_ends_the_run_after_what_came_before_it()
    {
        var (exit, output, error) = await JqAsync("1 [2] nope 3", "-c", ".");
        exit.ShouldBe(2);
        output.ShouldBe("1\n[2]\n");
        error.ShouldMatch("^jq: parse error \\(at <stdin>\\): .* at line 1, column [0-9]+\n$");
    }

    [Fact]
    public async Task Debug_goes_to_the_standard_error()
    {
        (await JqAsync("[1]", "-c", "debug | length")).ShouldBe((0, "1\n", "[\"DEBUG:\",[1]]\n"));
        (await JqAsync("\"x\"", "-c", "stderr | length")).ShouldBe((0, "1\n", "x"));
    }

    [Fact]
    public async Task A_program_without_end_ends_when_nobody_reads_it_any_more()
    {
        var start = new ProcessStartInfo("sh") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in (ReadOnlySpan<string>)["-c", "dotnet \"$0\" jq -n 'repeat(1)' | head -1", Path.Combine(AppContext.BaseDirectory, "custodia.dll")]) start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        try
        {
            (await process.StandardOutput.ReadToEndAsync(patience.Token)).ShouldBe("1\n");
            (await process.StandardError.ReadToEndAsync(patience.Token)).ShouldBeEmpty();
        }
        finally
        {
            process.Kill(entireProcessTree: true);
        }
    }

    [Fact]
    public async Task Values_that_come_one_by_one_are_answered_one_by_one()
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "custodia.dll"), "jq", "-c", ". + 1"]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        for (var i = 0; i < 3; i++)
        {
            await process.StandardInput.WriteLineAsync($"{i}".AsMemory(), patience.Token);
            await process.StandardInput.FlushAsync(patience.Token);
            (await process.StandardOutput.ReadLineAsync(patience.Token)).ShouldBe($"{i + 1}");
        }

        process.StandardInput.Close();
        await process.WaitForExitAsync(patience.Token);
        process.ExitCode.ShouldBe(0);
    }

    [Theory]
    [InlineData("--nope", ".")]
    [InlineData("-z", ".")]
    [InlineData("--indent", "9", ".")]
    [InlineData("--arg", "a")]
    [InlineData("--argjson", "a", "{", ".")]
    [InlineData]
    public async Task A_wrong_call_is_an_error_of_usage(params string[] args)
    {
        var (exit, output, error) = await JqAsync("", args);
        exit.ShouldBe(2);
        output.ShouldBeEmpty();
        error.ShouldContain("custodia jq --help");
    }

    [Fact]
    public async Task Test_files_of_jq_are_run_with_every_failure_told()
    {
        var file = _folder.File("some.test");
        await File.WriteAllTextAsync(file, "# comment\n.a\n{\"a\":1}\n1\n\n.a\n{\"a\":1}\n2\n\n%%FAIL\n.[\nwhatever\n\ninput\nnull\n1\n");
        var (exit, output, _) = await JqAsync("", "--run-tests", file);
        exit.ShouldBe(1);
        output.ShouldBe($"{file}:6: .a\n  input    {{\"a\":1}}\n  expected 2\n  got      1\n2 of 3 tests passed\n1 not applicable\n  1 input: a program has one input, which its caller gives\n");
        await File.WriteAllTextAsync(file, ".a\n{\"a\":1}\n1\n");
        (await JqAsync("", "--run-tests", file)).ShouldBe((0, "1 of 1 tests passed\n", ""));
    }

    public void Dispose() => _folder.Dispose();

    private static async Task<(int ExitCode, string Output, string Error)> JqAsync(string input, params string[] args) =>
        await CustodiaProcess.RunAsync(["jq", .. args], input: input);
}
