namespace Custodia.Jq.Running.Nodes;

/// <summary><c>first | then</c></summary>
internal sealed class PipeNode(Node first, Node then) : Node(first.IsSingle && then.IsSingle, first.IsFlat && then.IsFlat)
{
    public Node First { get; } = first;

    public Node Then { get; } = then;

    public override JqValue One(Run run, Frame frame, in JqValue input) => Then.One(run, frame, First.One(run, frame, input));

    public override bool Each(Run run, Frame frame, in JqValue input, Sink sink)
    {
        if (First.IsSingle) return Then.Each(run, frame, First.One(run, frame, input), sink);
        return First.Each(run, frame, input, new Through(run, frame, Then, sink));
    }

    public override void Step(Run run)
    {
        if (run.Path is null && First.IsSingle)
        {
            run.Value = First.One(run, run.Frame, run.Value);
            run.Next = Then;
            return;
        }

        run.Await(new Onward(Then, run));
        run.Next = First;
    }

    private sealed class Through(Run run, Frame frame, Node then, Sink sink) : Sink
    {
        public override bool Take(in JqValue value) => then.IsSingle ? sink.Take(then.One(run, frame, value)) : then.Each(run, frame, value, sink);
    }

    private sealed class Onward(Node then, Run run) : Kont(run.K)
    {
        private readonly Frame _frame = run.Frame;

        public override void Resume(Run run)
        {
            run.Frame = _frame;
            run.Next = then;
        }
    }
}

/// <summary><c>a, b, …</c></summary>
internal sealed class CommaNode(Node[] items) : Node(false, Array.TrueForAll(items, i => i.IsFlat))
{
    public override bool Each(Run run, Frame frame, in JqValue input, Sink sink)
    {
        foreach (var item in items)
        {
            if (!item.Each(run, frame, input, sink)) return false;
        }

        return true;
    }

    public override void Step(Run run) => new Rest(items, run).Resume(run);

    private sealed class Rest(Node[] items, Run run) : Fork
    {
        private readonly (JqValue Value, Trail? Path, Frame Frame, Kont? K) _at = (run.Value, run.Path, run.Frame, run.K);
        private int _index;

        public override void Resume(Run run)
        {
            (run.Value, run.Path, run.Frame, run.K) = _at;
            run.Next = items[_index++];
            if (_index < items.Length) run.Push(this);
        }
    }
}

/// <summary><c>source as $variable | body</c>; the body gets the input.</summary>
internal sealed class BindNode(Node source, int slot, Node body) : Node(source.IsSingle && body.IsSingle, source.IsFlat && body.IsFlat)
{
    public override JqValue One(Run run, Frame frame, in JqValue input)
    {
        frame.Slots[Slot] = source.One(run, frame, input);
        return Body.One(run, frame, input);
    }

    public override bool Each(Run run, Frame frame, in JqValue input, Sink sink)
    {
        if (!source.IsSingle) return source.Each(run, frame, input, new Through(this, run, frame, input, sink));
        frame.Slots[Slot] = source.One(run, frame, input);
        return Body.Each(run, frame, input, sink);
    }

    public override void Step(Run run)
    {
        if (source.IsSingle)
        {
            run.Frame.Slots[Slot] = source.One(run, run.Frame, run.Value);
            run.Next = Body;
            return;
        }

        run.Await(new Bound(this, run));
        run.Path = null;
        run.Next = source;
    }

    private sealed class Through(BindNode node, Run run, Frame frame, JqValue input, Sink sink) : Sink
    {
        public override bool Take(in JqValue value)
        {
            frame.Slots[node.Slot] = value;
            return node.Body.IsSingle ? sink.Take(node.Body.One(run, frame, input)) : node.Body.Each(run, frame, input, sink);
        }
    }

    private sealed class Bound(BindNode node, Run run) : Kont(run.K)
    {
        private readonly (JqValue Value, Trail? Path, Frame Frame) _at = (run.Value, run.Path, run.Frame);

        public override void Resume(Run run)
        {
            _at.Frame.Slots[node.Slot] = run.Value;
            (run.Value, run.Path, run.Frame) = _at;
            run.Next = node.Body;
        }
    }

    private int Slot { get; } = slot;

    private Node Body { get; } = body;
}

/// <summary><c>empty</c></summary>
internal sealed class EmptyNode() : Node(false, true)
{
    public static EmptyNode Instance { get; } = new();

    public override bool Each(Run run, Frame frame, in JqValue input, Sink sink) => true;

    public override void Step(Run run) => run.GoBack();
}

/// <summary><c>range(from; to; by)</c></summary>
internal sealed class RangeNode(Node from, Node to, Node by) : Node(false, true)
{
    public override bool Each(Run run, Frame frame, in JqValue input, Sink sink)
    {
        var (at, end, step) = Bounds(run, frame, input);
        for (; IsWithin(at, end, step); at += step)
        {
            run.Tick();
            if (!sink.Take(JqValue.Of(at))) return false;
        }

        return true;
    }

    public override void Step(Run run)
    {
        var (at, end, step) = Bounds(run, run.Frame, run.Value);
        new Rest(at, end, step, run).Resume(run);
    }

    private (double At, double End, double Step) Bounds(Run run, Frame frame, in JqValue input) =>
        from.One(run, frame, input).TryGetNumber(out var at) && to.One(run, frame, input).TryGetNumber(out var end) && by.One(run, frame, input).TryGetNumber(out var step)
            ? (at, end, step)
            : throw JqException.Of("Range bounds must be numeric");

    private static bool IsWithin(double at, double end, double step) => step > 0 ? at < end : step < 0 && at > end;

    private sealed class Rest(double at, double end, double step, Run run) : Fork
    {
        private readonly (Trail? Path, Frame Frame, Kont? K) _at = (run.Path is null ? null : Trail.Lost, run.Frame, run.K);
        private double _next = at;

        public override void Resume(Run run)
        {
            (run.Path, run.Frame, run.K) = _at;
            if (!IsWithin(_next, end, step))
            {
                run.GoBack();
                return;
            }

            run.Value = JqValue.Of(_next);
            _next += step;
            if (IsWithin(_next, end, step)) run.Push(this);
        }
    }
}
