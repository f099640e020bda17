namespace Custodia.Jq.Running.Nodes;

/// <summary><c>reduce source as $slot (initial; update)</c>: the last output of each update is the next state; none makes it null.</summary>
internal sealed class ReduceNode(Node source, int slot, Node initial, Node update) : Node(source.IsFlat && update.IsFlat, source.IsFlat && update.IsFlat)
{
    public override JqValue One(Run run, Frame frame, in JqValue input)
    {
        var fold = new Fold(Update, Slot, run, frame) { State = initial.One(run, frame, input) };
        source.Each(run, frame, input, fold);
        return fold.State;
    }

    public override void Step(Run run)
    {
        if (IsSingle)
        {
            base.Step(run);
            return;
        }

        var state = new State(initial.One(run, run.Frame, run.Value));
        run.Push(new Finish(state, run));
        run.Await(new Item(state, this, run));
        run.Path = null;
        run.Next = source;
    }

    private int Slot { get; } = slot;

    private Node Update { get; } = update;

    private sealed class Fold(Node update, int slot, Run run, Frame frame) : Sink
    {
        public JqValue State;

        public override bool Take(in JqValue value)
        {
            frame.Slots[slot] = value;
            if (update.IsSingle)
            {
                State = update.One(run, frame, State);
                return true;
            }

            var last = new Last();
            update.Each(run, frame, State, last);
            State = last.Value;
            return true;
        }
    }

    private sealed class Last : Sink
    {
        public JqValue Value;

        public override bool Take(in JqValue value)
        {
            Value = value;
            return true;
        }
    }

    private sealed class State(JqValue value)
    {
        public JqValue Value = value;
    }

    private sealed class Item(State state, ReduceNode node, Run run) : Kont(run.K)
    {
        private readonly Frame _frame = run.Frame;

        public override void Resume(Run run)
        {
            _frame.Slots[node.Slot] = run.Value;
            (run.Value, run.Frame, state.Value) = (state.Value, _frame, default);
            run.K = new Updated(state, run.K);
            run.Next = node.Update;
        }
    }

    private sealed class Updated(State state, Kont? next) : Kont(next)
    {
        public override void Resume(Run run)
        {
            state.Value = run.Value;
            run.GoBack();
        }
    }

    private sealed class Finish(State state, Run run) : Fork
    {
        private readonly (JqValue Value, Trail? Path, Frame Frame, Kont? K) _at = (run.Value, run.Path, run.Frame, run.K);

        public override void Resume(Run run)
        {
            (run.Value, run.Path, run.Frame, run.K) = _at;
            run.Answer(state.Value);
        }
    }
}

/// <summary><c>foreach source as $slot (initial; update; extract)</c>: every output of an update is the next state, and is given on.</summary>
internal sealed class ForeachNode(Node source, int slot, Node initial, Node update, Node extract) : Node(false, source.IsFlat && update.IsFlat && extract.IsFlat)
{
    public override void Step(Run run)
    {
        var state = new State(this, initial.One(run, run.Frame, run.Value), run);
        run.Await(new Item(state, run.K));
        run.Path = null;
        run.Next = source;
    }

    private int Slot { get; } = slot;

    private Node Update { get; } = update;

    private Node Extract { get; } = extract;

    private sealed class State(ForeachNode node, JqValue value, Run run)
    {
        public readonly ForeachNode Node = node;
        public readonly Frame Frame = run.Frame;
        public readonly Trail? Path = run.Path is null ? null : Trail.Lost;
        public JqValue Value = value;
    }

    private sealed class Item(State state, Kont? next) : Kont(next)
    {
        public override void Resume(Run run)
        {
            state.Frame.Slots[state.Node.Slot] = run.Value;
            (run.Value, run.Frame, state.Value) = (state.Value, state.Frame, default);
            run.K = new Updated(state, run.K);
            run.Next = state.Node.Update;
        }
    }

    private sealed class Updated(State state, Kont? next) : Kont(next)
    {
        public override void Resume(Run run)
        {
            state.Value = run.Value;
            (run.Frame, run.Path, run.Next) = (state.Frame, state.Path, state.Node.Extract);
        }
    }
}
