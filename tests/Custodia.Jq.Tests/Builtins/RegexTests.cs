namespace Custodia.Jq.Tests.Builtins;

public sealed class RegexTests
{
    [Theory]
    [InlineData("""" "xyz" | match("(?<n>a)?(x)") """", """{"offset":0,"length":1,"string":"x","captures":[{"offset":-1,"string":null,"length":0,"name":"n"},{"offset":0,"length":1,"string":"x","name":null}]}""")]
    [InlineData("""" "a😀b" | [match(".b").offset], [match("";"g").offset] """", "[1] [0,1,2,3]")]
    [InlineData("""" "aa" | [match("(?<x>a)|(?<x>b)").captures[].string], capture("(?<x>a)(?<x>.)") """", """["a",null] {"x":"a"}""")]
    [InlineData("""" "foobar" | [match("o\\Kbar", "foo(?=bar)", "(?<!o)f").offset] """", "[3,0,0]")]
    [InlineData("""" "ab" | [match(["B", "i"]).offset], try match([]) catch ., try match(1) catch . """", """[1] "array not a string or array" "number not a string or array" """)]
    [InlineData("""1 | try test("a") catch .""", """ "number (1) cannot be matched, as it is not a string" """)]
    [InlineData("""" "a" | try test("a"; "q") catch ., try test("a"; 1) catch . """", """ "q is not a valid modifier string" "number (1) is not a string" """)]
    public void Matches_tell_place_text_and_groups(string program, string expected) => Outputs.Of(program).ShouldBe(expected.Trim());

    [Theory]
    [InlineData("ab\\ncd", "^.", "g", "a")]
    [InlineData("ab\\ncd", "(?m)^.", "g", "a c")]
    [InlineData("ab\\ncd", ".$", "g", "d")]
    [InlineData("ab\\ncd", "b.c", "p", "b\\nc")]
    [InlineData("ab\\ncd", "(?s)b.c", "", "b\\nc")]
    [InlineData("ab\\ncd", "b.c", "s", "")]
    [InlineData("foobar", "foo|foobar", "l", "foobar")]
    [InlineData("a aaa", "a+", "l", "aaa")]
    [InlineData("ab", "z*|b", "gn", "b")]
    [InlineData("abAB", "a(?i)b|AB", "g", "ab AB")]
    [InlineData("ab c", "a b # comment", "x", "ab")]
    [InlineData("aaaa", "a{2}+", "", "aa")]
    [InlineData("aaa", "a++a", "", "")]
    [InlineData("a{,2}", "a{,2}", "", "a{,2}")]
    [InlineData("abb", "a(b)\\\\1", "", "abb")]
    [InlineData("foofoo", "(?<f>foo)\\\\k<f>", "", "foofoo")]
    [InlineData("aB1 é_$", "[[:alpha:]]", "g", "a B é")]
    [InlineData("aB1 é_$", "[[:^word:][:digit:]]", "g", "1   $")]
    [InlineData("a]b", "[]b]", "g", "] b")]
    [InlineData("a1²", "\\\\w", "g", "a 1 ²")]
    [InlineData("é漢", "\\\\p{Han}|\\\\p{^Ll}", "g", "漢")]
    [InlineData("a\\r\\nb\\n", "\\\\R", "g", "\\r\\n \\n")]
    [InlineData("ab", "\\\\x{61}\\\\x62|\\\\Qz.\\\\E", "", "ab")]
    [InlineData("é", "\\\\xc3\\\\xa9", "", "é")]
    [InlineData("1h", "\\\\h", "", "h")]
    [InlineData("😀x😁", "[😀-😂]", "g", "😀 😁")]
    [InlineData("😀x", "[^x]{1}", "g", "😀")]
    [InlineData("😀𝐀x", "\\\\W", "g", "😀")]
    [InlineData("😀𝐀x", "\\\\p{L}+", "g", "𝐀x")]
    public void Patterns_mean_what_they_mean_in_jq(string text, string pattern, string flags, string expected) =>
        Outputs.Of($"[\"{text}\" | match(\"{pattern}\"; \"{flags}\").string] | join(\" \")").ShouldBe($"\"{expected}\"");

    [Theory]
    [InlineData("(", "end pattern with unmatched parenthesis")]
    [InlineData(")", "unmatched close parenthesis")]
    [InlineData("[a", "premature end of char-class")]
    [InlineData("[]", "empty char-class")]
    [InlineData("*a", "target of repeat operator is not specified")]
    [InlineData("^*", "target of repeat operator is invalid")]
    [InlineData("a{2,1}", "upper is smaller than lower in repeat range")]
    [InlineData("a{100001}", "too big number for repeat range")]
    [InlineData("[b-a]", "empty range in char class")]
    [InlineData("(?z)", "undefined group option")]
    [InlineData("\\\\1", "invalid backref number/name")]
    [InlineData("\\\\k<x>", "undefined name <x> reference")]
    [InlineData("\\\\p{Foo}", "invalid character property name {Foo}")]
    [InlineData("[[:foo:]]", "invalid POSIX bracket type")]
    [InlineData("(?~a)", "the absent operator (?~ is not supported")]
    [InlineData("(a)\\\\g<1>", "calls of groups (\\\\g) are not supported")]
    public void A_bad_pattern_says_why(string pattern, string reason) => Outputs.Of($"\"a\" | try test(\"{pattern}\") catch .").ShouldBe($"\"Regex failure: {reason}\"");

    [Theory]
    [InlineData("""" "abc" | gsub("(?<l>.)"; "\(.l)-"), gsub(""; "-"), gsub("^"; ">"), sub("b"; null) """", """ "a-b-c-" "-a-b-c-" ">abc" "ac" """)]
    [InlineData("""" "ab" | [gsub("(?<l>.)"; "1", "2")], [sub("a"; empty)] """", """["11","22"] ["ab"]""")]
    [InlineData("""" "abc" | try sub("b"; 1) catch ., gsub("B"; "x"; "i") """", """ "string (\"a\") and number (1) cannot be added" "axc" """)]
    [InlineData("""" "a😀b" | gsub("(?<x>.)"; "\(.x).") """", """ "a.😀.b." """)]
    [InlineData("""" "a, b,c" | split(", *"; null), [splits("[, ]+")] """", """["a","b","c"] ["a","b","c"]""")]
    [InlineData("""" "aXbX" | [scan("x"; "i")], [scan("(a|b)(X)")] """", """["X","X"] [["a","X"],["b","X"]]""")]
    public void Matches_are_replaced_split_at_and_collected(string program, string expected) => Outputs.Of(program).ShouldBe(expected.Trim());

    [Theory]
    [InlineData("(a+)+$")]
    [InlineData("(a|aa)+$")]
    [InlineData("(.*)*b")]
    [InlineData("(a*)*(a*)*(a*)*b")]
    public void Patterns_that_explode_elsewhere_take_linear_time(string pattern) => Outputs.Of($"(\"a\" * 20000) + \"c\" | test(\"{pattern}\")").ShouldBe("false");

    [Theory]
    [InlineData("^(?:(a+)+)\\\\1b")]
    [InlineData("(?=(a+)+b)")]
    [InlineData("((a{1,100}){1,100}){1,100}b")]
    public void What_only_backtracking_can_do_ends_with_the_time(string pattern)
    {
        var options = JqOptions.Default with { Limits = JqLimits.Default with { Time = TimeSpan.FromMilliseconds(100) } };
        var started = TimeProvider.System.GetTimestamp();
        Should.Throw<JqLimitException>(() => Outputs.Of($"(\"a\" * 5000) + \"c\" | test(\"{pattern}\")", options)).Limit.ShouldBe(JqLimit.Time);
        TimeProvider.System.GetElapsedTime(started).ShouldBeLessThan(TimeSpan.FromSeconds(10));
    }

    [Theory]
    [InlineData("\"(\" * 5000")]
    [InlineData("\"(\" * 300 + \")\" * 300")]
    [InlineData("\"a\" * 20000")]
    public void A_pattern_that_is_too_long_or_too_deep_is_refused(string pattern) =>
        Outputs.Of($"({pattern}) as $p | \"a\" | try test($p) catch .").ShouldStartWith("\"Regex failure: ");

    [Fact]
    public void Programs_match_at_the_same_time()
    {
        var program = JqProgram.Compile("""[range(50) as $i | "user\($i)@example" | gsub("(?<a>[a-z]+)\($i % 7)"; "\(.a)!")] | join(",")""").ShouldBeOfType<JqCompilation.Compiled>().Program;
        var alone = program.Run(JqValue.Null).Single();
        var together = new JqValue[64];
        Parallel.For(0, together.Length, i => together[i] = program.Run(JqValue.Null).Single());
        together.ShouldAllBe(v => v == alone);
    }
}
