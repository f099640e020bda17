namespace Custodia.Jq.Running;

/// <summary>
/// A part of a compiled program: immutable, shared by all runs. It is evaluated in one of three ways. <see cref="One"/>: a plain call,
/// for what gives exactly one output. <see cref="Each"/>: outputs are pushed into a sink, for what calls no function that calls
/// itself, so that the stack grows only with the text. <see cref="Step"/>: a step of the machine, for everything.
/// </summary>
/// <param name="isSingle">Whether it gives exactly one output, or an error.</param>
/// <param name="isFlat">Whether <see cref="Each"/> may be called.</param>
internal abstract class Node(bool isSingle, bool isFlat)
{
    public bool IsSingle { get; } = isSingle;

    public bool IsFlat { get; } = isFlat;

    /// <summary>The output for an input; only of single nodes.</summary>
    public virtual JqValue One(Run run, Frame frame, in JqValue input) => throw new InvalidOperationException($"{GetType().Name} may give several outputs.");

    /// <summary>Pushes every output; false when the sink wants no more. Only of flat nodes.</summary>
    public virtual bool Each(Run run, Frame frame, in JqValue input, Sink sink) =>
        IsSingle ? sink.Take(One(run, frame, input)) : run.Nested(this, frame, input, sink);

    /// <summary>
    /// Goes on from the registers of the run: leaves an output in them, or names the node that is next, or goes back to the last
    /// choice.
    /// </summary>
    public virtual void Step(Run run) => run.Answer(One(run, run.Frame, run.Value));
}

/// <summary>Takes outputs.</summary>
internal abstract class Sink
{
    /// <summary>False when it wants no more.</summary>
    public abstract bool Take(in JqValue value);
}
