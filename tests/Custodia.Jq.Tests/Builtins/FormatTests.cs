using Custodia.Jq.Builtins.Formats;

namespace Custodia.Jq.Tests.Builtins;

public sealed class FormatTests
{
    [Theory]
    [InlineData("""[1, 1.10, "a\"b", null, true, nan, 1e300] | @csv""", """ "1,1.10,\"a\"\"b\",,true,,1E+300" """)]
    [InlineData("""["a\tb\\c\nd\re", null, false] | @tsv""", """ "a\\tb\\\\c\\nd\\re\t\tfalse" """)]
    [InlineData("""[[1]], 1 | try @csv catch .""", """ "array ([1]) is not valid in a csv row" "number (1) cannot be csv-formatted, only array" """)]
    [InlineData("""{} | try @tsv catch .""", """ "object ({}) cannot be tsv-formatted, only array" """)]
    public void Rows(string program, string expected) => Outputs.Of(program).ShouldBe(expected.Trim());

    [Theory]
    [InlineData("""" "a<>&'\"" | @html """", """ "a&lt;&gt;&amp;&apos;&quot;" """)]
    [InlineData("""[1, "a b", "it's", null] | @sh""", """ "1 'a b' 'it'\\''s' null" """)]
    [InlineData("""{"a": 1} | try @sh catch .""", """ "object ({\"a\":1}) can not be escaped for shell" """)]
    [InlineData("""" "a b+ä/?~_-.!😀" | @uri, (@uri | @urid) """", """ "a%20b%2B%C3%A4%2F%3F~_-.%21%F0%9F%98%80" "a b+ä/?~_-.!😀" """)]
    [InlineData("""" "%", "%4", "%zz", "%ff" | try @urid catch . """", """ "string (\"%\") is not a valid uri encoding" "string (\"%4\") is not a valid uri encoding" "string (\"%zz\") is not a valid uri encoding" "string (\"%ff\") is not a valid uri encoding" """)]
    [InlineData("""@sh "echo \("a b") \([1, "c"])" """, """ "echo 'a b' 1 'c'" """)]
    public void Escapes(string program, string expected) => Outputs.Of(program).ShouldBe(expected.Trim());

    [Theory]
    [InlineData("""" "äb", "", [1] | @base64 """", """ "w6Ri" "" "WzFd" """)]
    [InlineData("""" "w6Ri", "w6Ri=", "w6R", "YWJj=ZA", "=" | @base64d """", """ "äb" "äb" "ä" "abc" "" """)]
    [InlineData("""" "/+8=" | @base64d | explode """", "[65533,65533]")]
    [InlineData("""" "w", "YW Jj" | try @base64d catch . """", """ "string (\"w\") trailing base64 byte found" "string (\"YW Jj\") is not valid base64 data" """)]
    [InlineData("""" "", "f", "fo", "foo", "foob", "fooba", "foobar" | @base32 """", """ "" "MY======" "MZXQ====" "MZXW6===" "MZXW6YQ=" "MZXW6YTB" "MZXW6YTBOI======" """)]
    [InlineData("""" "This is ä 😀" | @base32 | @base32d """", """ "This is ä 😀" """)]
    [InlineData("""" "a1" | try @base32d catch . """", """ "string (\"a1\") is not valid base32 data" """)]
    public void Base_64_and_32(string program, string expected) => Outputs.Of(program).ShouldBe(expected.Trim());

    [Theory]
    [InlineData("""format("foo")""", """ "foo is not a valid format" """)]
    [InlineData("""format(1)""", """ "number (1) is not a valid format" """)]
    public void An_unknown_format_is_an_error(string program, string expected) => Outputs.Of($"try {program} catch .").ShouldBe(expected.Trim());

    [Fact]
    public void What_a_format_makes_is_bounded() =>
        Should.Throw<JqLimitException>(() => Outputs.Of("""("<" * 4000000) as $a | [range(100) | $a] | @sh""")).Limit.ShouldBe(JqLimit.TextLength);

    [Fact]
    public void Formats_are_known_by_name()
    {
        FormatBuiltins.IsKnown("csv").ShouldBeTrue();
        FormatBuiltins.IsKnown("xml").ShouldBeFalse();
    }
}
