namespace Custodia.Jq.Builtins.Mathematics;

/// <summary>The error function and its complement.</summary>
internal static class ErrorFunction
{
    private const double SeriesUpTo = 5;
    private static readonly Wide RootOfPi = Wide.Sqrt(Wide.Pi);

    public static double Erf(double x)
    {
        if (double.IsNaN(x)) return x;
        if (Math.Abs(x) > 6) return Math.Sign(x);
        return Math.Abs(x) < 1e-300 ? x * 1.1283791670955126 : (double)Series(x);
    }

    public static double Erfc(double x)
    {
        if (double.IsNaN(x)) return x;
        if (x < SeriesUpTo) return x < -6 ? 2 : (double)(Wide.One - Series(x));
        return x > 28 ? 0 : (double)Fraction(x);
    }

    // 2/sqrt(pi) exp(-x²) (x + 2x³/3 + 4x⁵/15 + …): all terms have one sign, so that nothing cancels.
    private static Wide Series(double x)
    {
        var square = Wide.Product(x, x);
        Wide term = x;
        var sum = term;
        for (var i = 1; Math.Abs(term.High) > Math.Abs(sum.High) * 1e-33; i++)
        {
            term = term * square * 2 / ((2 * i) + 1);
            sum += term;
        }

        return sum * 2 * Wide.Exp(-square) / RootOfPi;
    }

    // exp(-x²)/sqrt(pi) / (x + (1/2)/(x + (2/2)/(x + (3/2)/(x + …)))), from the inside out.
    private static Wide Fraction(double x)
    {
        Wide fraction = x;
        for (var i = 120; i > 0; i--) fraction = x + (i * 0.5 / fraction);
        return Wide.Exp(-Wide.Product(x, x)) / RootOfPi / fraction;
    }
}
