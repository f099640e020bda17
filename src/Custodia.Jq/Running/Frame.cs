namespace Custodia.Jq.Running;

/// <summary>The variables of one call of a function, of the whole program, or of a function's argument.</summary>
/// <param name="outer">Where the text around the function has its variables.</param>
/// <param name="slots">How many variables.</param>
/// <param name="arguments">What the function was called with.</param>
internal sealed class Frame(Frame? outer, int slots, Closure[] arguments)
{
    public readonly JqValue[] Slots = slots == 0 ? [] : new JqValue[slots];

    public readonly Closure[] Arguments = arguments;

    /// <summary>The frame a number of functions further out.</summary>
    public Frame Out(int hops)
    {
        var frame = this;
        for (; hops > 0; hops--) frame = frame.Outer!;
        return frame;
    }

    private Frame? Outer { get; } = outer;
}

/// <summary>A program given as an argument, with the variables that it sees.</summary>
/// <param name="Slots">How many variables of its own it sets.</param>
internal readonly record struct Closure(Node Body, Frame Frame, int Slots);
