using System.Text;

namespace Custodia.Jq.Tests.Fuzz;

/// <summary>Random programs by the grammar: all of the syntax, builtins by name, and what is known to hurt.</summary>
internal sealed class ProgramGenerator(Dice dice)
{
    private static readonly string[] Names0 =
    [
        "length", "keys", "values", "add", "any", "all", "sort", "unique", "reverse", "tostring", "tonumber", "tojson", "fromjson", "explode", "implode", "ascii_downcase", "to_entries",
        "from_entries", "paths", "recurse", "floor", "sqrt", "not", "empty", "error", "min", "max", "flatten", "transpose", "type", "first", "last", "tostream", "group_by(.)", "env", "now",
        "gmtime", "mktime", "todate", "fromdate", "trim", "ltrim", "abs", "toarray", "combinations", "splits(\",\")", "isvalid", "infinite", "nan", "input_line_number", "halt", "ascii", "@base64d",
        "utf8bytelength", "significand", "getpath([])", "walk(.)", "pick(.a)", "debug", "stderr", "input", "keys_unsorted", "del(.[0])", "isnan", "leaf_paths", "have_decnum", "builtins", "localtime",
    ];

    private static readonly string[] Names1 =
    [
        "map", "select", "recurse", "sort_by", "group_by", "unique_by", "min_by", "max_by", "with_entries", "map_values", "path", "paths", "del", "first", "last", "any", "all", "has", "in", "contains", "inside",
        "index", "indices", "split", "join", "test", "match", "capture", "scan", "splits", "ltrimstr", "startswith", "range", "isempty", "error", "add", "repeat", "walk", "flatten", "strftime", "strptime", "nth",
        "combinations", "fromstream", "tostream", "truncate_stream", "getpath", "delpaths", "to_entries", "bsearch", "debug", "INDEX", "IN", "ascii", "input", "env", "pick", "limit", "trimstr", "have_literal_numbers",
    ];

    private static readonly string[] Names2 = ["limit", "skip", "until", "while", "recurse", "range", "sub", "gsub", "test", "match", "setpath", "nth", "any", "all", "pow", "ldexp", "split", "INDEX", "IN", "scan", "fma", "frexp", "atan2", "ltrimstr", "reduce", "splits", "map"];

    private static readonly string[] Formats = ["@text", "@json", "@html", "@uri", "@csv", "@tsv", "@sh", "@base64", "@base64d", "@urid", "@base32"];

    private static readonly string[] Operators = ["+", "-", "*", "/", "%", "==", "!=", "<", "<=", ">", ">=", "and", "or", "//", ",", "|", "=", "|=", "+=", "-=", "*=", "/=", "%=", "//="];

    private static readonly string[] Hostile =
    [
        "def f: f; f", "def f: f, f; f", "def f: [f]; f", "def f: 1 + f; f", "def f(g): f(g | g); f(.)", "def f($x): f($x + 1); f(0)", "[range(1e12)]", "[range(infinite)]", "range(1e12)", "\"x\" * 1e9", "\"abc\" * 1e7 | explode",
        "[recurse(.)]", "[repeat(1)]", "repeat(\"x\")", "[limit(1e9; repeat(.))]", "last(range(1e10))", "reduce range(100) as $i (\"x\"; . + .)", "reduce range(100) as $i ([1]; . + .)", "reduce range(1e6) as $i (null; [.])",
        "reduce range(1e6) as $i (null; { a: . })", "[range(3e5)] | implode", "until(false; .)", "while(true; . + [1])", "[while(true; [.])]", "\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!\" | test(\"^(a+)+$\")", "(\"a\" * 5000) | test(\"(a*)*b\")",
        "(\"ab\" * 10000) | [match(\"(a|b|ab)*c\"; \"g\")]", "(\"a\" * 1e5) | gsub(\"\"; \"a\" * 1000)", "(\"a\" * 1e5) | gsub(\"a\"; \"b\" * 1000)", "[.[999999999] = 1]", "[][1e9] = 1", ".[1e18]", "[combinations(20)]", "[[range(50)] | combinations(10)]",
        "setpath([range(1e5)]; 1)", "[limit(5; def f: ., f; f)]", "label $f | def g: ., g; g", "[range(1e5)] | map([range(100)])", "[range(1e5)] | group_by(. % 7) | map(add)", "reduce range(1e4) as $i ({}; .[\"k\\($i)\"] = $i)",
        "[.. , ..] | [.. , ..] | [.. , ..]", "def f: def g: f; g; f", "def a: b; def b: a; a", "walk([., .])", "path(repeat(.a?))", "[paths(repeat(.))]", "try (def f: f; f) catch 1", "(def f: f; f)?", "first(def f: f; f)", "isempty(def f: f | f; f)",
        "tojson | tojson | tojson | tojson | tojson | tojson | tojson", "[splits(\"(?=(a+)+b)\")]", "\"\\(repeat(1))\"", "{ (repeat(\"a\")): 1 }", "[{ a: range(1e9) }]", ".[range(1e9)]?", "sort_by(repeat(1))", "limit(1e9; range(1e9))", "[1e1000, -1e1000] | add",
        "transpose", "[range(1e4)] | [.[] as $x | .[] as $y | $x]", "tostream | repeat(.)", "fromstream(repeat([[0], 1]))", "input", "ltrimstr(\"a\" * 1e8)", "@base64 \"\\(\"x\" * 1e8)\"", "strftime(\"%A\" * 1e6)", "[foreach range(1e9) as $i (0; . + $i)]", "getpath([range(1e6) | \"a\"])",
    ];

    private int _left = 60;

    public static int HostileCount => Hostile.Length;

    public static string HostileAt(int index) => Hostile[index];

    public string Program()
    {
        _left = 5 + dice.Below(60);
        var text = Pipe(4);
        if (dice.OneIn(6)) text = $"def f: {Pipe(2)}; {text}";
        if (dice.OneIn(8)) text = $"def g(f; $x): {Pipe(2)}; {text}";
        return text;
    }

    /// <summary>A JSON text.</summary>
    public string Input(int depth = 4) => dice.Below(depth <= 0 ? 7 : 10) switch
    {
        0 => "null",
        1 => dice.Of("true", "false"),
        2 => dice.Of("0", "1", "-1", "0.5", "1e100", "12345678901234567890123", "1700000000"),
        3 => dice.Of("\"\"", "\"abc\"", "\"a,b\"", "\"😀é\"", "\"2026-11-22T10:00:00Z\"", "\"[1,2]\"", "\"MTIz\"", "\"%C3%BC\""),
        4 => "[]",
        5 => "{}",
        6 => "[1,2,3]",
        7 => $"[{string.Join(',', Enumerable.Range(0, dice.Below(4)).Select(_ => Input(depth - 1)))}]",
        _ => $"{{{string.Join(',', Enumerable.Range(0, dice.Below(4)).Select(i => $"\"{(char)('a' + i)}\":{Input(depth - 1)}"))}}}",
    };

    private string Pipe(int depth)
    {
        if (--_left < 0 || depth < 0) return Leaf();
        return dice.Below(24) switch
        {
            < 4 => $"{Term(depth)} | {Pipe(depth)}",
            < 8 => $"{Term(depth)} {dice.Of(Operators)} {Term(depth)}",
            8 => $"{Term(depth)} as {Pattern(2)} | {Pipe(depth)}",
            9 => $"{Term(depth)} as {Pattern(2)} ?// {Pattern(2)} | {Pipe(depth)}",
            10 => $"reduce {Term(depth - 1)} as {Pattern(1)} ({Pipe(depth - 1)}; {Pipe(depth - 1)})",
            11 => $"foreach {Term(depth - 1)} as {Pattern(1)} ({Pipe(depth - 1)}; {Pipe(depth - 1)}{(dice.OneIn(2) ? "" : "; " + Pipe(depth - 1))})",
            12 => $"if {Pipe(depth - 1)} then {Pipe(depth - 1)}{(dice.OneIn(2) ? "" : " elif . then " + Leaf())}{(dice.OneIn(2) ? "" : " else " + Pipe(depth - 1))} end",
            13 => $"try {Term(depth - 1)}{(dice.OneIn(2) ? "" : " catch " + Term(depth - 1))}",
            14 => $"label $out | {Pipe(depth - 1)}, break $out",
            15 => $"def f: {Pipe(depth - 1)}; {Pipe(depth - 1)}",
            16 => $"def g(f; $x): {Pipe(depth - 1)}; {Pipe(depth - 1)}",
            17 when dice.OneIn(3) => $"({dice.Of(Hostile)})",
            _ => Term(depth),
        };
    }

    private string Term(int depth)
    {
        if (--_left < 0 || depth < 0) return Leaf();
        return dice.Below(16) switch
        {
            0 => $"[{(dice.OneIn(5) ? "" : Pipe(depth - 1))}]",
            1 => $"{{a: {Term(depth - 1)}, ({Pipe(depth - 1)}): {Term(depth - 1)}, \"b\": 1, $x}}".Replace(", $x}", dice.OneIn(9) ? ", $x}" : "}", StringComparison.Ordinal),
            2 => $"{Term(depth - 1)}[{Pipe(depth - 1)}]",
            3 => $"{Term(depth - 1)}[{(dice.OneIn(3) ? "" : Term(depth - 1))}:{Term(depth - 1)}]",
            4 => $"{Term(depth - 1)}[]{(dice.OneIn(2) ? "?" : "")}",
            5 => $"{Term(depth - 1)}.{dice.Of("a", "b", "c")}{(dice.OneIn(2) ? "?" : "")}",
            6 => $"({Pipe(depth - 1)})",
            7 => $"-{Term(depth - 1)}",
            8 => Text(depth - 1),
            9 or 10 => $"{dice.Of(Names1)}({Pipe(depth - 1)})",
            11 => $"{dice.Of(Names2)}({Pipe(depth - 1)}; {Pipe(depth - 1)})",
            12 => dice.Of(Names0),
            13 => $"({Pipe(depth - 1)})?",
            _ => Leaf(),
        };
    }

    private string Text(int depth)
    {
        var text = new StringBuilder(dice.OneIn(2) ? dice.Of(Formats) + " \"" : "\"");
        for (var i = dice.Below(3); i >= 0; i--) text.Append(dice.Of("a", "é😀", "\\n", "\\u0041", "\\\\")).Append(dice.OneIn(2) ? $"\\({Pipe(depth)})" : "");
        return text.Append('"').ToString();
    }

    private string Leaf() => dice.Below(14) switch
    {
        0 or 1 => ".",
        2 => "..",
        3 => ".a",
        4 => ".[]?",
        5 => dice.Of("0", "1", "-1", "2.5", "1e3", "3", "10", "100000000000000000001", "1e1000"),
        6 => dice.Of("\"\"", "\"a\"", "\"b,c\"", "\"%Y\"", "\"(a+)+\""),
        7 => dice.Of("null", "true", "false", "[]", "{}"),
        8 => dice.Of("$x", "$y", "$__loc__"),
        9 => dice.Of("f", "g(1; 2)", "g(.; .)"),
        10 => dice.Of(Formats),
        11 => dice.Of("range(10)", "range(3)", "limit(3; repeat(1))", "empty", "error", "input"),
        _ => dice.Of(Names0),
    };

    private string Pattern(int depth) => dice.Below(depth <= 0 ? 2 : 6) switch
    {
        < 2 => dice.Of("$x", "$y"),
        2 => $"[{Pattern(depth - 1)}, {Pattern(depth - 1)}]",
        3 => $"{{a: {Pattern(depth - 1)}, $y}}",
        4 => $"{{$x: {Pattern(depth - 1)}}}",
        _ => $"{{(\"a\", \"b\"): {Pattern(depth - 1)}}}",
    };
}
