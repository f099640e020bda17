namespace Custodia.Jq.Builtins.Mathematics;

/// <summary>
/// A number of about 31 digits as the sum of two doubles (Dekker, "A floating-point technique for extending the available
/// precision", 1971). What is computed with it and then rounded is nearly always the double next to the true value.
/// </summary>
internal readonly record struct Wide(double High, double Low)
{
    public static readonly Wide One = 1;
    public static readonly Wide Pi = new(3.141592653589793, 1.2246467991473532e-16);
    public static readonly Wide Ln2 = new(0.6931471805599453, 2.3190468138462996e-17);
    public static readonly Wide EulerGamma = new(0.5772156649015329, -4.942915152430645e-18);

    // Taylor's series of the exponential needs so few terms because its argument is halved so often.
    private const int Halvings = 9;
    private const int Terms = 12;

    public static implicit operator Wide(double value) => new(value, 0);

    public static Wide operator +(Wide a, Wide b)
    {
        var (high, error) = Sum(a.High, b.High);
        var (low, rest) = Sum(a.Low, b.Low);
        var (middle, left) = QuickSum(high, error + low);
        return Quick(middle, left + rest);
    }

    public static Wide operator -(Wide a) => new(-a.High, -a.Low);

    public static Wide operator -(Wide a, Wide b) => a + -b;

    public static Wide operator *(Wide a, Wide b)
    {
        var product = Product(a.High, b.High);
        return Quick(product.High, product.Low + ((a.High * b.Low) + (a.Low * b.High)));
    }

    public static Wide operator /(Wide a, Wide b)
    {
        var first = a.High / b.High;
        if (!double.IsFinite(first) || first == 0) return first;
        var rest = a - (b * first);
        var second = rest.High / b.High;
        rest -= b * second;
        return Quick(first, second) + (rest.High / b.High);
    }

    public static explicit operator double(Wide value) => value.High + value.Low;

    /// <summary>The product without rounding.</summary>
    public static Wide Product(double a, double b)
    {
        var high = a * b;
        return new Wide(high, Math.FusedMultiplyAdd(a, b, -high));
    }

    public static Wide Sqrt(Wide value)
    {
        var root = Math.Sqrt(value.High);
        return root == 0 ? root : root + ((value - Product(root, root)) / (2 * root));
    }

    public static Wide Exp(Wide value)
    {
        if (value.High > 710) return double.PositiveInfinity;
        if (value.High < -760) return 0;
        var power = Math.Round(value.High / Ln2.High);
        var rest = (value - (Ln2 * power)) * Math.ScaleB(1, -Halvings);
        var sum = One;
        var term = One;
        for (var i = 1; i <= Terms; i++)
        {
            term = term * rest / i;
            sum += term;
        }

        for (var i = 0; i < Halvings; i++) sum *= sum;
        return new Wide(Math.ScaleB(sum.High, (int)power), Math.ScaleB(sum.Low, (int)power));
    }

    /// <summary>One step of Newton's from the double's logarithm doubles its digits.</summary>
    public static Wide Log(Wide value)
    {
        var near = Math.Log(value.High);
        return double.IsFinite(near) ? near + ((value * Exp(-near)) - One) : near;
    }

    /// <summary>sin(πx).</summary>
    public static Wide SinPi(double x)
    {
        var whole = Math.Round(x);
        var angle = Pi * (x - whole);
        var square = angle * angle;
        var term = angle;
        var sum = angle;
        for (var i = 1; i <= 16; i++)
        {
            term = -term * square / (2.0 * i * ((2.0 * i) + 1));
            sum += term;
        }

        return Math.Abs(whole) % 2 == 1 ? -sum : sum;
    }

    public static double Hypot(double x, double y)
    {
        var large = Math.Max(Math.Abs(x), Math.Abs(y));
        if (large == 0 || !double.IsFinite(large)) return double.Hypot(x, y);
        var scale = Math.ILogB(large);
        double a = Math.ScaleB(x, -scale), b = Math.ScaleB(y, -scale);
        return Math.ScaleB((double)Sqrt(Product(a, a) + Product(b, b)), scale);
    }

    public static double ExpM1(double x)
    {
        if (Math.Abs(x) < 1e-18 || double.IsNaN(x)) return x;
        return x > 710 ? double.PositiveInfinity : (double)(Exp(x) - One);
    }

    public static double Log1P(double x)
    {
        if (Math.Abs(x) < 1e-18 || double.IsNaN(x)) return x;
        var (high, low) = Sum(1, x);
        return high <= 0 || double.IsInfinity(high) ? Math.Log(high) : (double)Log(new Wide(high, low));
    }

    /// <summary>The sum without rounding.</summary>
    public static Wide Exact(double a, double b)
    {
        var (high, low) = Sum(a, b);
        return new Wide(high, low);
    }

    private static (double High, double Error) Sum(double a, double b)
    {
        var sum = a + b;
        var part = sum - a;
        return (sum, (a - (sum - part)) + (b - part));
    }

    private static (double High, double Error) QuickSum(double a, double b)
    {
        var sum = a + b;
        return (sum, b - (sum - a));
    }

    private static Wide Quick(double a, double b)
    {
        var (high, low) = QuickSum(a, b);
        return double.IsFinite(high) ? new Wide(high, low) : new Wide(high, 0);
    }
}
