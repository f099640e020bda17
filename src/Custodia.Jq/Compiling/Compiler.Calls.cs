using Custodia.Jq.Running;
using Custodia.Jq.Running.Nodes;
using Custodia.Jq.Syntax;

namespace Custodia.Jq.Compiling;

/// <summary>Calls of functions, of arguments and of builtins.</summary>
internal sealed partial class Compiler
{
    private Node Call(SyntaxNode.Call call, Scope scope, Layout layout)
    {
        switch (Resolve(scope, call.Name, call.Arguments.Count))
        {
            case Entry.Inlined inlined:
                return Node(inlined.Body, inlined.Scope, layout);
            case Entry.Handed handed:
                return new ArgumentCallNode(layout.HopsTo(handed.Layout), handed.Index);
            case Entry.Function function:
                return _nodes < MostInlined && !Recursion.IsRecursive(function, Resolve)
                    ? InPlace(function, call.Arguments, scope, layout)
                    : CallOf(function, call.Arguments, scope, layout);
        }

        if (Library.Forms.Contains((call.Name, call.Arguments.Count))) return Form(call, scope, layout);
        var native = Library.Natives[(call.Name, call.Arguments.Count)];
        // As in jq the last argument turns slowest.
        return WithAll([.. call.Arguments.Reverse().Select(a => Node(a, scope, layout))], layout, ones => new NativeNode(native, [.. ones.Reverse()]));
    }

    /// <summary>A function or argument; null for a builtin that is no text.</summary>
    private Entry? Resolve(Scope scope, string name, int arity)
    {
        if (scope.Callable(name, arity) is { } entry) return entry;
        if (Library.Forms.Contains((name, arity)) || !Library.ByName.TryGetValue((name, arity), out var definition)) return null;
        if (!_library.TryGetValue((name, arity), out var function)) _library[(name, arity)] = function = new Entry.Function(definition, _main);
        return function;
    }

    private Node InPlace(Entry.Function function, IReadOnlyList<SyntaxNode> arguments, Scope scope, Layout layout)
    {
        var inner = function.Scope;
        var values = new List<(Node Value, int Slot)>();
        foreach (var (parameter, argument) in function.Definition.Parameters.Zip(arguments))
        {
            if (parameter.IsValue)
            {
                values.Add((Node(argument, scope, layout), layout.Add()));
                inner = inner.With(new Entry.Variable(parameter.Name, layout, values[^1].Slot));
            }

            // One written with a dollar sign is a function as well, which gives all its values.
            inner = inner.With(new Entry.Inlined(parameter.Name, argument, scope));
        }

        var node = Node(function.Definition.Body, inner, layout);
        for (var i = values.Count - 1; i >= 0; i--) node = new BindNode(values[i].Value, values[i].Slot, node);
        return node;
    }

    private Node CallOf(Entry.Function function, IReadOnlyList<SyntaxNode> arguments, Scope scope, Layout layout)
    {
        var compiled = function.Procedure ?? Compile(function);
        var closures = new List<ArgumentNode>();
        var slots = new List<int>();
        var values = new List<Node>();
        foreach (var ((slot, isHanded), argument) in compiled.Parameters.Zip(arguments))
        {
            if (isHanded) closures.Add(Argument(argument, scope, layout));
            if (slot < 0) continue;
            slots.Add(slot);
            values.Add(Node(argument, scope, layout));
        }

        return WithAll([.. values], layout, ones => new CallNode(compiled.Procedure, layout.HopsTo(function.Layout), [.. closures], [.. slots.Zip(ones)]));
    }

    private CompiledProcedure Compile(Entry.Function function)
    {
        var layout = new Layout(function.Layout);
        var inner = function.Scope;
        var parameters = new List<(int Slot, bool IsHanded)>();
        var closures = 0;
        foreach (var parameter in function.Definition.Parameters)
        {
            // A program that is handed over holds on to the caller's frame, so that only what is called is handed over.
            parameters.Add((parameter.IsValue ? layout.Add() : -1, !parameter.IsValue || Calls(function.Definition.Body, parameter.Name)));
            if (parameter.IsValue) inner = inner.With(new Entry.Variable(parameter.Name, layout, parameters[^1].Slot));
            if (parameters[^1].IsHanded) inner = inner.With(new Entry.Handed(parameter.Name, layout, closures++));
        }

        var procedure = new Procedure();
        function.Procedure = new CompiledProcedure(procedure, [.. parameters]);
        procedure.Body = Node(function.Definition.Body, inner, layout);
        procedure.Slots = layout.Slots;
        return function.Procedure;
    }

    private static bool Calls(SyntaxNode node, string name) => node is SyntaxNode.Call { Arguments.Count: 0 } call && call.Name == name || node.Parts.Any(part => Calls(part, name));

    private ArgumentNode Argument(SyntaxNode argument, Scope scope, Layout layout)
    {
        var (body, at) = (argument, scope);
        while (body is SyntaxNode.Call { Arguments.Count: 0 } call && at.Callable(call.Name, 0) is Entry.Argument given)
        {
            if (given is Entry.Handed handed) return new ArgumentNode(null, 0, layout.HopsTo(handed.Layout), handed.Index);
            (body, at) = (((Entry.Inlined)given).Body, ((Entry.Inlined)given).Scope);
        }

        var own = new Layout(layout);
        var node = Node(argument, scope, own);
        return new ArgumentNode(node, own.Slots, 0, 0);
    }

    private Node Form(SyntaxNode.Call call, Scope scope, Layout layout)
    {
        Node Argument(int index) => Node(call.Arguments[index], scope, layout);
        Node Range(params Node[] bounds) => WithAll(bounds, layout, ones => new RangeNode(ones[0], ones[1], ones[2]));
        var zero = new LiteralNode(JqValue.Of(0.0));
        var one = new LiteralNode(JqValue.Of(1.0));
        return (call.Name, call.Arguments.Count) switch
        {
            ("empty", _) => EmptyNode.Instance,
            ("error", 0) => new ErrorNode(IdentityNode.Instance),
            ("error", _) => WithOne(Argument(0), layout, message => new ErrorNode(message)),
            ("not", _) => TruthNode.Not,
            ("path", _) => new PathNode(Argument(0)),
            ("getpath", _) => WithOne(Argument(0), layout, path => new GetPathNode(path)),
            ("recurse", 0) => new RecurseNode(new IterateNode(isOptional: true), RecurseNode.NoFrame),
            ("recurse", _) => Recurse(call.Arguments[0], scope, layout),
            ("range", 1) => Range(zero, Argument(0), one),
            ("range", 2) => Range(Argument(0), Argument(1), one),
            ("range", _) => Range(Argument(0), Argument(1), Argument(2)),
            ("limit", _) => WithOne(Argument(0), layout, count => new LimitNode(count, Argument(1))),
            ("skip", _) => WithOne(Argument(0), layout, count => new SkipNode(count, Argument(1))),
            ("first", _) => new LimitNode(one, Argument(0)),
            ("last", _) => new LastNode(Argument(0)),
            ("isempty", _) => new IsEmptyNode(Argument(0)),
            ("select", _) => Choice(Argument(0), IdentityNode.Instance, EmptyNode.Instance, layout),
            _ => new LiteralNode(JqValue.Of(new JqArray(Library.Names.Select(JqValue.Of)))),
        };
    }

    // Outputs of the body wait while the body runs again on one of them, so each run of it has variables of its own.
    private RecurseNode Recurse(SyntaxNode body, Scope scope, Layout layout)
    {
        var own = new Layout(layout);
        var node = Node(body, scope, own);
        return new RecurseNode(node, own.Slots);
    }
}
