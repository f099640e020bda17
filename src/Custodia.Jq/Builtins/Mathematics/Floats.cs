using Custodia.Jq.Running;

namespace Custodia.Jq.Builtins.Mathematics;

/// <summary>Doubles taken apart and put together: mantissa, exponent, neighbours.</summary>
internal static class Floats
{
    /// <summary>Mantissa from 0.5 up to 1, and the power of two that it is multiplied by.</summary>
    public static JqValue Frexp(Run run, double x)
    {
        var exponent = x == 0 || !double.IsFinite(x) ? 0 : Math.ILogB(x) + 1;
        return run.ArrayOf([JqValue.Of(Math.ScaleB(x, -exponent)), JqValue.Of(exponent)], 2);
    }

    /// <summary>The part behind the point, and the one before it, both with the sign.</summary>
    public static JqValue Modf(Run run, double x)
    {
        var whole = Math.Truncate(x);
        return run.ArrayOf([JqValue.Of(Math.CopySign(double.IsInfinity(x) ? 0 : x - whole, x)), JqValue.Of(whole)], 2);
    }

    public static double Significand(double x) => x == 0 || !double.IsFinite(x) ? x : Math.ScaleB(x, -Math.ILogB(x));

    public static double Logb(double x) => x == 0 ? double.NegativeInfinity : double.IsInfinity(x) ? double.PositiveInfinity : double.IsNaN(x) ? x : Math.ILogB(x);

    public static double NextAfter(double x, double y)
    {
        if (double.IsNaN(x) || double.IsNaN(y)) return double.NaN;
        if (x == y) return y;
        return x < y ? Math.BitIncrement(x) : Math.BitDecrement(x);
    }

    /// <summary>x times 2 to the exponent, whose fraction does not count.</summary>
    public static double Scale(double x, double exponent) => double.IsNaN(exponent) ? exponent : Math.ScaleB(x, (int)Math.Clamp(exponent, -10_000, 10_000));

    /// <summary>The same, but the exponent must be whole or infinite.</summary>
    public static double ScaleByWhole(double x, double exponent)
    {
        if (double.IsInfinity(exponent)) return exponent > 0 ? x * exponent : x / -exponent;
        return Math.Floor(exponent) == exponent ? Scale(x, exponent) : double.NaN;
    }
}
