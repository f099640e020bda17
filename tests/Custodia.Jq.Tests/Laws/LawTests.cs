using FsCheck;
using FsCheck.Fluent;

namespace Custodia.Jq.Tests.Laws;

public sealed class LawTests
{
    private static readonly Config Many = Config.QuickThrowOnFailure.WithMaxTest(300);

    // Comparing some hundred deep values with each other is more work than a program of a flow may do.
    private static readonly JqOptions Options = new() { Limits = JqLimits.Generous };

    /// <summary>Programs that are true of every value.</summary>
    public static TheoryData<string> OfAll { get; } =
    [
        ". == .",
        "tojson | fromjson == $whole",
        "tojson | fromjson | (tojson | fromjson | tojson) == tojson",
        "[paths as $p | getpath($p)] == [..][1:]",
        "all(paths; . as $p | $whole | setpath($p; getpath($p)) == $whole)",
        "all(paths; . as $p | $whole | setpath($p; \"new\") | getpath($p) == \"new\")",
        "[tostream | select(length == 2)] | all(.[]; . as [$p, $v] | $whole | getpath($p) == $v)",
        "fromstream(tostream) == .",
        "[tostream] == [tojson | fromjson | tostream]",
        "(. as [$a] ?// $a | $a) as $_ | true",
        "walk(.) == .",
        "if type == \"array\" or type == \"object\" then delpaths([paths]) | length == 0 else true end",
        "(if type == \"array\" then [.[]] elif type == \"object\" then . + {} else . end) == .",
        "[.., ..] | unique | . == (reverse | unique)",
        "[..] | sort == (reverse | sort)",
        "([..] | length) == ([paths] | length) + 1",
        "tostring | type == \"string\"",
        "[.] | contains([$whole]) and (flatten(0) == .)",
        "([.] | group_by(.)) == [[.]]",
        "[.., 1] | min <= max",
        ". as $x | [$x] | index([$x]) == 0 or length == 0",
        "@json == tojson",
        "@base64 | @base64d | . == ($whole | tostring)",
        "@uri | @urid | . == ($whole | tostring)",
    ];

    /// <summary>Programs that are true of every array.</summary>
    public static TheoryData<string> OfArrays { get; } =
    [
        "[.[]] == .",
        "map(.) == .",
        "reverse | reverse == $whole",
        "sort as $s | all(range(1; length); $s[. - 1] <= $s[.])",
        "sort | sort == ($whole | sort)",
        "(sort | length) == length and (sort - $whole == []) and ($whole - sort == [])",
        "unique == (group_by(.) | map(.[0]))",
        "(group_by(.) | add // []) == sort",
        "min == (sort | first) and max == (sort | last)",
        ". as $a | all(range(length); . as $i | ($a | del(.[$i])) == $a[:$i] + $a[$i + 1:])",
        ". as $a | all(range(length + 1); $a[:.] + $a[.:] == $a)",
        "[limit(2; .[])] == .[:2] and [skip(2; .[])] == .[2:]",
        "to_entries | map(.value) == $whole",
        "(map([.]) | add // []) == .",
        "[foreach .[] as $x (null; $x)] == .",
        "reduce .[] as $x ([]; . + [$x]) == $whole",
        "(. + [\"end\"])[:-1] == .",
        "map(arrays) | (transpose | length) == (map(length) | max // 0)",
        "any == (map(select(.)) | length > 0) and all == (map(select(.)) | length == ($whole | length))",
        "first(.[], 1) == if length == 0 then 1 else .[0] end",
        "unique as $u | all(.[]; . as $x | $u | bsearch($x) >= 0)",
    ];

    /// <summary>Programs that are true of every object.</summary>
    public static TheoryData<string> OfObjects { get; } =
    [
        "to_entries | from_entries == $whole",
        "with_entries(.) == .",
        "keys == (keys_unsorted | sort) and (keys | length) == length",
        "map_values(.) == .",
        ". * . == . and . + . == .",
        "all(keys[]; . as $k | $whole | has($k) and (del(.[$k]) | has($k) | not))",
        "(reduce to_entries[] as $e ({}; .[$e.key] = $e.value)) == .",
        "[.[]] == [keys_unsorted[] as $k | .[$k]]",
        "(map(.) | length) == length",
        "tojson == ([to_entries[] | \"\\(.key | tojson):\\(.value | tojson)\"] | \"{\" + join(\",\") + \"}\")",
    ];

    [Theory]
    [MemberData(nameof(OfAll))]
    public void Laws_of_all_values_hold(string law) => Holds(law, Values.Any);

    [Theory]
    [MemberData(nameof(OfArrays))]
    public void Laws_of_arrays_hold(string law) => Holds(law, Values.Arrays);

    [Theory]
    [MemberData(nameof(OfObjects))]
    public void Laws_of_objects_hold(string law) => Holds(law, Values.Objects);

    // As in jq a number that was read keeps its digits and prints them as 1E-7, one that was computed prints as 1e-07: so the text
    // is the same from the second time on.
    [Fact]
    public void What_is_printed_reads_back_as_the_same_value_and_prints_the_same_again() => Check.One(Many, Prop.ForAll(Values.Any.ToArbitrary(), value =>
    {
        var read = JqValue.Parse(value.ToJson());
        return read == value && read.CompareTo(value) == 0 && JqValue.Parse(read.ToJson()) == value && JqValue.Parse(read.ToJson()).ToJson() == read.ToJson();
    }));

    [Fact]
    public void Values_are_the_same_by_way_of_the_frameworks_own_nodes() =>
        Check.One(Many, Prop.ForAll(Values.Arrays.ToArbitrary(), value => JqValue.From(value.ToJsonNode()) == value));

    [Fact]
    public void The_order_is_total() => Check.One(Many, Prop.ForAll(Values.Any.ToArbitrary(), Values.Any.ToArbitrary(), Values.Any.ToArbitrary(), (a, b, c) =>
        Math.Sign(a.CompareTo(b)) == -Math.Sign(b.CompareTo(a))
        && (a.CompareTo(b) > 0 || b.CompareTo(c) > 0 || a.CompareTo(c) <= 0)
        && (a.CompareTo(b) == 0) == (a == b)
        && (a != b || a.GetHashCode() == b.GetHashCode())));

    [Fact]
    public void Sorting_is_stable_and_in_the_order_of_the_values() => Check.One(Many, Prop.ForAll(Values.Numbered.ToArbitrary(), value =>
    {
        var sorted = value.GetArray().OrderBy(item => item.GetObject()["key"], Comparer<JqValue>.Default).ToArray();
        return Run("sort_by(.key)", value).GetArray().SequenceEqual(sorted)
            && Run("group_by(.key) | map(.[])", value).GetArray().SequenceEqual(sorted)
            && Run("unique_by(.key)", value).GetArray().SequenceEqual(sorted.DistinctBy(item => item.GetObject()["key"]))
            && Run("min_by(.key)", value) == sorted.FirstOrDefault()
            && Run("max_by(.key)", value) == sorted.LastOrDefault();
    }));

    private static void Holds(string law, Gen<JqValue> values)
    {
        var program = Compile($". as $whole | {law}");
        Check.One(Many, Prop.ForAll(values.ToArbitrary(), value => program.Run(value, Options).Single() == JqValue.True));
    }

    private static JqValue Run(string program, JqValue input) => Compile(program).Run(input, Options).Single();

    private static JqProgram Compile(string text) => JqProgram.Compile(text).ShouldBeOfType<JqCompilation.Compiled>().Program;
}
