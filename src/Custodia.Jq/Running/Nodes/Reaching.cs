using Custodia.Jq.Builtins;

namespace Custodia.Jq.Running.Nodes;

/// <summary>Where a part of the input is reached by a key: a path leads to it.</summary>
internal abstract class ReachNode(bool isOptional) : Node(!isOptional, true)
{
    protected bool IsOptional { get; } = isOptional;

    public abstract JqValue KeyOf(Run run, Frame frame, in JqValue input);

    public override JqValue One(Run run, Frame frame, in JqValue input) => Access.Get(run, input, KeyOf(run, frame, input));

    public override bool Each(Run run, Frame frame, in JqValue input, Sink sink)
    {
        if (!IsOptional) return sink.Take(One(run, frame, input));
        return !Access.TryGet(run, input, KeyOf(run, frame, input), out var part) || sink.Take(part);
    }

    public override void Step(Run run)
    {
        if (run.Path is null && !IsOptional)
        {
            run.Value = One(run, run.Frame, run.Value);
            return;
        }

        var key = KeyOf(run, run.Frame, run.Value);
        if (run.Path is { IsLost: true })
        {
            run.Fail(run.LostAt(key).Value);
        }
        else if (Access.TryGet(run, run.Value, key, out var part))
        {
            run.Descend(key, part);
        }
        else if (IsOptional)
        {
            run.GoBack();
        }
        else
        {
            run.Fail(Access.Refused(run.Value, key).Value);
        }
    }
}

/// <summary><c>.name</c></summary>
internal sealed class FieldNode(string name, bool isOptional) : ReachNode(isOptional)
{
    private readonly JqValue _key = JqValue.Of(name);

    // Objects of one source have the same names at the same places.
    private Place? _last;

    public override JqValue KeyOf(Run run, Frame frame, in JqValue input) => _key;

    public override JqValue One(Run run, Frame frame, in JqValue input)
    {
        if (input.TryGetObject(out var fields))
        {
            var table = fields.Fields;
            return _last is { } last && table.TryAt(last.Index, last.Name, out var value) ? value : Find(table);
        }

        return input.IsNull ? default : throw Access.Refused(input, _key);
    }

    private JqValue Find(Values.FieldTable table)
    {
        var at = table.Find(name);
        if (at < 0) return default;
        _last = new Place(table.KeyAt(at), at);
        return table.ValueAt(at);
    }

    private sealed record Place(string Name, int Index);
}

/// <summary><c>.[key]</c></summary>
internal sealed class IndexNode(Node key, bool isOptional) : ReachNode(isOptional)
{
    public override JqValue KeyOf(Run run, Frame frame, in JqValue input) => key.One(run, frame, input);
}

/// <summary><c>.[from:to]</c></summary>
internal sealed class SliceNode(Node from, Node to, bool isOptional) : ReachNode(isOptional)
{
    public override JqValue KeyOf(Run run, Frame frame, in JqValue input) => Access.SliceKey(from.One(run, frame, input), to.One(run, frame, input));

    public override JqValue One(Run run, Frame frame, in JqValue input) => Access.Slice(run, input, from.One(run, frame, input), to.One(run, frame, input));
}

/// <summary><c>.[]</c></summary>
internal sealed class IterateNode(bool isOptional) : Node(false, true)
{
    public override bool Each(Run run, Frame frame, in JqValue input, Sink sink)
    {
        if (input.TryGetArray(out var items))
        {
            for (var i = 0; i < items.Count; i++)
            {
                run.Tick();
                if (!sink.Take(items.Items[i])) return false;
            }

            return true;
        }

        if (!input.TryGetObject(out var fields)) return isOptional ? true : throw Access.NotIterable(input);
        for (var i = 0; i < fields.Count; i++)
        {
            run.Tick();
            if (!sink.Take(fields.Fields.ValueAt(i))) return false;
        }

        return true;
    }

    public override void Step(Run run)
    {
        var isEmpty = run.Value.TryGetArray(out var items) ? items.Count == 0 : run.Value.TryGetObject(out var fields) && fields.Count == 0;
        if (!run.Value.IsArray && !run.Value.IsObject)
        {
            if (isOptional) run.GoBack();
            else run.Fail(Access.NotIterable(run.Value).Value);
        }
        else if (run.Path is { IsLost: true })
        {
            run.Fail(JqValue.Of($"Invalid path expression near attempt to iterate through {JqException.Beginning(run.Value)}"));
        }
        else if (isEmpty)
        {
            run.GoBack();
        }
        else
        {
            new Rest(run).Resume(run);
        }
    }

    private sealed class Rest(Run run) : Fork
    {
        private readonly (JqValue Value, Trail? Path, Frame Frame, Kont? K) _at = (run.Value, run.Path, run.Frame, run.K);
        private int _index;

        public override void Resume(Run run)
        {
            (run.Value, run.Path, run.Frame, run.K) = _at;
            var index = _index++;
            if (_at.Value.TryGetArray(out var items))
            {
                if (_index < items.Count) run.Push(this);
                run.Descend(JqValue.Of((double)index), items.Items[index]);
                return;
            }

            var fields = _at.Value.GetObject().Fields;
            if (_index < fields.Count) run.Push(this);
            run.Descend(run.Path is null ? default : JqValue.Of(fields.KeyAt(index)), fields.ValueAt(index));
        }
    }
}

/// <summary><c>getpath(keys)</c></summary>
internal sealed class GetPathNode(Node keys) : Node(true, true)
{
    public override JqValue One(Run run, Frame frame, in JqValue input) => Paths.Get(run, input, keys.One(run, frame, input));

    public override void Step(Run run)
    {
        var path = keys.One(run, run.Frame, run.Value);
        var part = Paths.Get(run, run.Value, path);
        if (run.Path is { } trail)
        {
            if (trail.IsLost) throw run.LostAt(path);
            foreach (var key in path.GetArray()) trail = trail.Then(key);
            run.Path = trail;
        }

        run.Value = part;
    }
}

/// <summary><c>recurse(body)</c>: the input, and the same of each output of the body.</summary>
/// <param name="slots">How many variables the body sets.</param>
internal sealed class RecurseNode(Node body, int slots) : Node(false, body.IsFlat)
{
    /// <summary>For a body that knows no variables.</summary>
    public const int NoFrame = -1;

    public override void Step(Run run) => run.Push(new Deeper(this, run));

    private sealed class Deeper(RecurseNode node, Run run) : Fork
    {
        private readonly (JqValue Value, Trail? Path, Frame Frame, Kont? K) _at = (run.Value, run.Path, run.Frame, run.K);

        public override void Resume(Run run)
        {
            (run.Value, run.Path, run.Frame, run.K) = _at;
            run.Await(new Again(node, run));
            if (node.Slots != NoFrame)
            {
                run.Charge(48 + (node.Slots * 16L));
                run.Frame = new Frame(run.Frame, node.Slots, []);
            }

            run.Next = node.Body;
        }
    }

    private sealed class Again(RecurseNode node, Run run) : Kont(run.K)
    {
        private readonly Frame _frame = run.Frame;

        public override void Resume(Run run)
        {
            run.Frame = _frame;
            run.Next = node;
        }
    }

    private Node Body { get; } = body;

    private int Slots { get; } = slots;
}
