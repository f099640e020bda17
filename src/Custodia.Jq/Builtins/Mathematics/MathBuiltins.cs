using Custodia.Jq.Running;

namespace Custodia.Jq.Builtins.Mathematics;

/// <summary>The functions of C's math library under their own names.</summary>
internal static class MathBuiltins
{
    public static IEnumerable<Native> All { get; } =
    [
        .. Rounding(),
        .. Transcendental(),
        .. OfTwo(),
        Of("frexp", Floats.Frexp),
        Of("modf", Floats.Modf),
        Of("lgamma_r", (run, x) => run.ArrayOf([JqValue.Of(Gamma.LogGamma(x, out var sign)), JqValue.Of(sign)], 2)),
        new("fma", 3, (Run run, in JqValue input, ReadOnlySpan<JqValue> arguments) => JqValue.Of(Math.FusedMultiplyAdd(Number(arguments[0]), Number(arguments[1]), Number(arguments[2])))),
        new("jn", 2, (Run run, in JqValue input, ReadOnlySpan<JqValue> arguments) => JqValue.Of(Bessel.J(run, Number(arguments[0]), Number(arguments[1])))),
        new("yn", 2, (Run run, in JqValue input, ReadOnlySpan<JqValue> arguments) => JqValue.Of(Bessel.Y(run, Number(arguments[0]), Number(arguments[1])))),
        new("j0", 0, (Run run, in JqValue input, ReadOnlySpan<JqValue> arguments) => JqValue.Of(Bessel.J(run, 0, Number(input)))),
        new("j1", 0, (Run run, in JqValue input, ReadOnlySpan<JqValue> arguments) => JqValue.Of(Bessel.J(run, 1, Number(input)))),
        new("y0", 0, (Run run, in JqValue input, ReadOnlySpan<JqValue> arguments) => JqValue.Of(Bessel.Y(run, 0, Number(input)))),
        new("y1", 0, (Run run, in JqValue input, ReadOnlySpan<JqValue> arguments) => JqValue.Of(Bessel.Y(run, 1, Number(input)))),
        new("abs", 0, Abs),
        new("toarray", 0, (Run run, in JqValue input, ReadOnlySpan<JqValue> arguments) => input.IsArray ? input : run.ArrayOf([input], 1)),
        Constant("infinite", JqValue.Of(double.PositiveInfinity)),
        Constant("nan", JqValue.Of(double.NaN)),
        Constant("have_literal_numbers", JqValue.True),
        Constant("have_decnum", JqValue.True),
        Test("isinfinite", double.IsInfinity),
        Test("isnan", double.IsNaN),
        Test("isnormal", double.IsNormal),
        Test("isfinite", static x => !double.IsInfinity(x)),
    ];

    private static IEnumerable<Native> Rounding() =>
    [
        Of("floor", Math.Floor), Of("ceil", Math.Ceiling), Of("trunc", Math.Truncate), Of("fabs", Math.Abs),
        Of("round", static x => Math.Round(x, MidpointRounding.AwayFromZero)), Of("rint", Math.Round), Of("nearbyint", Math.Round),
        Of("significand", Floats.Significand), Of("logb", Floats.Logb),
    ];

    private static IEnumerable<Native> Transcendental() =>
    [
        Of("sqrt", Math.Sqrt), Of("cbrt", Math.Cbrt),
        Of("sin", Math.Sin), Of("cos", Math.Cos), Of("tan", Math.Tan), Of("asin", Math.Asin), Of("acos", Math.Acos), Of("atan", Math.Atan),
        Of("sinh", Math.Sinh), Of("cosh", Math.Cosh), Of("tanh", Math.Tanh), Of("asinh", Math.Asinh), Of("acosh", Math.Acosh), Of("atanh", Math.Atanh),
        Of("exp", Math.Exp), Of("exp2", static x => Math.Pow(2, x)), Of("exp10", static x => Math.Pow(10, x)), Of("expm1", Wide.ExpM1),
        Of("log", static (double x) => Math.Log(x)), Of("log2", Math.Log2), Of("log10", Math.Log10), Of("log1p", Wide.Log1P),
        Of("gamma", static x => Gamma.LogGamma(x, out _)), Of("lgamma", static x => Gamma.LogGamma(x, out _)), Of("tgamma", Gamma.Of),
        Of("erf", ErrorFunction.Erf), Of("erfc", ErrorFunction.Erfc),
    ];

    private static IEnumerable<Native> OfTwo() =>
    [
        Of("pow", Math.Pow), Of("atan2", Math.Atan2), Of("hypot", Wide.Hypot), Of("copysign", Math.CopySign),
        Of("fmod", static (x, y) => x % y), Of("drem", Math.IEEERemainder), Of("remainder", Math.IEEERemainder),
        Of("fmax", static (x, y) => double.IsNaN(x) || x < y ? y : x), Of("fmin", static (x, y) => double.IsNaN(x) || x >= y ? y : x),
        Of("fdim", static (x, y) => x <= y ? 0 : x - y),
        Of("nextafter", Floats.NextAfter), Of("nexttoward", Floats.NextAfter),
        Of("ldexp", Floats.Scale), Of("scalbln", Floats.Scale), Of("scalb", Floats.ScaleByWhole),
    ];

    private static double Number(in JqValue value) => value.TryGetNumber(out var number) ? number : throw JqException.Of(value, "number required");

    private static Native Of(string name, Func<double, double> function) =>
        new(name, 0, (Run run, in JqValue input, ReadOnlySpan<JqValue> arguments) => JqValue.Of(function(Number(input))));

    private static Native Of(string name, Func<Run, double, JqValue> function) =>
        new(name, 0, (Run run, in JqValue input, ReadOnlySpan<JqValue> arguments) => function(run, Number(input)));

    private static Native Of(string name, Func<double, double, double> function) =>
        new(name, 2, (Run run, in JqValue input, ReadOnlySpan<JqValue> arguments) => JqValue.Of(function(Number(arguments[0]), Number(arguments[1]))));

    private static Native Constant(string name, JqValue value) => new(name, 0, (Run run, in JqValue input, ReadOnlySpan<JqValue> arguments) => value);

    private static Native Test(string name, Func<double, bool> test) =>
        new(name, 0, (Run run, in JqValue input, ReadOnlySpan<JqValue> arguments) => JqValue.Of(input.TryGetNumber(out var number) && test(number)));

    // jq's abs is "the negative if below 0", for any value; so that texts, arrays and objects are their own.
    private static JqValue Abs(Run run, in JqValue input, ReadOnlySpan<JqValue> arguments)
    {
        if (!input.TryGetNumber(out var number)) return input.IsNull || input.IsBoolean ? throw JqException.Of(input, "cannot be negated") : input;
        if (number >= 0) return input;
        return input.Literal is { } literal ? JqValue.Of(literal.Negate()) : JqValue.Of(-number);
    }
}
