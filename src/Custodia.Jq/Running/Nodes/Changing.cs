using Custodia.Jq.Builtins;

namespace Custodia.Jq.Running.Nodes;

/// <summary><c>path(body)</c>: the paths to what the body reaches.</summary>
internal sealed class PathNode(Node body) : Node(false, body.IsFlat)
{
    public override void Step(Run run)
    {
        run.Await(new Reached(run));
        run.Path = Trail.Root;
        run.Next = body;
    }

    /// <summary>The path as an array.</summary>
    public static JqValue Of(Run run) => run.Path!.IsLost
        ? throw JqException.Of($"Invalid path expression with result {JqException.Beginning(run.Value)}")
        : run.Path.ToArray(run);

    private sealed class Reached(Run run) : Kont(run.K)
    {
        private readonly Trail? _path = run.Path is null ? null : Trail.Lost;

        public override void Resume(Run run)
        {
            run.Value = Of(run);
            run.Path = _path;
        }
    }
}

/// <summary>
/// <c>paths |= update</c>: each part that the paths lead to becomes the first output of the update for it; where there is none, it
/// is deleted in the end. The paths are those of the input as it came.
/// </summary>
internal sealed class UpdateNode(Node paths, Node update) : Node(paths.IsFlat && update.IsFlat, paths.IsFlat && update.IsFlat)
{
    public override JqValue One(Run run, Frame frame, in JqValue input)
    {
        if (Paths is FieldNode { IsSingle: true } field && Update.IsSingle) return AtField(run, frame, input, field);
        if (Paths is IterateNode && input.TryGetArray(out var items)) return AtItems(run, frame, items);
        var only = new Only();
        run.Nested(new Whole(this), frame, input, only);
        return only.Value;
    }

    public override void Step(Run run)
    {
        if (IsSingle) base.Step(run);
        else Walk(run);
    }

    private Node Paths { get; } = paths;

    private Node Update { get; } = update;

    private JqValue AtField(Run run, Frame frame, in JqValue input, FieldNode field)
    {
        var key = field.KeyOf(run, frame, input);
        return Access.Set(run, input, key, Update.One(run, frame, Access.Get(run, input, key)));
    }

    private JqValue AtItems(Run run, Frame frame, JqArray items)
    {
        var changed = new List<JqValue>(items.Count);
        var first = new First();
        for (var i = 0; i < items.Count; i++)
        {
            run.Tick();
            first.Reset();
            Update.Each(run, frame, items.Items[i], first);
            if (first.HasValue) changed.Add(first.Value);
        }

        return run.ArrayOf(changed);
    }

    private void Walk(Run run)
    {
        var state = new State(this, run);
        run.Push(new Finish(state, run));
        run.Await(new Part(state, run.K));
        run.Path = Trail.Root;
        run.Next = Paths;
    }

    /// <summary>The same as a walk of the machine, for a call from within it.</summary>
    private sealed class Whole(UpdateNode node) : Node(false, false)
    {
        public override void Step(Run run) => node.Walk(run);
    }

    private sealed class Only : Sink
    {
        public JqValue Value { get; private set; }

        public override bool Take(in JqValue value)
        {
            Value = value;
            return true;
        }
    }

    private sealed class First : Sink
    {
        public bool HasValue { get; private set; }

        public JqValue Value { get; private set; }

        public void Reset() => HasValue = false;

        public override bool Take(in JqValue value)
        {
            (HasValue, Value) = (true, value);
            return false;
        }
    }

    private sealed class State(UpdateNode node, Run run)
    {
        public readonly UpdateNode Node = node;
        public readonly Frame Frame = run.Frame;
        public readonly List<JqValue> Deleted = [];
        public JqValue Value = run.Value;
    }

    /// <summary>A path was found: update what is there now.</summary>
    private sealed class Part(State state, Kont? next) : Kont(next)
    {
        public override void Resume(Run run)
        {
            var path = PathNode.Of(run);
            run.K = new Updated(state, path, run.Forks, run.K);
            run.Push(new None(state, path));
            (run.Value, run.Path, run.Frame) = (Builtins.Paths.Get(run, state.Value, path), null, state.Frame);
            run.Next = state.Node.Update;
        }
    }

    private sealed class Updated(State state, JqValue path, int forks, Kont? next) : Kont(next)
    {
        public override void Resume(Run run)
        {
            var value = state.Value;
            state.Value = default;
            state.Value = Builtins.Paths.Set(run, value, path, run.Value);
            run.CutTo(forks);
            run.GoBack();
        }
    }

    private sealed class None(State state, JqValue path) : Fork
    {
        public override void Resume(Run run)
        {
            run.MustFitItems(state.Deleted.Count + 1L);
            state.Deleted.Add(path);
            run.GoBack();
        }
    }

    private sealed class Finish(State state, Run run) : Fork
    {
        private readonly (JqValue Value, Trail? Path, Frame Frame, Kont? K) _at = (run.Value, run.Path, run.Frame, run.K);

        public override void Resume(Run run)
        {
            (run.Value, run.Path, run.Frame, run.K) = _at;
            run.Answer(state.Deleted.Count == 0 ? state.Value : Builtins.Paths.Delete(run, state.Value, run.ArrayOf(state.Deleted)));
        }
    }
}
