using Custodia.Jq.Testing;

namespace Custodia.Jq.Tests.Testing;

public sealed class JqTestFileTests
{
    [Fact]
    public void Groups_are_a_program_an_input_and_outputs()
    {
        var tests = Read("# a comment\n\n.\n1\n1\n\n  \n.[]\n[1,2]\n1\n2\n# ends the group\n.a\n{}\nnull");
        tests.Select(t => (t.Line, t.Program, t.Input, string.Join(" ", t.Outputs))).ShouldBe([(3, ".", "1", "1"), (8, ".[]", "[1,2]", "1 2"), (13, ".a", "{}", "null")]);
    }

    [Theory]
    [InlineData("%%FAIL")]
    [InlineData("%%FAIL IGNORE MSG")]
    public void A_failure_is_a_program_and_a_message_that_is_not_compared(string mark)
    {
        var tests = Read($"{mark}\n.[\njq: error: whatever\n\n.\n1\n1\n");
        tests.Count.ShouldBe(2);
        tests[0].ShouldSatisfyAllConditions(t => t.MustNotCompile.ShouldBeTrue(), t => t.Line.ShouldBe(2), t => t.Program.ShouldBe(".["));
        tests[0].Run(JqOptions.Default).ShouldBeOfType<JqTestResult.Passed>();
        Read($"{mark}\n.\nmessage\n")[0].Run(JqOptions.Default).ShouldBeOfType<JqTestResult.Failed>();
    }

    [Theory]
    [InlineData(".[]\n[1,2]\n1\n", "no more", "2")]
    [InlineData(".[]\n[1,2]\n1\n3\n", "3", "2")]
    [InlineData(".[]\n[1]\n1\n2\n", "2", "no more")]
    [InlineData("error(\"x\")\n1\n2\n", "2", "error: x")]
    [InlineData(".\n{\n2\n", "JSON in the test", null)]
    public void The_first_difference_is_told(string text, string expected, string? got)
    {
        var failed = Read(text)[0].Run(JqOptions.Default).ShouldBeOfType<JqTestResult.Failed>();
        failed.Expected.ShouldBe(expected);
        if (got is not null) failed.Got.ShouldBe(got);
    }

    [Theory]
    [InlineData("1, error(\"x\")\n1\n1\n")]
    [InlineData(".\n{\"b\":1,\"a\":2.0}\n{\"a\":2,\"b\":1}\n")]
    [InlineData("empty\nnull\n")]
    public void Values_are_compared_as_jq_compares_and_an_error_behind_them_is_none(string text) =>
        Read(text)[0].Run(JqOptions.Default).ShouldBeOfType<JqTestResult.Passed>();

    [Theory]
    [InlineData("[., input]", "input: a program has one input, which its caller gives")]
    [InlineData("import \"a\" as a; .", "there are no modules")]
    [InlineData("\"\\($ENV.HOME)\"", "$ENV: programs do not see the environment")]
    public void What_the_language_leaves_out_is_named_with_its_reason(string program, string reason) =>
        Read($"{program}\n1\n1\n")[0].Run(JqOptions.Default).ShouldBe(new JqTestResult.NotApplicable(reason));

    [Theory]
    [InlineData(".input")]
    [InlineData("\"The input was \\(.)\"")]
    [InlineData(". # env")]
    public void A_word_elsewhere_is_no_use_of_it(string program) => Read($"{program}\n1\n1\n")[0].NotApplicable.ShouldBeNull();

    private static IReadOnlyList<JqTest> Read(string text)
    {
        using var reader = new StringReader(text);
        return JqTestFile.Read(reader);
    }
}
