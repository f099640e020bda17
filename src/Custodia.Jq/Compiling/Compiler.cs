using Custodia.Jq.Running;
using Custodia.Jq.Running.Nodes;
using Custodia.Jq.Syntax;

namespace Custodia.Jq.Compiling;

/// <summary>
/// Makes nodes of a program whose names are known to mean something. Functions that never call themselves are put in place of their
/// calls, so that most programs run without calls. What may give several values where one is needed is bound to a hidden variable
/// first, so that only bindings know of several values.
/// </summary>
internal sealed partial class Compiler
{
    // Putting functions in place may double a program again and again; beyond that they are called.
    private const int MostInlined = 20_000;
    private readonly string _text;
    private readonly Layout _main = new(null);
    private readonly Dictionary<(string, int), Entry.Function> _library = [];
    private int _nodes;

    private Compiler(string text) => _text = text;

    /// <summary>The program, and how many variables it sets; the given ones come first, in order.</summary>
    public static (Node Node, int Slots) Compile(string text, SyntaxNode program, IReadOnlyCollection<string> variables)
    {
        var compiler = new Compiler(text);
        var scope = Scope.Empty;
        foreach (var name in variables) scope = scope.With(new Entry.Variable(name, compiler._main, compiler._main.Add()));
        var node = compiler.Node(program, scope, compiler._main);
        return (node, compiler._main.Slots);
    }

    private Node Node(SyntaxNode syntax, Scope scope, Layout layout)
    {
        System.Runtime.CompilerServices.RuntimeHelpers.EnsureSufficientExecutionStack();
        _nodes++;
        return syntax switch
        {
            SyntaxNode.Identity => IdentityNode.Instance,
            SyntaxNode.Literal literal => new LiteralNode(literal.Value),
            SyntaxNode.Location location => new LiteralNode(Place(location.At)),
            SyntaxNode.Variable variable => Variable(variable.Name, scope, layout),
            SyntaxNode.Pipe pipe => Pipe(Node(pipe.First, scope, layout), Node(pipe.Then, scope, layout)),
            SyntaxNode.Comma comma => new CommaNode([.. comma.Items.Select(i => Node(i, scope, layout))]),
            SyntaxNode.Collect { Body: null } => new LiteralNode(JqValue.Of(JqArray.Empty)),
            SyntaxNode.Collect collect => new CollectNode(Node(collect.Body!, scope, layout)),
            SyntaxNode.Construct construct => Construct(construct, scope, layout),
            SyntaxNode.Text text => Text(text, scope, layout),
            SyntaxNode.Format format => new TextNode(format.Name, [(null, IdentityNode.Instance)]),
            SyntaxNode.Negate negate => WithOne(Node(negate.Body, scope, layout), layout, body => new NegateNode(body)),
            SyntaxNode.Binary binary => Binary(binary, scope, layout),
            SyntaxNode.Call call => Call(call, scope, layout),
            SyntaxNode.Index or SyntaxNode.Slice or SyntaxNode.Iterate => Reach(syntax, scope, layout),
            _ => Compound(syntax, scope, layout),
        };
    }

    private Node Compound(SyntaxNode syntax, Scope scope, Layout layout)
    {
        switch (syntax)
        {
            case SyntaxNode.Logic logic:
                return Logic(logic, scope, layout);
            case SyntaxNode.Alternative either:
                return new AlternativeNode(Node(either.Left, scope, layout), Node(either.Right, scope, layout));
            case SyntaxNode.If choice:
                return Choice(Node(choice.Condition, scope, layout), Node(choice.Then, scope, layout), choice.Otherwise is { } otherwise ? Node(otherwise, scope, layout) : IdentityNode.Instance, layout);
            case SyntaxNode.Try attempt:
                return new TryNode(Node(attempt.Body, scope, layout), attempt.Handler is { } handler ? Node(handler, scope, layout) : EmptyNode.Instance);
            case SyntaxNode.Assign or SyntaxNode.Update or SyntaxNode.OperatorUpdate:
                return Change(syntax, scope, layout);
            case SyntaxNode.Bind bind:
                return Bind(bind, scope, layout);
            case SyntaxNode.Reduce reduce:
                return Reduce(reduce, scope, layout);
            case SyntaxNode.Foreach loop:
                return Foreach(loop, scope, layout);
            case SyntaxNode.Label label:
                var slot = layout.Add();
                return new LabelNode(slot, Node(label.Body, scope.With(new Entry.Label(label.Name, layout, slot)), layout));
            case SyntaxNode.Break leave:
                var target = scope.Label(leave.Name)!;
                return new BreakNode(layout.HopsTo(target.Layout), target.Slot);
            case SyntaxNode.Define define:
                var function = new Entry.Function(define.Definition, layout);
                function.Scope = scope.With(function);
                return Node(define.Body, function.Scope, layout);
            default:
                throw new InvalidOperationException($"{syntax.GetType().Name} is not compiled.");
        }
    }

    private static Node Pipe(Node first, Node then) => first is IdentityNode ? then : then is IdentityNode ? first : new PipeNode(first, then);

    private static SlotNode Variable(string name, Scope scope, Layout layout)
    {
        var variable = scope.Variable(name)!;
        return new SlotNode(layout.HopsTo(variable.Layout), variable.Slot);
    }

    /// <summary>Builds a node over one value at a time of another.</summary>
    private static Node WithOne(Node value, Layout layout, Func<Node, Node> build)
    {
        if (value.IsSingle) return build(value);
        var slot = layout.Add();
        return new BindNode(value, slot, build(new SlotNode(0, slot)));
    }

    /// <summary>Builds a node over one value at a time of each of several; the first one turns slowest.</summary>
    private static Node WithAll(Node[] values, Layout layout, Func<Node[], Node> build)
    {
        var ones = new Node[values.Length];
        var several = new List<(Node Value, int Slot)>();
        var last = Array.FindLastIndex(values, v => !v.IsSingle);
        for (var i = 0; i < values.Length; i++)
        {
            ones[i] = values[i];
            // What comes before is bound as well, so that errors come in their order.
            if (i > last || values[i] is LiteralNode or SlotNode) continue;
            several.Add((values[i], layout.Add()));
            ones[i] = new SlotNode(0, several[^1].Slot);
        }

        var node = build(ones);
        for (var i = several.Count - 1; i >= 0; i--) node = new BindNode(several[i].Value, several[i].Slot, node);
        return node;
    }

    private static Node Choice(Node condition, Node then, Node otherwise, Layout layout) =>
        WithOne(condition, layout, one => new IfNode(one, then, otherwise));

    private Node Binary(SyntaxNode.Binary binary, Scope scope, Layout layout) =>
        WithAll([Node(binary.Right, scope, layout), Node(binary.Left, scope, layout)], layout, sides => new BinaryNode(binary.Operator, sides[1], sides[0]));

    private Node Logic(SyntaxNode.Logic logic, Scope scope, Layout layout)
    {
        var right = Pipe(Node(logic.Right, scope, layout), TruthNode.Plain);
        return logic.IsAnd
            ? Choice(Node(logic.Left, scope, layout), right, new LiteralNode(JqValue.False), layout)
            : Choice(Node(logic.Left, scope, layout), new LiteralNode(JqValue.True), right, layout);
    }

    private Node Construct(SyntaxNode.Construct construct, Scope scope, Layout layout)
    {
        var parts = construct.Fields.SelectMany(f => new[] { Node(f.Key, scope, layout), Node(f.Value, scope, layout) }).ToArray();
        if (Array.TrueForAll(parts, p => p is LiteralNode) && construct.Fields.All(f => f.Key is SyntaxNode.Literal { Value.Kind: JqKind.String }))
            return new LiteralNode(JqValue.Of(new JqObject(construct.Fields.Select((f, i) => KeyValuePair.Create(((SyntaxNode.Literal)f.Key).Value.GetString(), ((LiteralNode)parts[(i * 2) + 1]).Value)))));
        return WithAll(parts, layout, ones => new ConstructNode([.. ones.Chunk(2).Select(pair => KeyValuePair.Create(pair[0], pair[1]))]));
    }

    /// <summary>As in jq the last value put in turns slowest.</summary>
    private Node Text(SyntaxNode.Text text, Scope scope, Layout layout)
    {
        var inserted = text.Pieces.Where(p => p.Inserted is not null).Reverse().Select(p => Node(p.Inserted!, scope, layout)).ToArray();
        return WithAll(inserted, layout, ones =>
        {
            var next = ones.Length;
            return new TextNode(text.FormatName ?? "text", [.. text.Pieces.Select(p => p.Plain is { } plain ? (plain, (Node?)null) : (null, ones[--next]))]);
        });
    }

    /// <summary>Access by key. The key is computed from the input, not from what it is applied to.</summary>
    private Node Reach(SyntaxNode syntax, Scope scope, Layout layout)
    {
        switch (syntax)
        {
            case SyntaxNode.Iterate iterate:
                return Pipe(Node(iterate.Target, scope, layout), new IterateNode(iterate.IsOptional));
            case SyntaxNode.Index { Key: SyntaxNode.Literal { Value.Kind: JqKind.String } name } index:
                return Pipe(Node(index.Target, scope, layout), new FieldNode(name.Value.GetString(), index.IsOptional));
            case SyntaxNode.Index index:
                return Keyed([Node(index.Key, scope, layout)], Node(index.Target, scope, layout), layout, keys => new IndexNode(keys[0], index.IsOptional));
            default:
                var slice = (SyntaxNode.Slice)syntax;
                Node[] bounds = [.. new[] { slice.From, slice.To }.Select(b => b is null ? new LiteralNode(default) : Node(b, scope, layout))];
                return Keyed(bounds, Node(slice.Target, scope, layout), layout, keys => new SliceNode(keys[0], keys[1], slice.IsOptional));
        }
    }

    private static Node Keyed(Node[] keys, Node target, Layout layout, Func<Node[], Node> access)
    {
        if (target is IdentityNode || Array.TrueForAll(keys, k => k is LiteralNode or SlotNode)) return WithAll(keys, layout, ones => Pipe(target, access(ones)));
        var slots = Array.ConvertAll(keys, _ => layout.Add());
        var node = Pipe(target, access(Array.ConvertAll<int, Node>(slots, slot => new SlotNode(0, slot))));
        for (var i = keys.Length - 1; i >= 0; i--) node = new BindNode(keys[i], slots[i], node);
        return node;
    }

    private Node Change(SyntaxNode syntax, Scope scope, Layout layout)
    {
        if (syntax is SyntaxNode.Update update) return new UpdateNode(Node(update.Target, scope, layout), Node(update.Body, scope, layout));
        var (target, value) = syntax is SyntaxNode.Assign assign ? (assign.Target, assign.Value) : (((SyntaxNode.OperatorUpdate)syntax).Target, ((SyntaxNode.OperatorUpdate)syntax).Value);
        var slot = layout.Add();
        Node given = new SlotNode(0, slot);
        if (syntax is SyntaxNode.OperatorUpdate { Operator: { } what }) given = new BinaryNode(what, IdentityNode.Instance, given);
        else if (syntax is SyntaxNode.OperatorUpdate) given = new AlternativeNode(IdentityNode.Instance, given);
        return new BindNode(Node(value, scope, layout), slot, new UpdateNode(Node(target, scope, layout), given));
    }

    private JqValue Place(int at) => JqValue.Of(new JqObject(
        KeyValuePair.Create("file", JqValue.Of("<top-level>")),
        KeyValuePair.Create("line", JqValue.Of(1.0 + _text.AsSpan(0, at).Count('\n')))));
}
