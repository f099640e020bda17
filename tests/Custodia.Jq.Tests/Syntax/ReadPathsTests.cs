namespace Custodia.Jq.Tests.Syntax;

public sealed class ReadPathsTests
{
    [Theory]
    [InlineData(".", "")]
    [InlineData("1", null)]
    [InlineData("\"a\\(1 + 1)\"", null)]
    [InlineData(".payload.email", "payload.email")]
    [InlineData(".[\"payload\"].\"a-b\"", "payload.a-b")]
    [InlineData(".payload | .user | .email", "payload.user.email")]
    [InlineData(".payload.email, .variables.x", "payload.email variables.x")]
    [InlineData(".payload | { name, to: .email }", "payload.name payload.email")]
    [InlineData("\"Hello \\(.payload.name)\"", "payload.name")]
    [InlineData("@uri \"\\(.payload.name)\"", "payload.name")]
    [InlineData(".payload.a == .payload.b", "payload.a payload.b")]
    [InlineData("if .payload.a then .payload.b else .payload.c end", "payload.a payload.b payload.c")]
    [InlineData("if .payload.a then 1 end", "payload.a ")]
    [InlineData("(.payload.a // .payload.b) | .c", "payload.a payload.b.c")]
    [InlineData(".payload.a? // null", "payload.a")]
    [InlineData("try .payload.a.b catch .", "payload.a.b")]
    public void Names_that_are_written_down_are_followed(string program, string? places) => ReadsOf(program).ShouldBe(places?.Split(' ') ?? []);

    [Theory]
    [InlineData(".payload.items[]", "payload.items")]
    [InlineData(".payload.items[0].name", "payload.items")]
    [InlineData(".payload.items[1:].name", "payload.items")]
    [InlineData("[.payload.items[] | .price] | add", "payload.items")]
    [InlineData(".payload | map(.price)", "payload")]
    [InlineData(".payload | length", "payload")]
    [InlineData(".payload | tojson", "payload")]
    [InlineData(".payload | @json", "payload")]
    [InlineData(".payload | ..", "payload")]
    [InlineData(".payload | .. | .email?", "payload")]
    [InlineData(".payload | getpath([\"email\"])", "payload")]
    [InlineData(".payload | to_entries | map(.key)", "payload")]
    [InlineData(".variables | with_entries(.value |= tostring)", "variables")]
    [InlineData(".payload | del(.email)", "payload")]
    [InlineData(".payload[.variables.key]", "payload variables.key")]
    [InlineData(".payload.a += .payload.b", "")]
    [InlineData(".payload | .a = 1 | .b", "payload")]
    [InlineData("getpath([\"payload\", \"email\"])", "")]
    [InlineData("[.][0].payload.email", "")]
    [InlineData("{ x: . } | .x.payload", "")]
    [InlineData("-.payload.a", "payload.a")]
    [InlineData(".payload.a and .payload.b", "payload.a payload.b")]
    [InlineData("{ (.payload.key): .payload.value }", "payload.key payload.value")]
    public void Every_other_use_counts_the_place_with_everything_below(string program, string places) => ReadsOf(program).ShouldBe(places.Split(' '));

    [Theory]
    [InlineData(".payload as $p | $p.email", "payload.email")]
    [InlineData(".payload as { email: $e, $name } | $e + $name", "payload.email payload.name")]
    [InlineData(".payload as { user: { email: $e } } | $e", "payload.user.email")]
    [InlineData(".payload as { $user: { email: $e } } | [$e, $user.name]", "payload.user.email payload.user.name")]
    [InlineData(".payload as [$a] | $a.email", "payload")]
    [InlineData(".payload as { (.variables.k): $v } | $v", "payload.variables.k variables.k payload")]
    [InlineData(".payload as { a: $x } ?// { b: $x } | $x.c", "payload.a.c payload.b.c")]
    [InlineData(". as $all | 1 | $all.payload.email", "payload.email")]
    [InlineData("reduce .payload.items[] as $i (0; . + $i.price)", "payload.items")]
    [InlineData("reduce (1, 2) as $i (.payload; .next)", "payload")]
    [InlineData("[foreach (.payload.a, .payload.b) as $x (0; . + 1; $x.name)]", "payload.a.name payload.b.name")]
    [InlineData(".payload | select(.active) | .email", "payload.active payload.email")]
    [InlineData("first(.payload.a, .payload.b).c", "payload.a.c payload.b.c")]
    [InlineData("any(.payload.tags[]; . == \"x\")", "payload.tags")]
    [InlineData("label $out | .payload.a, break $out", "payload.a")]
    public void Variables_carry_places_along(string program, string places) => ReadsOf(program).ShouldBe(places.Split(' '), ignoreOrder: true);

    [Theory]
    [InlineData("def mail: .email; .payload | mail", "payload.email")]
    [InlineData("def f(g): .payload | g; f(.email)", "payload.email")]
    [InlineData("def f($x): $x.email; f(.payload)", "payload.email")]
    [InlineData("def f(g): def h: g; h; .payload | f(.a), f(.b)", "payload.a payload.b")]
    [InlineData(".payload as $p | def f: $p.a; .variables | f", "payload.a variables")]
    [InlineData("def select(f): 1; .payload | select(.email)", "payload")]
    public void Functions_of_the_program_are_followed_into(string program, string places) => ReadsOf(program).ShouldBe(places.Split(' '), ignoreOrder: true);

    [Theory]
    [InlineData("def f: if .next then .next | f else .email end; .payload | f", "payload.next payload.email")]
    [InlineData("def f(g): g, (.next | f(.a | g)); .payload | f(.b)", "payload.b payload.next")]
    [InlineData(".payload as $p | def o(h): def f(g): f(.a), (h as $w | $w | g); f(.b); .variables | o($p)", "payload variables")]
    [InlineData("def f($x): if $x.end then 1 else f($x.next) end; f(.payload.list)", "payload.list")]
    public void What_a_function_that_calls_itself_can_reach_counts_whole(string program, string places) => places.Split(' ').ShouldBeSubsetOf(ReadsOf(program));

    [Fact]
    public void A_program_that_cannot_be_followed_within_bounds_reads_everything()
    {
        var program = string.Concat(Enumerable.Range(1, 30).Select(i => $"def f{i}: {(i == 1 ? ".payload.a" : $"f{i - 1}, f{i - 1}")}; ")) + "f30";
        ReadsOf(program).ShouldContain("");
    }

    private static IEnumerable<string> ReadsOf(string program) =>
        JqProgram.Compile(program).ShouldBeOfType<JqCompilation.Compiled>().Program.Reads.Select(names => string.Join('.', names));
}
