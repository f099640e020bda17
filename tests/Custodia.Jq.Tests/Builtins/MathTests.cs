using System.Globalization;

namespace Custodia.Jq.Tests.Builtins;

public sealed class MathTests
{
    [Theory]
    [InlineData("2.5, -2.5, -0.5 | [round, rint, trunc, ceil, floor]", "[3,2,2,3,2] [-3,-2,-2,-2,-3] [-1,-0,-0,-0,-1]")]
    [InlineData("0, 0.5, -8, 1e-310, infinite | frexp, modf", "[0,0] [0,0] [0.5,0] [0.5,0] [-0.5,4] [-0,-8] [0.5752618031559393,-1029] [1e-310,0] [1.7976931348623157e+308,0] [0,1.7976931348623157e+308]")]
    [InlineData("10 | logb, significand, exp10, (64, -1000, 0 | cbrt)", "3 1.25 10000000000 4 -10 0")]
    [InlineData("null | drem(5; 3), fmod(-5; 3), fdim(5; 3), fmax(1; nan), fmin(nan; 1), hypot(3; 4), fma(2; 3; 4), copysign(1; -2)", "-1 -2 2 1 1 5 10 -1")]
    [InlineData("null | ldexp(1.5; 2.7), scalb(1.5; 2), scalb(1.5; 0.5), scalbln(1.5; 2), nextafter(0; 1), nexttoward(1; 0)", "6 6 null 6 5e-324 0.9999999999999999")]
    [InlineData("infinite, nan, 1, \"a\" | [isinfinite, isnan, isnormal]", "[true,false,false] [false,true,false] [false,false,true] [false,false,false]")]
    [InlineData("-5, -1.10, -100000000000000000001, \"a\", [1] | abs", "5 1.10 100000000000000000001 \"a\" [1]")]
    [InlineData("null, true | try abs catch .", "\"null (null) cannot be negated\" \"boolean (true) cannot be negated\"")]
    [InlineData("\"a\", null | try floor catch .", "\"string (\\\"a\\\") number required\" \"null (null) number required\"")]
    [InlineData("try pow(1; [1]) catch .", "\"array ([1]) number required\"")]
    public void Numbers_are_taken_apart_and_rounded(string program, string expected) => Outputs.Of(program).ShouldBe(expected);

    // Values from tables with more digits than a double has.
    [Theory]
    [InlineData("0.5 | erf", 0.52049987781304653768)]
    [InlineData("5.5 | erfc", 7.3578479179743980668e-15)]
    [InlineData("10 | erfc", 2.0884875837625447570e-45)]
    [InlineData("0.5 | tgamma", 1.7724538509055160273)]
    [InlineData("-2.5 | tgamma", -0.94530872048294188123)]
    [InlineData("23 | tgamma", 1124000727777607680000.0)]
    [InlineData("100 | lgamma", 359.13420536957539878)]
    [InlineData("1e-10 | expm1", 1.00000000005e-10)]
    [InlineData("1e-10 | log1p", 9.9999999995e-11)]
    [InlineData("1 | expm1", 1.71828182845904523536)]
    [InlineData("1 | j0", 0.76519768655796655145)]
    [InlineData("1 | j1", 0.44005058574493351596)]
    [InlineData("1 | y0", 0.08825696421567695798)]
    [InlineData("1 | y1", -0.78121282130028871655)]
    [InlineData("50 | j0", 0.05581232766925181)]
    [InlineData("jn(5; 2)", 0.0070396297558716855)]
    [InlineData("yn(2; 1)", -1.6506826068162543911)]
    public void Special_functions_are_right_to_the_last_digit_or_two(string program, double expected)
    {
        var value = double.Parse(Outputs.Of(program), CultureInfo.InvariantCulture);
        Math.Abs(value - expected).ShouldBeLessThanOrEqualTo(Math.Abs(expected) * 4.5e-16);
    }

    // J(n+1) Y(n) - J(n) Y(n+1) = 2/(πx), where each is computed in another way.
    [Theory]
    [InlineData(3, 0.1)]
    [InlineData(3, 24.9)]
    [InlineData(3, 25.1)]
    [InlineData(30, 26)]
    [InlineData(150, 100)]
    [InlineData(20, 1000)]
    public void Bessel_functions_of_neighbouring_orders_fit_together(int n, double x)
    {
        var arguments = FormattableString.Invariant($"{n} as $n | {x} as $x");
        var product = double.Parse(Outputs.Of($"{arguments} | jn($n + 1; $x) * yn($n; $x) - jn($n; $x) * yn($n + 1; $x)"), CultureInfo.InvariantCulture);
        (product * Math.PI * x / 2).ShouldBe(1, 1e-12);
    }

    [Fact]
    public void The_order_of_a_function_cannot_hold_up_the_server() =>
        Should.Throw<JqLimitException>(() => Outputs.Of("yn(2e9; 1e300)")).Limit.ShouldBe(JqLimit.Steps);
}
