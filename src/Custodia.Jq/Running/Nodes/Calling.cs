namespace Custodia.Jq.Running.Nodes;

/// <summary>A function that calls itself: compiled once, run in a frame of its own.</summary>
internal sealed class Procedure
{
    public Node Body { get; set; } = EmptyNode.Instance;

    public int Slots { get; set; }
}

/// <summary>A call of a procedure. Nothing waits for its end, so a call in tail position takes no room.</summary>
/// <param name="procedure">What is called.</param>
/// <param name="hops">How far out the frame is that the function's text stands in.</param>
/// <param name="arguments">Programs that it gets.</param>
/// <param name="values">Values that it gets as variables, with their slots there.</param>
internal sealed class CallNode(Procedure procedure, int hops, ArgumentNode[] arguments, (int Slot, Node Value)[] values) : Node(false, false)
{
    public override void Step(Run run)
    {
        var closures = arguments.Length == 0 ? [] : new Closure[arguments.Length];
        for (var i = 0; i < closures.Length; i++) closures[i] = arguments[i].Close(run.Frame);
        run.Charge(64L + (procedure.Slots * 16L));
        var frame = new Frame(run.Frame.Out(hops), procedure.Slots, closures);
        foreach (var (slot, value) in values) frame.Slots[slot] = value.One(run, run.Frame, run.Value);
        run.Frame = frame;
        run.Next = procedure.Body;
    }
}

/// <summary>A program as an argument. One that is itself an argument is handed on, so that chains do not grow.</summary>
/// <param name="Body">Null for an argument that is handed on.</param>
internal sealed record ArgumentNode(Node? Body, int Slots, int Hops, int Index)
{
    public Closure Close(Frame frame) => Body is null ? frame.Out(Hops).Arguments[Index] : new Closure(Body, frame, Slots);
}

/// <summary>A call of an argument.</summary>
internal sealed class ArgumentCallNode(int hops, int index) : Node(false, false)
{
    public override void Step(Run run)
    {
        var closure = run.Frame.Out(hops).Arguments[index];
        run.Charge(48 + (closure.Slots * 16L));
        run.Frame = new Frame(closure.Frame, closure.Slots, []);
        run.Next = closure.Body;
    }
}
