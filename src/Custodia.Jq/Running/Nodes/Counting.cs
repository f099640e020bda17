namespace Custodia.Jq.Running.Nodes;

/// <summary><c>limit(count; body)</c>: its first outputs, and no work for more.</summary>
internal sealed class LimitNode(Node count, Node body) : Node(false, body.IsFlat)
{
    public override void Step(Run run)
    {
        if (!count.One(run, run.Frame, run.Value).TryGetNumber(out var most) || most <= 0)
        {
            if (most < 0) run.Fail(JqValue.Of("limit doesn't support negative count"));
            else run.GoBack();
            return;
        }

        run.Await(new Count(most, run));
        run.Next = body;
    }

    private sealed class Count(double most, Run run) : Kont(run.K)
    {
        private readonly int _forks = run.Forks;
        private double _left = most;

        public override void Resume(Run run)
        {
            if (--_left <= 0) run.CutTo(_forks);
        }
    }
}

/// <summary><c>skip(count; body)</c>: what comes after its first outputs.</summary>
internal sealed class SkipNode(Node count, Node body) : Node(false, body.IsFlat)
{
    public override void Step(Run run)
    {
        if (count.One(run, run.Frame, run.Value) is var most && most < JqValue.Of(0.0))
        {
            run.Fail(JqValue.Of("skip doesn't support negative count"));
            return;
        }

        run.Await(new Count(most.TryGetNumber(out var number) ? number : double.PositiveInfinity, run.K));
        run.Next = body;
    }

    private sealed class Count(double most, Kont? next) : Kont(next)
    {
        private double _left = most;

        public override void Resume(Run run)
        {
            if (_left-- > 0) run.GoBack();
        }
    }
}

/// <summary><c>last(body)</c>: its last output, if it has one.</summary>
internal sealed class LastNode(Node body) : Node(false, body.IsFlat)
{
    public override void Step(Run run)
    {
        var last = new Last(run);
        run.Push(last);
        run.Await(new Keep(last, run.K));
        run.Next = body;
    }

    private sealed class Keep(Last last, Kont? next) : Kont(next)
    {
        public override void Resume(Run run)
        {
            last.Output = (run.Value, run.Path);
            run.GoBack();
        }
    }

    private sealed class Last(Run run) : Fork
    {
        private readonly (Frame Frame, Kont? K) _at = (run.Frame, run.K);

        public (JqValue Value, Trail? Path)? Output { get; set; }

        public override void Resume(Run run)
        {
            if (Output is not { } output)
            {
                run.GoBack();
                return;
            }

            (run.Value, run.Path) = output;
            (run.Frame, run.K) = _at;
        }
    }
}

/// <summary><c>isempty(body)</c>: false with the first output, true without one.</summary>
internal sealed class IsEmptyNode(Node body) : Node(body.IsFlat, body.IsFlat)
{
    public override JqValue One(Run run, Frame frame, in JqValue input)
    {
        var seen = new Seen();
        body.Each(run, frame, input, seen);
        return JqValue.Of(!seen.Any);
    }

    public override void Step(Run run)
    {
        if (IsSingle)
        {
            base.Step(run);
            return;
        }

        run.Await(new Nonempty(run));
        run.Push(new Empty(run));
        run.Path = null;
        run.Next = body;
    }

    private sealed class Seen : Sink
    {
        public bool Any { get; private set; }

        public override bool Take(in JqValue value)
        {
            Any = true;
            return false;
        }
    }

    private sealed class Nonempty(Run run) : Kont(run.K)
    {
        private readonly int _forks = run.Forks;
        private readonly Trail? _path = run.Path is null ? null : Trail.Lost;

        public override void Resume(Run run)
        {
            run.CutTo(_forks);
            (run.Value, run.Path) = (JqValue.False, _path);
        }
    }

    private sealed class Empty(Run run) : Fork
    {
        private readonly (Trail? Path, Frame Frame, Kont? K) _at = (run.Path is null ? null : Trail.Lost, run.Frame, run.K!.Next);

        public override void Resume(Run run)
        {
            (run.Path, run.Frame, run.K) = _at;
            run.Value = JqValue.True;
        }
    }
}
