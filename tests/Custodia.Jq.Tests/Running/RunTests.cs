using System.Text.Json.Nodes;

namespace Custodia.Jq.Tests.Running;

public sealed class RunTests
{
    private static readonly JqOptions Shallow = new() { Limits = JqLimits.Default with { Depth = 100, Steps = 50_000_000, Time = TimeSpan.FromMinutes(1) } };

    [Fact]
    public void Outputs_are_computed_when_they_are_asked_for() =>
        Compile("1, 2, error(\"not yet\")").Run(default).Take(2).Select(v => v.ToJson()).ShouldBe(["1", "2"]);

    [Fact]
    public void A_program_without_end_gives_as_many_outputs_as_are_taken() =>
        Compile("repeat(1)").Run(default).Take(1000).Count().ShouldBe(1000);

    [Fact]
    public void Outputs_may_be_enumerated_again()
    {
        var outputs = Compile("reduce range(3) as $i ([]; . + [$i]) | .[]").Run(default);
        outputs.Count().ShouldBe(3);
        outputs.First().ShouldBe(JqValue.Of(0.0));
        outputs.Select(v => v.ToJson()).ShouldBe(["0", "1", "2"]);
    }

    [Fact]
    public void What_was_said_aside_does_not_change_when_the_run_goes_on()
    {
        var said = new List<JqValue>();
        Compile("reduce range(4) as $i ([]; . + [$i] | debug)").Run(default, new JqOptions { Messages = m => said.Add(m.Value) }).Single();
        said.Select(v => v.ToJson()).ShouldBe(["[0]", "[0,1]", "[0,1,2]", "[0,1,2,3]"]);
    }

    [Theory]
    [InlineData("reduce range(20) as $i ([]; . + [$i]) as $a | foreach range(5) as $i ($a; .[$i] = -1; .)")]
    [InlineData("foreach range(30) as $i ({}; .[\"k\\($i)\"] = $i; .)")]
    [InlineData("foreach range(30) as $i ({a: []}; .a += [$i]; .)")]
    [InlineData("foreach range(30) as $i ([1, 2, 3]; . + [$i]; .)")]
    public void What_was_given_away_does_not_change_when_the_run_goes_on(string program)
    {
        var outputs = new List<(JqValue Value, string Then)>();
        foreach (var value in Compile(program).Run(default)) outputs.Add((value, value.ToJson()));
        foreach (var (value, then) in outputs) value.ToJson().ShouldBe(then);
    }

    [Theory]
    [InlineData("[1,2,3] as $a | ($a | .[0] = 9), ($a | .[1] = 8), $a", "[9,2,3] [1,8,3] [1,2,3]")]
    [InlineData("{a:1} as $o | ($o + {b:2}) as $n | ($n | .a = 5) as $m | [$o, $n, $m]", "[{\"a\":1},{\"a\":1,\"b\":2},{\"a\":5,\"b\":2}]")]
    [InlineData("reduce range(4) as $i ([[]]; . + [.[-1] + [$i]])", "[[],[0],[0,1],[0,1,2],[0,1,2,3]]")]
    [InlineData("[limit(3; [1] | recurse(. + [0]))] | map(length)", "[1,2,3]")]
    [InlineData("reduce range(3) as $i ([{}, []]; [.[0] + {\"k\\($i)\": $i}, .[1] + [.[0]]]) | .[1]", "[{},{\"k0\":0},{\"k0\":0,\"k1\":1}]")]
    [InlineData("[range(20)] as $a | ($a | .[3:5] = []) as $b | [$a, $b] | map(length)", "[20,18]")]
    public void Older_versions_of_a_value_stay_as_they_were(string program, string expected) =>
        string.Join(' ', Compile(program).Run(default).Select(v => v.ToJson())).ShouldBe(expected);

    [Fact]
    public void A_program_runs_on_many_threads_at_once()
    {
        var program = Compile("reduce range(200) as $i ({list: [], \"0\": 0}; .list += [$i] | .[\"\\($i % 7)\"] += 1) | [.list | length, add?] + [.\"0\"]");
        var expected = program.Run(default).Single();
        Parallel.For(0, 200, _ => program.Run(default).Single().Equals(expected).ShouldBeTrue());
    }

    [Fact]
    public void The_input_is_read_where_it_lies_and_stays_as_it_was()
    {
        var input = JsonNode.Parse("""{"payload":{"email":"a@b.example","items":[1,2,3]},"other":{"deep":[{}]}}""")!;
        var before = input.ToJsonString();
        Compile(".payload.items += [4] | .payload.email = null | del(.other)").Run(JqValue.From(input)).Single().ToJson().ShouldBe("""{"payload":{"email":null,"items":[1,2,3,4]}}""");
        input.ToJsonString().ShouldBe(before);
    }

    [Theory]
    [InlineData("def f: if . >= 100000 then . else (. + 1 | f) end; 0 | f")]
    [InlineData("def f($n): if $n >= 100000 then $n else f($n + 1) end; f(0)")]
    [InlineData("def f(g): if . >= 100000 then . else (g | f(g)) end; 0 | f(. + 1)")]
    [InlineData("0 | until(. >= 100000; . + 1)")]
    [InlineData("last(range(100001))")]
    [InlineData("[limit(100001; 0 | recurse(. + 1))] | last")]
    [InlineData("last(label $out | foreach range(200000) as $i (0; $i; if . > 100000 then break $out else . end))")]
    public void Calls_in_the_last_place_take_no_depth(string program) =>
        Compile(program).Run(default, Shallow).Single().ShouldBe(JqValue.Of(100000.0));

    [Theory]
    [InlineData("def f: f; f", JqLimit.Steps)]
    [InlineData("[range(1e12)]", JqLimit.Items)]
    [InlineData("\"x\" * 1e9", JqLimit.TextLength)]
    [InlineData("def f: 1 + f; f", JqLimit.Depth)]
    [InlineData("def f: f, f; f", JqLimit.Depth)]
    [InlineData("reduce range(1e6) as $i (0; [.]) | tojson", JqLimit.Depth)]
    [InlineData("reduce range(1e6) as $i (0; [.]) | . == 1, (. == [.[0]])", JqLimit.Depth)]
    [InlineData("repeat(1)", JqLimit.Outputs)]
    [InlineData("\"x\" * 1000000 | repeat(.)", JqLimit.OutputSize)]
    [InlineData("reduce range(1e9) as $i (0; . + 1)", JqLimit.Steps)]
    [InlineData("reduce range(1e9) as $i (null; [., \"x\" * 1000])", JqLimit.Steps)]
    [InlineData("[recurse(.)]", JqLimit.Steps)]
    [InlineData("null | .[1e8] = 1", JqLimit.Items)]
    public void Going_beyond_a_limit_is_an_error_that_names_it_and_that_no_try_takes(string program, JqLimit limit)
    {
        var options = new JqOptions { Limits = JqLimits.Default with { Time = TimeSpan.FromMinutes(1), Outputs = 1000 } };
        Should.Throw<JqLimitException>(() => Compile($"try ({program}) catch \"taken\"").Run(default, options).Count()).Limit.ShouldBe(limit);
    }

    [Fact]
    public void A_run_ends_with_its_time()
    {
        var options = new JqOptions { Limits = JqLimits.Default with { Steps = long.MaxValue, Time = TimeSpan.FromMilliseconds(50) } };
        Should.Throw<JqLimitException>(() => Compile("last(repeat(1))").Run(default, options).Count()).Limit.ShouldBe(JqLimit.Time);
    }

    [Theory]
    [InlineData("[range(1000000)] as $a | [range(1000000)] as $b | last(repeat($a == $b))")]
    [InlineData("[[range(900000)]] as $a | [[range(900000)]] as $b | last(repeat($a < $b))")]
    [InlineData("(\"a\" * 8000000) as $t | last(repeat([$t, $t] | sort | length))")]
    [InlineData("[range(100000)] as $a | last(repeat($a | indices([1])))")]
    [InlineData("[range(100000)] as $a | last(repeat($a - [1]))")]
    [InlineData("(\"a\" * 8000000) as $t | last(repeat($t | contains(\"b\")))")]
    [InlineData("[range(300000)] as $a | last(repeat($a | tojson))")]
    [InlineData("[range(300000)] as $a | last(repeat($a | unique))")]
    [InlineData("(\"a\" * 8000000) as $t | last(repeat($t | ascii_upcase))")]
    [InlineData("(\"é\" * 8000000) as $t | last(repeat($t | length, utf8bytelength, .[7000000:7000001], explode[0]))")]
    [InlineData("[range(300000)] as $a | last(repeat($a | reverse, add, min, any, flatten, (.[1:] | length), to_entries[0], keys[0]))")]
    public void Work_on_large_values_counts(string program)
    {
        var options = new JqOptions { Limits = JqLimits.Default with { Time = TimeSpan.FromMinutes(10) } };
        var limit = Should.Throw<JqLimitException>(() => Compile(program).Run(default, options).Count()).Limit;
        limit.ShouldBeOneOf(JqLimit.Steps, JqLimit.Items);
    }

    [Fact]
    public void A_run_ends_when_it_is_cancelled()
    {
        using var cancellation = new CancellationTokenSource();
        var seen = 0;
        Should.Throw<OperationCanceledException>(() =>
        {
            foreach (var _ in Compile("repeat(1)").Run(default, cancellation: cancellation.Token))
            {
                if (++seen == 10) cancellation.Cancel();
            }
        });
        seen.ShouldBeGreaterThanOrEqualTo(10);
    }

    [Fact]
    public void What_a_program_says_aside_goes_to_the_sink_in_order()
    {
        var said = new List<string>();
        var options = new JqOptions { Messages = m => said.Add($"{m.IsRaw} {m.Value.ToJson()}") };
        Compile("[1, 2 | debug(\"at \\(.)\")] | stderr | length").Run(default, options).Single().ToJson().ShouldBe("2");
        said.ShouldBe(["False \"at 1\"", "False \"at 2\"", "True [1,2]"]);
    }

    [Fact]
    public void Variables_are_given_with_the_run()
    {
        var program = JqProgram.Compile("[$a, $b]", ["a", "b"]).ShouldBeOfType<JqCompilation.Compiled>().Program;
        var options = new JqOptions { Variables = new Dictionary<string, JqValue>(StringComparer.Ordinal) { ["a"] = JqValue.Of("x") } };
        program.Run(default, options).Single().ToJson().ShouldBe("[\"x\",null]");
    }

    [Fact]
    public void An_error_of_the_program_carries_its_value()
    {
        var error = Should.Throw<JqException>(() => Compile("1 | error({code: 7})").Run(default).Count());
        error.Value.ToJson().ShouldBe("{\"code\":7}");
        error.Message.ShouldBe("{\"code\":7} (not a string)");
    }

    private static JqProgram Compile(string text) => JqProgram.Compile(text).ShouldBeOfType<JqCompilation.Compiled>().Program;
}
