using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace Custodia.Jq.Tests.Laws;

/// <summary>Values of every kind: deep, with digits beyond a double's, with texts beyond the basic plane; no nan, which equals nothing.</summary>
internal static class Values
{
    private static readonly string[] Characters = ["a", "b", "z", "0", " ", "\"", "\\", "/", "\n", "\t", "\0", "\u001f", "\u007f", "é", "ß", "中", "\u2028", "\ue000", "\uffff", "\U00010000", "😀", "\U0010ffff"];

    private static readonly string[] Literals =
    [
        "0", "-0", "1", "-1", "0.5", "1.0", "1.10", "100", "1e2", "9007199254740992", "9007199254740993", "-9007199254740993", "12345678901234567890123", "12345678901234567890124",
        "1.000000000000000000001", "0.1", "0.3", "1e-7", "5e-324", "1.7976931348623157e308", "1e15", "1e16", "1e17", "1e18", "1e-5", "3.141592653589793238462643383279",
    ];

    public static Gen<string> Text { get; } =
        from length in Gen.Choose(0, 6)
        from parts in Gen.ArrayOf(Gen.Elements(Characters), length)
        select string.Concat(parts);

    public static Gen<JqValue> Any { get; } = Gen.Frequency((20, Gen.Sized(size => Nested(Math.Min(size / 10, 5)))), (1, Deep()));

    public static Gen<JqValue> Arrays { get; } = Gen.Sized(size => Array(Math.Min(size / 10, 4)));

    public static Gen<JqValue> Objects { get; } = Gen.Sized(size => Object(Math.Min(size / 10, 4)));

    /// <summary>Arrays whose items are often equal, with a number each that tells them apart.</summary>
    public static Gen<JqValue> Numbered { get; } =
        from length in Gen.Choose(0, 12)
        from keys in Gen.ArrayOf(Gen.OneOf(Gen.Elements(Of("1"), Of("1.0"), Of("2"), Of("\"a\""), Of("null"), Of("[1]"), Of("{\"a\":1}")), Nested(1)), length)
        select JqValue.Of(new JqArray(keys.Select((key, i) => JqValue.Of(new JqObject([KeyValuePair.Create("key", key), KeyValuePair.Create("at", JqValue.Of(i))])))));

    private static JqValue Of(string json) => JqValue.Parse(json);

    private static Gen<JqValue> Scalar { get; } = Gen.OneOf(
        Gen.Elements(JqValue.Null, JqValue.True, JqValue.False),
        Gen.Elements(Literals).Select(Of),
        Gen.Choose(-1000, 1000).Select(i => JqValue.Of(i / 8.0)),
        ArbMap.Default.GeneratorFor<double>().Where(double.IsFinite).Select(JqValue.Of),
        Text.Select(JqValue.Of));

    private static Gen<JqValue> Nested(int depth) => depth <= 0 ? Scalar : Gen.Frequency((3, Scalar), (2, Array(depth)), (2, Object(depth)));

    private static Gen<JqValue> Array(int depth) =>
        from length in Gen.Choose(0, 4)
        from items in Gen.ArrayOf(Nested(depth - 1), length)
        select JqValue.Of(new JqArray(items));

    private static Gen<JqValue> Object(int depth) =>
        from length in Gen.Choose(0, 4)
        from names in Gen.ArrayOf(Text, length)
        from values in Gen.ArrayOf(Nested(depth - 1), length)
        select JqValue.Of(new JqObject(names.Zip(values, KeyValuePair.Create).DistinctBy(f => f.Key)));

    private static Gen<JqValue> Deep() =>
        from depth in Gen.Choose(50, 400)
        from isArray in Gen.Choose(0, 1)
        select Of(new StringBuilder().Insert(0, isArray == 1 ? "[" : "{\"a\":", depth).Append('7').Append(isArray == 1 ? ']' : '}', depth).ToString());
}
