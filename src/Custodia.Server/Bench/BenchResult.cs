namespace Custodia.Server.Bench;

/// <summary>Median with the smallest and largest of the measurements: machines are shared and noisy.</summary>
internal sealed record BenchFigure(double Median, double Min, double Max)
{
    public static BenchFigure Of(IEnumerable<double> measured)
    {
        var sorted = measured.Order().ToArray();
        var middle = sorted.Length / 2;
        return new BenchFigure(sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2, sorted[0], sorted[^1]);
    }

    public override string ToString() => $"{Short(Median)} ({Short(Min)} to {Short(Max)})";

    private static string Short(double value) => value switch
    {
        >= 1000 => value.ToString("#,0"),
        >= 10 => value.ToString("0.0"),
        _ => value.ToString("0.000"),
    };
}

/// <param name="Ratio">Of the medians.</param>
internal sealed record BenchResult(BenchRow Row, BenchFigure Ours, BenchFigure Theirs, double Ratio)
{
    public bool IsReached => Row.Target.IsReachedBy(Ratio, Ours.Median);
}
