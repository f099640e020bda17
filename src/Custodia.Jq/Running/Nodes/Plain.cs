using Custodia.Jq.Builtins;

namespace Custodia.Jq.Running.Nodes;

/// <summary><c>.</c></summary>
internal sealed class IdentityNode() : Node(true, true)
{
    public static IdentityNode Instance { get; } = new();

    public override JqValue One(Run run, Frame frame, in JqValue input) => input;

    public override void Step(Run run)
    {
        // The input is the output, path and all.
    }
}

/// <summary>A fixed value.</summary>
internal sealed class LiteralNode(JqValue value) : Node(true, true)
{
    public JqValue Value { get; } = value;

    public override JqValue One(Run run, Frame frame, in JqValue input) => Value;
}

/// <summary>A variable.</summary>
internal sealed class SlotNode(int hops, int slot) : Node(true, true)
{
    public override JqValue One(Run run, Frame frame, in JqValue input) => frame.Out(hops).Slots[slot];
}

/// <summary>Arithmetic and comparison. As in jq the right side is computed first.</summary>
internal sealed class BinaryNode(Syntax.Operator what, Node left, Node right) : Node(true, left.IsFlat && right.IsFlat)
{
    public override JqValue One(Run run, Frame frame, in JqValue input)
    {
        var b = right.One(run, frame, input);
        var result = Arithmetic.Apply(run, what, left.One(run, frame, input), b);
        if (what >= Syntax.Operator.Equal) run.ChargeComparisons();
        return result;
    }
}

/// <summary><c>-body</c></summary>
internal sealed class NegateNode(Node body) : Node(true, true)
{
    public override JqValue One(Run run, Frame frame, in JqValue input) => Arithmetic.Negate(body.One(run, frame, input));
}

/// <summary>true or false of an input.</summary>
internal sealed class TruthNode(bool expected) : Node(true, true)
{
    public static TruthNode Plain { get; } = new(true);

    public static TruthNode Not { get; } = new(false);

    public override JqValue One(Run run, Frame frame, in JqValue input) => JqValue.Of(input.IsTruthy == expected);
}

/// <summary><c>{key: value}</c></summary>
internal sealed class ConstructNode(IReadOnlyList<KeyValuePair<Node, Node>> fields) : Node(true, true)
{
    private readonly (string? Name, Node Key, Node Value)[] _fields =
        [.. fields.Select(f => ((f.Key as LiteralNode)?.Value is { Kind: JqKind.String } name ? name.GetString() : null, f.Key, f.Value))];

    public override JqValue One(Run run, Frame frame, in JqValue input)
    {
        run.Tick();
        var made = new Values.FieldTable(_fields.Length);
        foreach (var (name, key, value) in _fields)
        {
            if (name is not null)
            {
                made.Set(name, value.One(run, frame, input));
                continue;
            }

            var computed = key.One(run, frame, input);
            if (!computed.TryGetString(out var text)) throw JqException.Of($"Cannot use {JqException.Show(computed)} as object key");
            made.Set(text, value.One(run, frame, input));
        }

        return JqValue.Of(new JqObject(made, run.Owner));
    }
}

/// <summary>A string with values put in.</summary>
internal sealed class TextNode(string format, IReadOnlyList<(string? Plain, Node? Inserted)> pieces) : Node(true, true)
{
    private readonly (string? Plain, Node? Inserted)[] _pieces = [.. pieces];

    public override JqValue One(Run run, Frame frame, in JqValue input)
    {
        var texts = new string[_pieces.Length];
        var length = 0L;
        for (var i = texts.Length - 1; i >= 0; i--)
        {
            var (plain, inserted) = _pieces[i];
            texts[i] = plain ?? Builtins.Formats.FormatBuiltins.Format(run, format, inserted!.One(run, frame, input));
            length += texts[i].Length;
        }

        run.MustFitText(length);
        return JqValue.Of(string.Concat(texts));
    }
}

/// <summary>A builtin written in C#.</summary>
internal sealed class NativeNode(Native native, Node[] arguments) : Node(true, true)
{
    public override JqValue One(Run run, Frame frame, in JqValue input)
    {
        run.Tick();
        var values = default(Arguments);
        for (var i = 0; i < arguments.Length; i++) values[i] = arguments[i].One(run, frame, input);
        var result = native.Function(run, input, ((ReadOnlySpan<JqValue>)values)[..arguments.Length]);
        run.ChargeComparisons();
        return result;
    }

    [System.Runtime.CompilerServices.InlineArray(Most)]
    private struct Arguments
    {
        public const int Most = 4;
        private JqValue _first;
    }
}

/// <summary><c>[body]</c></summary>
internal sealed class CollectNode(Node body) : Node(body.IsFlat, body.IsFlat)
{
    public override JqValue One(Run run, Frame frame, in JqValue input)
    {
        if (body.IsSingle) return run.ArrayOf([body.One(run, frame, input)], 1);
        var items = new Collector(run);
        body.Each(run, frame, input, items);
        return items.ToArray();
    }

    public override void Step(Run run)
    {
        if (IsSingle)
        {
            base.Step(run);
            return;
        }

        var items = new Collector(run);
        run.Push(new Finish(items, run));
        run.Path = null;
        run.Await(new Add(items, run.K));
        run.Next = body;
    }

    private sealed class Collector(Run run) : Sink
    {
        private JqValue[] _items = [];
        private int _count;

        public override bool Take(in JqValue value)
        {
            run.Tick();
            if (_count == _items.Length)
            {
                run.MustFitItems(_count + 1L);
                run.Charge(_count * 16L);
                Array.Resize(ref _items, Math.Max(4, _count * 2));
            }

            _items[_count++] = value;
            return true;
        }

        public JqValue ToArray() => JqValue.Of(new JqArray(_items, _count, run.Owner));
    }

    private sealed class Add(Collector items, Kont? next) : Kont(next)
    {
        public override void Resume(Run run)
        {
            items.Take(run.Value);
            run.GoBack();
        }
    }

    private sealed class Finish(Collector items, Run run) : Fork
    {
        private readonly (JqValue Value, Trail? Path, Frame Frame, Kont? K) _at = (run.Value, run.Path, run.Frame, run.K);

        public override void Resume(Run run)
        {
            (run.Value, run.Path, run.Frame, run.K) = _at;
            run.Answer(items.ToArray());
        }
    }
}
