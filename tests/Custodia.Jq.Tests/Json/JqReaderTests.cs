using System.Globalization;
using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace Custodia.Jq.Tests.Json;

public sealed class JqReaderTests
{
    private const string Mixed = "{\"a\":[1,2.5,-0.001,1e3,12345678901234567890],\"b\":\"x\\n\\u00e9\\ud83d\\ude00 ü😀\"} \"plain\" 7 true null\n[[],{},[{\"a\":{}}]] -1.50 nan [Infinity]\t{\"a\":1,\"a\":2}";

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(7)]
    [InlineData(64)]
    [InlineData(100_000)]
    public void Values_are_the_same_however_the_bytes_arrive(int piece) =>
        Read(Encoding.UTF8.GetBytes(Mixed), piece).Select(v => v.ToJson()).ShouldBe(
        [
            "{\"a\":[1,2.5,-0.001,1E+3,12345678901234567890],\"b\":\"x\\né😀 ü😀\"}", "\"plain\"", "7", "true", "null", "[[],{},[{\"a\":{}}]]", "-1.50", "null", "[1.7976931348623157e+308]", "{\"a\":2}",
        ]);

    [Fact]
    public void What_is_printed_is_read_back_in_pieces() => Check.One(Config.QuickThrowOnFailure.WithMaxTest(100), Prop.ForAll(Laws.Values.Any.ToArbitrary(), Gen.Choose(1, 40).ToArbitrary(), (value, piece) =>
    {
        var bytes = Encoding.UTF8.GetBytes($"{value.ToJson()}{Indented(value)} {value.ToJson()}\n");
        return value.Kind is not (JqKind.Array or JqKind.Object or JqKind.String) || Read(bytes, piece).All(read => read == value);
    }));

    [Fact]
    public void A_value_larger_than_the_buffer_is_read()
    {
        var text = "[" + string.Join(',', Enumerable.Range(0, 200_000)) + "]";
        Read(Encoding.UTF8.GetBytes(text + text), 10_000).Select(v => v.GetArray().Count).ShouldBe([200_000, 200_000]);
    }

    [Theory]
    [InlineData("\uFEFF{\"a\":1}", "{\"a\":1}")]
    [InlineData("\uFEFF", "")]
    [InlineData("", "")]
    [InlineData(" \n\t ", "")]
    public void A_byte_order_mark_and_nothing_are_taken(string text, string expected) =>
        string.Join(' ', Read(Encoding.UTF8.GetBytes(text), 2).Select(v => v.ToJson())).ShouldBe(expected);

    [Fact]
    public void Bytes_that_are_no_text_become_replacement_characters() =>
        Read([(byte)'"', 0xFF, 0xC3, (byte)'"'], 10).Single().ToJson().ShouldBe("\"\uFFFD\uFFFD\"");

    [Theory]
    [InlineData("[1,\n2,]", "Expected another array element at line 2, column 3")]
    [InlineData("{\"a\":1}\n{\"a\" 1}", "Expected separator between values at line 2, column 7")]
    [InlineData("[1", "Unfinished JSON term at EOF at line 1, column 2")]
    [InlineData("\"a", "Unfinished string at EOF at line 1, column 2")]
    [InlineData("{\"a\":tru}", "Invalid literal at line 1, column 9")]
    [InlineData("01x", "Invalid numeric literal at EOF at line 1, column 3")]
    [InlineData("]", "Unmatched ']' at line 1, column 1")]
    [InlineData("{\"a\":1]", "Unmatched ']' at line 1, column 7")]
    [InlineData("{1:2}", "Object keys must be strings at line 1, column 3")]
    [InlineData("{\"a\":\"\u0001\"}", "Invalid string: control characters from U+0000 through U+001F must be escaped at line 1, column 8")]
    public void Mistakes_are_told_as_jq_tells_them(string text, string message)
    {
        Should.Throw<JqJsonException>(() => Read(Encoding.UTF8.GetBytes(text), 3).Count()).Message.ShouldBe(message);
        Should.Throw<JqJsonException>(() => Read(Encoding.UTF8.GetBytes(text), 1000).Count()).Message.ShouldBe(message);
    }

    [Fact]
    public void Nesting_is_read_to_ten_thousand_levels_and_no_further()
    {
        Read(Nested(10_000), 1 << 16).Single().GetArray().Count.ShouldBe(1);
        Should.Throw<JqJsonException>(() => Read(Nested(10_001), 1 << 16).Count()).Message.ShouldStartWith("Exceeds depth limit for parsing");
    }

    [Fact]
    public void Numbers_print_as_short_as_they_read_back() => Check.One(Config.QuickThrowOnFailure.WithMaxTest(3000), Prop.ForAll(Doubles().ToArbitrary(), number =>
    {
        var text = JqValue.Of(number).ToJson();
        var shortest = number.ToString("R", CultureInfo.InvariantCulture);
        return double.Parse(text, CultureInfo.InvariantCulture).Equals(number) && Digits(text) == Digits(shortest) && JqValue.Parse(text) == JqValue.Of(number);
    }));

    [Theory]
    [InlineData(1e15, "1000000000000000")]
    [InlineData(1e16, "1e+16")]
    [InlineData(1e17, "1e+17")]
    [InlineData(123456789012345680, "123456789012345680")]
    [InlineData(0.0001, "0.0001")]
    [InlineData(0.00001, "1e-05")]
    [InlineData(-1.5e300, "-1.5e+300")]
    [InlineData(-0.0, "-0")]
    [InlineData(0.1 + 0.2, "0.30000000000000004")]
    [InlineData(5e-324, "5e-324")]
    [InlineData(double.PositiveInfinity, "1.7976931348623157e+308")]
    [InlineData(double.NaN, "null")]
    [InlineData(61.25, "61.25")]
    [InlineData(-0.0625, "-0.0625")]
    [InlineData(4999.9999, "4999.9999")]
    public void Numbers_print_as_jq_prints_them(double number, string text) => JqValue.Of(number).ToJson().ShouldBe(text);

    private static Gen<double> Doubles() => Gen.OneOf(
        Gen.Choose(-10_000_000, 10_000_000).Select(i => i / 10_000.0),
        Gen.Choose(-1000, 1000).SelectMany(i => Gen.Choose(-25, 25).Select(e => i * Math.Pow(10, e))),
        ArbMap.Default.GeneratorFor<double>().Where(double.IsFinite));

    private static string Digits(string number) => number.ToUpperInvariant().Split('E')[0].Replace(".", "", StringComparison.Ordinal).Trim('-').Trim('0');

    private static byte[] Nested(int depth) => Encoding.UTF8.GetBytes(new string('[', depth) + new string(']', depth));

    private static string Indented(JqValue value)
    {
        using var bytes = new MemoryStream();
        var writer = new JqWriter(bytes, JqFormat.Indented with { IsAscii = true });
        writer.Write(value);
        writer.Flush();
        return Encoding.UTF8.GetString(bytes.ToArray());
    }

    private static IEnumerable<JqValue> Read(byte[] bytes, int piece)
    {
        var reader = new JqReader(new Trickle(bytes, piece));
        while (reader.TryRead(out var value)) yield return value;
    }

    /// <summary>A stream that gives a few bytes at a time.</summary>
    private sealed class Trickle(byte[] bytes, int piece) : MemoryStream(bytes)
    {
        public override int Read(byte[] buffer, int offset, int count) => base.Read(buffer, offset, Math.Min(count, piece));

        public override int Read(Span<byte> buffer) => base.Read(buffer[..Math.Min(buffer.Length, piece)]);
    }
}
