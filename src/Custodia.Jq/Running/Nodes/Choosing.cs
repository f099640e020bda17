namespace Custodia.Jq.Running.Nodes;

/// <summary><c>if condition then a else b end</c>, with a condition of one output.</summary>
internal sealed class IfNode(Node condition, Node then, Node otherwise) : Node(then.IsSingle && otherwise.IsSingle, then.IsFlat && otherwise.IsFlat)
{
    public override JqValue One(Run run, Frame frame, in JqValue input) =>
        condition.One(run, frame, input).IsTruthy ? then.One(run, frame, input) : otherwise.One(run, frame, input);

    public override bool Each(Run run, Frame frame, in JqValue input, Sink sink) =>
        (condition.One(run, frame, input).IsTruthy ? then : otherwise).Each(run, frame, input, sink);

    public override void Step(Run run) => run.Next = condition.One(run, run.Frame, run.Value).IsTruthy ? then : otherwise;
}

/// <summary><c>error</c> of a value.</summary>
internal sealed class ErrorNode(Node message) : Node(true, true)
{
    public override JqValue One(Run run, Frame frame, in JqValue input) => throw new JqException(message.One(run, frame, input));

    public override void Step(Run run) => run.Fail(message.One(run, run.Frame, run.Value));
}

/// <summary><c>left // right</c>: the outputs of the left that are neither false nor null, else those of the right.</summary>
internal sealed class AlternativeNode(Node left, Node right) : Node(left.IsSingle && right.IsSingle, left.IsFlat && right.IsFlat)
{
    public override JqValue One(Run run, Frame frame, in JqValue input)
    {
        var value = left.One(run, frame, input);
        return value.IsTruthy ? value : right.One(run, frame, input);
    }

    public override void Step(Run run)
    {
        if (run.Path is null && left.IsSingle)
        {
            var value = left.One(run, run.Frame, run.Value);
            if (value.IsTruthy) run.Value = value;
            else run.Next = right;
            return;
        }

        var other = new Other(right, run);
        run.Push(other);
        run.Await(new Truthy(other, run.K));
        run.Next = left;
    }

    private sealed class Other(Node right, Run run) : Fork
    {
        private readonly (JqValue Value, Trail? Path, Frame Frame, Kont? K) _at = (run.Value, run.Path, run.Frame, run.K);

        public bool IsNeedless { get; set; }

        public override void Resume(Run run)
        {
            if (IsNeedless)
            {
                run.GoBack();
                return;
            }

            (run.Value, run.Path, run.Frame, run.K) = _at;
            run.Next = right;
        }
    }

    private sealed class Truthy(Other other, Kont? next) : Kont(next)
    {
        public override void Resume(Run run)
        {
            if (run.Value.IsTruthy) other.IsNeedless = true;
            else run.GoBack();
        }
    }
}

/// <summary><c>try body catch handler</c>; errors of what comes after the body are not its own.</summary>
internal sealed class TryNode(Node body, Node handler) : Node(body.IsSingle && handler.IsSingle, body.IsFlat && handler.IsFlat)
{
    public override JqValue One(Run run, Frame frame, in JqValue input)
    {
        JqValue error;
        try
        {
            return body.One(run, frame, input);
        }
        catch (JqException raised)
        {
            error = raised.Value;
        }

        return handler.One(run, frame, error);
    }

    public override bool Each(Run run, Frame frame, in JqValue input, Sink sink)
    {
        JqValue error;
        var guard = new Guard(sink);
        try
        {
            return body.Each(run, frame, input, guard);
        }
        catch (JqException raised) when (!guard.IsAfter)
        {
            error = raised.Value;
        }

        return handler.Each(run, frame, error, sink);
    }

    public override void Step(Run run)
    {
        run.Await(new Guarded(handler, run));
        run.Next = body;
    }

    private sealed class Guard(Sink sink) : Sink
    {
        public bool IsAfter { get; private set; }

        public override bool Take(in JqValue value)
        {
            IsAfter = true;
            var goesOn = sink.Take(value);
            IsAfter = false;
            return goesOn;
        }
    }

    private sealed class Guarded(Node handler, Run run) : HandlerKont(run.K, run.Forks)
    {
        private readonly (Trail? Path, Frame Frame) _at = (run.Path, run.Frame);

        public override void Resume(Run run) => run.Frame = _at.Frame;

        public override void Handle(Run run, in JqValue error)
        {
            run.Frame = _at.Frame;
            run.Path = _at.Path is null ? null : Trail.Lost;
            run.Value = error;
            run.Next = handler;
        }
    }
}

/// <summary>Patterns with <c>?//</c>: the second is tried on the same input when the first, or what is done with it, fails.</summary>
internal sealed class FallbackNode(Node first, Node second) : Node(false, false)
{
    public override void Step(Run run)
    {
        run.Await(new Guarded(second, run));
        run.Next = first;
    }

    private sealed class Guarded(Node second, Run run) : HandlerKont(run.K, run.Forks)
    {
        private readonly (JqValue Value, Trail? Path, Frame Frame) _at = (run.Value, run.Path, run.Frame);

        public override void Resume(Run run) => run.Frame = _at.Frame;

        public override void Handle(Run run, in JqValue error)
        {
            (run.Value, run.Path, run.Frame) = _at;
            run.Next = second;
        }
    }
}

/// <summary><c>label $name | body</c></summary>
internal sealed class LabelNode(int slot, Node body) : Node(false, false)
{
    public override void Step(Run run)
    {
        run.Frame.Slots[slot] = JqValue.Of((double)run.Forks);
        run.Next = body;
    }
}

/// <summary><c>break $name</c>: no further output of the label's body.</summary>
internal sealed class BreakNode(int hops, int slot) : Node(false, false)
{
    public override void Step(Run run)
    {
        run.CutTo((int)run.Frame.Out(hops).Slots[slot].GetDouble());
        run.GoBack();
    }
}
