namespace Custodia.Server.Bench;

/// <summary>
/// One row of the bench: the product against something, measured in the same run and in turns. A row prepares once, then measures
/// both sides as often as the runner asks.
/// </summary>
internal abstract class BenchRow : IAsyncDisposable
{
    /// <summary>Word on the command line: <c>custodia bench NAME</c>.</summary>
    public abstract string Name { get; }

    /// <summary>What is measured, in a few words.</summary>
    public abstract string Title { get; }

    /// <summary>What it is measured against.</summary>
    public abstract string Against { get; }

    /// <summary>Unit of what both sides return, e.g. <c>values/s</c>.</summary>
    public abstract string Unit { get; }

    public abstract BenchTarget Target { get; }

    /// <summary>How many turns count.</summary>
    public virtual int Rounds => BenchRunner.Rounds;

    /// <param name="folder">An empty folder on disk, gone afterwards.</param>
    public abstract Task PrepareAsync(string folder, CancellationToken cancellation);

    /// <summary>One measurement of the product, about a second long or one unit of work.</summary>
    public abstract Task<double> MeasureAsync(CancellationToken cancellation);

    /// <summary>One measurement of the other side.</summary>
    public abstract Task<double> MeasureAgainstAsync(CancellationToken cancellation);

    public virtual ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

/// <summary>What the ratio (ours divided by theirs) must reach.</summary>
/// <param name="Below">What our own figure must stay below besides; null: nothing.</param>
internal sealed record BenchTarget(double Ratio, bool IsLimit, double? Below = null)
{
    public static BenchTarget AtLeast(double ratio) => new(ratio, IsLimit: false);

    public static BenchTarget AtMost(double ratio) => new(ratio, IsLimit: true);

    public bool IsReachedBy(double ratio, double ours) => (IsLimit ? ratio <= Ratio : ratio >= Ratio) && !(ours >= Below);

    public override string ToString() => $"{(IsLimit ? "≤" : "≥")} {Ratio:0.##} ×{(Below is { } below ? $", ours < {below:0.##}" : "")}";
}
