namespace Custodia.Jq.Builtins.Mathematics;

/// <summary>The gamma function and its logarithm, by Stirling's series.</summary>
internal static class Gamma
{
    // From here on the terms below give more than 31 digits.
    private const double LargeEnough = 30;
    private static readonly Wide HalfLogOfTwoPi = Wide.Log(Wide.Pi * 2) * 0.5;

    // B(2k) / (2k (2k - 1)), with B the numbers of Bernoulli.
    private static readonly (double Over, double Under)[] Terms =
    [
        (1, 12), (-1, 360), (1, 1260), (-1, 1680), (1, 1188), (-691, 360360), (1, 156), (-3617, 122400), (43867, 244188),
        (-174611, 125400), (77683, 5796), (-236364091, 1506960), (657931, 300),
    ];

    /// <param name="x">Any number.</param>
    /// <param name="sign">Of the gamma function: 1 or -1; 1 where it has none.</param>
    public static double LogGamma(double x, out int sign)
    {
        sign = 1;
        if (double.IsNaN(x)) return x;
        if (double.IsInfinity(x) || (x <= 0 && Math.Floor(x) == x)) return double.PositiveInfinity;
        if (x < 0 && Math.Floor(x) % 2 != 0) sign = -1;
        if (x is 1 or 2) return 0;
        if (Math.Abs(x) < 1e-300) return -Math.Log(Math.Abs(x));
        return x > 1e17 ? x * (Math.Log(x) - 1) : (double)Log(x);
    }

    public static double Of(double x)
    {
        if (x == 0) return 1 / x;
        if (double.IsNaN(x) || double.IsNegativeInfinity(x) || (x < 0 && Math.Floor(x) == x)) return double.NaN;
        if (x > 172) return double.PositiveInfinity;
        if (Math.Abs(x) < 1e-300) return 1 / x;
        var isNegative = x < 0 && Math.Floor(x) % 2 != 0;
        var size = x < -185 ? 0 : (double)Wide.Exp(Log(x));
        return isNegative ? -size : size;
    }

    // Log |gamma|; below zero by gamma(x) gamma(1 - x) sin(pi x) = pi.
    private static Wide Log(double x)
    {
        if (x > 0) return Positive(x);
        var sine = Wide.SinPi(x);
        return Wide.Log(Wide.Pi / (sine.High < 0 ? -sine : sine)) - Positive(Wide.Exact(1, -x));
    }

    private static Wide Positive(Wide x)
    {
        var passed = Wide.One;
        for (; x.High < LargeEnough; x += Wide.One) passed *= x;
        var square = x * x;
        var power = x;
        Wide series = 0;
        foreach (var (over, under) in Terms)
        {
            series += (Wide)over / under / power;
            power *= square;
        }

        return ((x - 0.5) * Wide.Log(x)) - x + HalfLogOfTwoPi + series - Wide.Log(passed);
    }
}
