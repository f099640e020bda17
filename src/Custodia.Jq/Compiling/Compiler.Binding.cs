using Custodia.Jq.Running;
using Custodia.Jq.Running.Nodes;
using Custodia.Jq.Syntax;

namespace Custodia.Jq.Compiling;

/// <summary>Variables, and patterns that take values apart.</summary>
internal sealed partial class Compiler
{
    private BindNode Bind(SyntaxNode.Bind bind, Scope scope, Layout layout)
    {
        var source = Node(bind.Source, scope, layout);
        var slot = layout.Add();
        return new BindNode(source, slot, Matched(bind.Patterns, slot, ref scope, layout, inner => Node(bind.Body, inner, layout)));
    }

    private Node Reduce(SyntaxNode.Reduce reduce, Scope scope, Layout layout)
    {
        var source = Node(reduce.Source, scope, layout);
        var initial = Node(reduce.Initial, scope, layout);
        var slot = layout.Add();
        var update = Matched(reduce.Patterns, slot, ref scope, layout, inner => Node(reduce.Body, inner, layout));
        return WithOne(initial, layout, one => new ReduceNode(source, slot, one, update));
    }

    private Node Foreach(SyntaxNode.Foreach loop, Scope scope, Layout layout)
    {
        var source = Node(loop.Source, scope, layout);
        var initial = Node(loop.Initial, scope, layout);
        var slot = layout.Add();
        var update = Matched(loop.Patterns, slot, ref scope, layout, inner => Node(loop.Body, inner, layout));
        var extract = loop.Extract is { } last ? Node(last, scope, layout) : IdentityNode.Instance;
        return WithOne(initial, layout, one => new ForeachNode(source, slot, one, update, extract));
    }

    /// <summary>Takes the value in a slot apart, then does the rest. With several patterns all their variables are null at first.</summary>
    private Node Matched(IReadOnlyList<Pattern> patterns, int slot, ref Scope scope, Layout layout, Func<Scope, Node> then)
    {
        if (patterns is [Pattern.Variable only])
        {
            scope = scope.With(new Entry.Variable(only.Name, layout, slot));
            return then(scope);
        }

        var names = patterns.SelectMany(p => p.Names).Distinct(StringComparer.Ordinal).ToList();
        foreach (var name in names) scope = scope.With(new Entry.Variable(name, layout, layout.Add()));
        var inner = scope;
        Node? all = null;
        foreach (var pattern in patterns.Reverse())
        {
            var match = Match(pattern, new SlotNode(0, slot), inner, layout, () => then(inner));
            if (patterns.Count > 1) match = names.Aggregate(match, (node, name) => new BindNode(new LiteralNode(default), inner.Variable(name)!.Slot, node));
            all = all is null ? match : new FallbackNode(match, all);
        }

        return all!;
    }

    private Node Match(Pattern pattern, Node value, Scope scope, Layout layout, Func<Node> then)
    {
        switch (pattern)
        {
            case Pattern.Variable variable:
                return new BindNode(value, scope.Variable(variable.Name)!.Slot, then());
            case Pattern.Items items:
                return Items(items.Patterns, 0, value, scope, layout, then);
            default:
                return Fields(((Pattern.Fields)pattern).Patterns, 0, value, scope, layout, then);
        }
    }

    private Node Items(IReadOnlyList<Pattern> patterns, int at, Node value, Scope scope, Layout layout, Func<Node> then)
    {
        if (at == patterns.Count) return then();
        var part = new PipeNode(value, new IndexNode(new LiteralNode(JqValue.Of((double)at)), isOptional: false));
        return Part(patterns[at], part, scope, layout, () => Items(patterns, at + 1, value, scope, layout, then));
    }

    private Node Fields(IReadOnlyList<Pattern.Field> patterns, int at, Node value, Scope scope, Layout layout, Func<Node> then)
    {
        if (at == patterns.Count) return then();
        var field = patterns[at];
        return WithOne(Pipe(value, Node(field.Key, scope, layout)), layout, key =>
        {
            var part = WithKey(value, key, layout);
            Node Rest() => Fields(patterns, at + 1, value, scope, layout, then);
            if (field.Variable is not { } name) return Part(field.Value!, part, scope, layout, Rest);
            var slot = scope.Variable(name)!.Slot;
            return new BindNode(part, slot, field.Value is null ? Rest() : Match(field.Value, new SlotNode(0, slot), scope, layout, Rest));
        });
    }

    // The key was computed from the value that is taken apart.
    private static Node WithKey(Node value, Node key, Layout layout)
    {
        if (key is SlotNode or LiteralNode) return new PipeNode(value, new IndexNode(key, isOptional: false));
        var slot = layout.Add();
        return new BindNode(key, slot, new PipeNode(value, new IndexNode(new SlotNode(0, slot), isOptional: false)));
    }

    private Node Part(Pattern pattern, Node part, Scope scope, Layout layout, Func<Node> then)
    {
        if (pattern is Pattern.Variable) return Match(pattern, part, scope, layout, then);
        var slot = layout.Add();
        return new BindNode(part, slot, Match(pattern, new SlotNode(0, slot), scope, layout, then));
    }
}
