using System.Text;

namespace Custodia.Jq.Tests.Running;

public sealed class CompileTests
{
    [Theory]
    [InlineData(". |", "1:4")]
    [InlineData(".a\n  | foo\n  | $x", "2:5 3:5")]
    [InlineData("nope(1), [.a, break $x], \"\\(other)\"", "1:1 1:15 1:29")]
    [InlineData("[1,,2] | {a:} | nope", "1:4 1:13")]
    [InlineData("def f: unused_name; 1", "1:8")]
    [InlineData("\"abc", "1:2")]
    [InlineData("\"\\q\"", "1:2")]
    [InlineData("{(1): 2}", "1:2")]
    [InlineData("@nothing", "1:1")]
    [InlineData("1 == 2 == 3", "1:8")]
    [InlineData("import \"a\" as a; 1", "1:1")]
    [InlineData("if . then 1", "1:12")]
    [InlineData("é ~", "1:1")]
    public void Mistakes_are_told_with_line_and_column(string program, string places) =>
        string.Join(' ', Errors(program).Select(e => $"{e.Line}:{e.Column}")).ShouldBe(places);

    [Theory]
    [InlineData("(", 100_000)]
    [InlineData("[", 100_000)]
    [InlineData("-", 100_000)]
    [InlineData("if ", 50_000)]
    [InlineData("1+", 100_000)]
    [InlineData("1 as $x | ", 50_000)]
    [InlineData("def f: ", 50_000)]
    [InlineData("{a:", 50_000)]
    [InlineData("\"\\(", 50_000)]
    [InlineData("try ", 50_000)]
    [InlineData(".[", 50_000)]
    [InlineData(". as [", 1)]
    public void A_program_nested_too_deeply_is_refused_and_ends_nothing_else(string piece, int times) =>
        Errors(new StringBuilder().Insert(0, piece, times).Append('1').ToString()).ShouldNotBeEmpty();

    [Fact]
    public void A_program_that_is_too_long_is_refused() => Errors(new string(' ', 1024 * 1024) + "1").ShouldHaveSingleItem();

    [Fact]
    public void Functions_that_double_with_each_other_compile_in_bounded_room()
    {
        var text = new StringBuilder("def f0: . + 1; ");
        for (var i = 1; i <= 40; i++) text.Append(System.Globalization.CultureInfo.InvariantCulture, $"def f{i}: f{i - 1} | f{i - 1}; ");
        var program = JqProgram.Compile(text.Append("0 | f12").ToString()).ShouldBeOfType<JqCompilation.Compiled>().Program;
        program.Run(default).Single().ShouldBe(JqValue.Of(4096.0));
        JqProgram.Compile(text.Append(" | f40").ToString()).ShouldBeOfType<JqCompilation.Compiled>();
    }

    [Theory]
    [InlineData("def a(f): f | f; def b(f): a(a(f)); def c(f): b(b(f)); def d(f): c(c(f)); 0 | d(d(. + 1))", "65536")]
    [InlineData("def f(g; h): if . > 3 then g else (. + 1 | f(h; g)) end; 0 | f(\"even\"; \"odd\")", "\"even\"")]
    [InlineData("def f(g): def h: if . >= 3 then [.] else (g | h) end; h; 0 | f(. + 1)", "[3]")]
    [InlineData("def f($a; g): if $a == 0 then [g] else f($a - 1; g, $a) end; f(3; 0)", "[0,3,2,1]")]
    [InlineData("def f($a): if $a > 2 then [a] else f($a + 1, 9) end; [f(1)]", "[[3,9],[3,9],[2,9]]")]
    [InlineData("def f(g): g as $x | (g | g) as $y | [$x, $y]; 1 | f(. as $x | ($x + 1, $x + 10) | select(. < 12))", "[2,3]")]
    [InlineData("[[1, [2]], [3, [4]]] | [recurse(. as $x | if type == \"array\" then ($x[0], $x[1]) else empty end)] | length", "11")]
    public void Functions_and_what_is_handed_to_them_mean_the_same_in_place_and_called(string program, string expected) =>
        JqProgram.Compile(program).ShouldBeOfType<JqCompilation.Compiled>().Program
            .Run(default, new JqOptions { Limits = JqLimits.Generous }).First().ToJson().ShouldBe(expected);

    private static IReadOnlyList<JqError> Errors(string program) => JqProgram.Compile(program).ShouldBeOfType<JqCompilation.Invalid>().Errors;
}
