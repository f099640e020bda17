using Custodia.Jq.Running;

namespace Custodia.Jq.Builtins.Mathematics;

/// <summary>Bessel functions of whole order (Abramowitz and Stegun, chapter 9).</summary>
internal static class Bessel
{
    // Up to here the power series, although its terms cancel, leaves more digits than a double has.
    private const double SeriesUpTo = 25;

    /// <summary>Of the first kind; the order's fraction does not count.</summary>
    public static double J(Run run, double order, double x)
    {
        if (double.IsNaN(order) || double.IsNaN(x)) return double.NaN;
        var n = Order(run, order);
        var isNegative = n % 2 != 0 && (n < 0 != x < 0);
        (n, x) = (Math.Abs(n), Math.Abs(x));
        if (double.IsInfinity(x)) return isNegative ? -0.0 : 0;
        var value = (double)OfPositive(n, x);
        return isNegative ? -value : value;
    }

    /// <summary>Of the second kind.</summary>
    public static double Y(Run run, double order, double x)
    {
        if (double.IsNaN(order) || double.IsNaN(x) || x < 0) return double.NaN;
        var n = Order(run, order);
        var isNegative = n % 2 != 0 && n < 0;
        n = Math.Abs(n);
        if (x == 0) return isNegative ? double.PositiveInfinity : double.NegativeInfinity;
        if (double.IsInfinity(x)) return 0;
        var before = SecondKind(0, x);
        var value = n == 0 ? before : SecondKind(1, x);
        for (var i = 1; i < n && !double.IsInfinity(value.High); i++) (before, value) = (value, (value * ((Wide)(2.0 * i) / x)) - before);
        return isNegative ? -(double)value : (double)value;
    }

    // The work grows with it.
    private static int Order(Run run, double order)
    {
        var n = (int)Math.Clamp(order, -int.MaxValue, int.MaxValue);
        run.Charge(Math.Abs((long)n) * 64);
        return n;
    }

    private static Wide OfPositive(int n, double x)
    {
        if (x <= SeriesUpTo) return Series(n, x, (_, term) => term);
        if (n > x) return Downwards(n, x);
        var before = Asymptotic(0, x, isSecondKind: false);
        var value = n == 0 ? before : Asymptotic(1, x, isSecondKind: false);
        for (var i = 1; i < n; i++) (before, value) = (value, (value * (2.0 * i / x)) - before);
        return value;
    }

    private static Wide SecondKind(int n, double x)
    {
        if (x > SeriesUpTo) return Asymptotic(n, x, isSecondKind: true);
        var harmonic = new List<Wide> { 0 };
        Wide Harmonic(int k)
        {
            while (harmonic.Count <= k) harmonic.Add(harmonic[^1] + (Wide.One / harmonic.Count));
            return harmonic[k];
        }

        var logarithmic = (Wide.Log((Wide)x * 0.5) + Wide.EulerGamma) * Series(n, x, (_, term) => term) * 2;
        var sum = Series(n, x, (k, term) => term * (Harmonic(k) + Harmonic(k + n)));
        return (logarithmic - sum - (n == 0 ? 0 : (Wide)2 / x)) / Wide.Pi;
    }

    /// <summary>The sum of (-1)^k (x/2)^(n+2k) / (k! (n+k)!), each term through a function.</summary>
    private static Wide Series(int n, double x, Func<int, Wide, Wide> select)
    {
        var half = (Wide)x * 0.5;
        var term = Wide.One;
        for (var i = 1; i <= n && term.High != 0; i++) term = term * half / i;
        var square = half * half;
        var sum = select(0, term);
        for (var k = 1; term.High != 0 && (k < x || Math.Abs(term.High) > Math.Abs(sum.High) * 1e-34); k++)
        {
            term = -term * square / ((double)k * (k + n));
            sum += select(k, term);
        }

        return sum;
    }

    /// <summary>Hankel's expansion for orders 0 and 1: its terms fall until there are about twice as many as x.</summary>
    private static Wide Asymptotic(int n, double x, bool isSecondKind)
    {
        Wide even = 1, odd = 0, term = 1;
        for (var k = 1; k < 2 * x && Math.Abs(term.High) > 1e-33; k++)
        {
            term = term * ((4.0 * n * n) - (((2.0 * k) - 1) * ((2.0 * k) - 1))) / (8.0 * k) / x;
            var signed = k / 2 % 2 == 0 ? term : -term;
            if (k % 2 == 0) even += signed;
            else odd += signed;
        }

        var (sum, difference) = SumAndDifference(x);
        var (cosine, sine) = n == 0 ? (sum, difference) : (difference, -sum);
        var wave = isSecondKind ? (even * sine) + (odd * cosine) : (even * cosine) - (odd * sine);
        return wave / Wide.Sqrt(Wide.Pi * x);
    }

    // sin x + cos x and sin x - cos x; their product is -cos 2x, from which the one that cancels is got.
    private static (Wide Sum, Wide Difference) SumAndDifference(double x)
    {
        double sine = Math.Sin(x), cosine = Math.Cos(x), sum = sine + cosine, difference = sine - cosine;
        if (x > double.MaxValue / 2) return (sum, difference);
        var product = -Math.Cos(x + x);
        return sine * cosine < 0 ? (product / difference, difference) : (sum, product / sum);
    }

    /// <summary>Miller's algorithm: upwards the recurrence would lose everything; downwards from far above any start is right up to a factor.</summary>
    private static Wide Downwards(int n, double x)
    {
        Wide above = 0, value = 1e-300, found = 0;
        var start = n + (int)Math.Sqrt(60.0 * n) + 40;
        for (var i = start; i > 0; i--)
        {
            (above, value) = (value, (value * (2.0 * i / x)) - above);
            if (i - 1 == n) found = value;
            if (Math.Abs(value.High) < 1e200) continue;
            (above, value, found) = (above * 1e-300, value * 1e-300, found * 1e-300);
        }

        // Both zeroth and first may be near a zero; the larger one tells the factor.
        var (zeroth, first) = (Asymptotic(0, x, isSecondKind: false), Asymptotic(1, x, isSecondKind: false));
        return Math.Abs(zeroth.High) > Math.Abs(first.High) ? found * zeroth / value : found * first / above;
    }
}
