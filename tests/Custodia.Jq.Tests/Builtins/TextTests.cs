namespace Custodia.Jq.Tests.Builtins;

public sealed class TextTests
{
    [Theory]
    [InlineData("""[65, 128512, 55296, 1114112, -1, 1.9] | implode | explode""", "[65,128512,65533,65533,65533,1]")]
    [InlineData("""[nan], ["a"], "a" | try implode catch .""", """ "number (null) can't be imploded, unicode codepoint needs to be numeric" "string (\"a\") can't be imploded, unicode codepoint needs to be numeric" "implode input must be an array" """)]
    [InlineData("""1 | try explode catch .""", """ "explode input must be a string" """)]
    [InlineData("""65 | ascii""", """ "A" """)]
    public void Texts_come_apart_into_code_points_and_together_again(string program, string expected) => Outputs.Of(program).ShouldBe(expected.Trim());

    [Theory]
    [InlineData("""" "aaa" | trimstr("a"), trimstr("aaa"), ltrimstr("a"), rtrimstr("aa"), ltrimstr("x") """", """ "a" "" "aa" "a" "aaa" """)]
    [InlineData("""" "aaa" | trimstr(""), rtrimstr(""), ltrimstr("") """", """ "" "" "aaa" """)]
    [InlineData("""" "a" | try ltrimstr(1) catch ., try rtrimstr(1) catch ., try endswith(1) catch . """", """ "startswith() requires string inputs" "endswith() requires string inputs" "endswith() requires string inputs" """)]
    [InlineData("""" " \t\u00a0\u2003 a \u3000" | trim, ltrim, rtrim | length """", "1 3 6")]
    [InlineData("""1 | try trim catch .""", """ "trim input must be a string" """)]
    public void Ends_are_cut_off(string program, string expected) => Outputs.Of(program).ShouldBe(expected.Trim());

    [Theory]
    [InlineData("""" ",a,,b," | split(",") """", """ ["","a","","b",""] """)]
    [InlineData("""" "a😀b", "" | split("") """", """ ["a","😀","b"] [] """)]
    [InlineData("""" "a😀b😀" | indices("😀"), indices("b"), index("😀"), rindex("😀") """", "[1,3] [2] 1 3")]
    [InlineData("""" "aaa" | indices("aa"), indices("") """", "[0,1] []")]
    [InlineData("""1 | try split(",") catch .""", """ "split input and separator must be strings" """)]
    public void Places_are_counted_in_code_points(string program, string expected) => Outputs.Of(program).ShouldBe(expected.Trim());

    [Theory]
    [InlineData("""["a", 1.10, null, true, "b"] | join(",", null)""", """ "a,1.10,,true,b" "a1.10trueb" """)]
    [InlineData("""{"a": "x", "b": "y"} | join("-")""", """ "x-y" """)]
    [InlineData("""[], ["a"] | join(1)""", """ "" "a" """)]
    [InlineData("""["a", [1]], 1 | try join(",") catch .""", """ "string (\"a,\") and array ([1]) cannot be added" "Cannot iterate over number (1)" """)]
    [InlineData("""["a", null] | try join([1]) catch .""", """ "string (\"a\") and array ([1]) cannot be added" """)]
    public void Texts_are_joined(string program, string expected) => Outputs.Of(program).ShouldBe(expected.Trim());

    [Theory]
    [InlineData("""" "1.000", "+1", ".5", "5.", "-5.e3", "00012", "100000000000000000000000000000001" | tonumber """", "1.000 1 0.5 5 -5E+3 12 100000000000000000000000000000001")]
    [InlineData("""" "nan", "-Infinity", "inf" | tonumber """", "null -1.7976931348623157e+308 1.7976931348623157e+308")]
    [InlineData("""[" 1", "1 ", "--1", ".", "1e", "0x10", "nan1", "", "1,5", "٣", null, [1]][] | try tonumber catch "no" """, """ "no" "no" "no" "no" "no" "no" "no" "no" "no" "no" "no" "no" """)]
    [InlineData("""" "ab" | try tonumber catch . """", """ "string (\"ab\") cannot be parsed as a number" """)]
    [InlineData("""" "true", "false", true | toboolean """", "true false true")]
    [InlineData("""" "True", null | try toboolean catch . """", """ "string (\"True\") cannot be parsed as a boolean" "null (null) cannot be parsed as a boolean" """)]
    [InlineData("""" "[1,", "1 2", "" | try fromjson catch . """", """ "Unfinished JSON term at EOF at line 1, column 3 (while parsing '[1,')" "Unexpected extra JSON values (while parsing '1 2')" "Expected JSON value (while parsing '')" """)]
    [InlineData("""100000000000000000000000001 | tojson, tostring, ([.] | tojson | fromjson)""", """ "100000000000000000000000001" "100000000000000000000000001" [100000000000000000000000001] """)]
    public void Texts_become_values_and_values_texts(string program, string expected) => Outputs.Of(program).ShouldBe(expected.Trim());

    [Fact]
    public void A_text_beyond_the_limit_is_not_joined() =>
        Should.Throw<JqLimitException>(() => Outputs.Of("""("a" * 100000) as $a | [range(1000) | $a] | join(",")""")).Limit.ShouldBe(JqLimit.TextLength);
}
