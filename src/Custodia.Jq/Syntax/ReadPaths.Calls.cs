namespace Custodia.Jq.Syntax;

/// <summary>Functions: those of the program are followed into, with their arguments as closures.</summary>
internal sealed partial class ReadPaths
{
    private Place[] Call(SyntaxNode.Call call, Place[] input, Frame? scope)
    {
        if (Frame.Find(scope, call.Name, call.Arguments.Count) is not { } found) return Builtin(call, input, scope);
        if (found.Definition is not { } definition) return Follow(found.Closure!, input, found.ClosureScope);
        if (_active.Contains(definition)) return CallAgain(definition, call, input, scope, found);
        var inner = found;
        var asked = new List<Place>();
        for (var i = 0; i < definition.Parameters.Count; i++)
        {
            var (parameter, argument) = (definition.Parameters[i], call.Arguments[i]);
            if (parameter.IsValue)
            {
                var value = Follow(argument, input, scope);
                asked.AddRange(value);
                inner = Frame.With(inner, parameter.Name, value);
            }

            inner = Frame.With(inner, parameter.Name, argument, scope);
        }

        _active.Add(definition);
        var result = Follow(definition.Body, input, inner);
        _active.RemoveAt(_active.Count - 1);
        MustTellOf([.. asked], result);
        if (!_recursive.Contains(definition)) return result;
        Read(result);
        return [];
    }

    /// <summary>
    /// A function within itself: in later rounds anything within reach may meet anything. So its input and every variable that it or
    /// its arguments can name count as read whole.
    /// </summary>
    private Place[] CallAgain(Definition definition, SyntaxNode.Call call, Place[] input, Frame? scope, Frame found)
    {
        _recursive.Add(definition);
        Read(input);
        var seen = new HashSet<Frame>(ReferenceEqualityComparer.Instance);
        ReadWithinReach(scope, seen);
        ReadWithinReach(found, seen);
        return ReadParts(call, [], scope);
    }

    private void ReadWithinReach(Frame? from, HashSet<Frame> seen)
    {
        var open = new Stack<Frame?>([from]);
        while (open.TryPop(out var next))
        {
            for (var frame = next; frame is not null && seen.Add(frame); frame = frame.Outer)
            {
                _work++;
                if (frame.Value is { } places) Read(places);
                if (frame.ClosureScope is { } closure) open.Push(closure);
            }
        }
    }

    /// <summary>A few builtins give their input or their argument on; the rest may do anything with both.</summary>
    private Place[] Builtin(SyntaxNode.Call call, Place[] input, Frame? scope)
    {
        switch (call.Name, call.Arguments)
        {
            case ("empty" or "now" or "infinite" or "nan" or "builtins", []):
                return [];
            case ("select", [var condition]):
                Read(Follow(condition, input, scope));
                return input;
            case ("first" or "last", [var source]):
                return Follow(source, input, scope);
            case ("limit" or "skip" or "nth", [var count, var source]):
                Read(Follow(count, input, scope));
                return Follow(source, input, scope);
            case ("any" or "all", [var source, var condition]):
                Read(Follow(source, input, scope));
                Read(Follow(condition, [], scope));
                return [];
            case ("range" or "error" or "isempty", [_, ..]):
                // They do not look at their input themselves.
                return ReadParts(call, input, scope);
            default:
                Read(input);
                return ReadParts(call, [], scope);
        }
    }

    /// <summary>A place of the input, as a list of names from its end.</summary>
    private sealed record Place(Place? Above, string Name)
    {
        public static readonly Place Top = new(null, "");

        private int Depth { get; } = Above is null ? 0 : Above.Depth + 1;

        public Place Below(string name) => Depth < MostPlaces ? new Place(this, name) : throw new TooHardException();

        public bool IsWithin(Place other)
        {
            var at = this;
            while (at.Depth > other.Depth) at = at.Above!;
            return at == other;
        }

        public string[] Names()
        {
            var names = new string[Depth];
            for (var at = this; at.Above is not null; at = at.Above) names[at.Depth - 1] = at.Name;
            return names;
        }
    }

    /// <summary>A name in scope: a variable's places, a definition, or an argument with the scope that it was written in.</summary>
    private sealed class Frame
    {
        private readonly string _name;
        private readonly int _arity;

        private Frame(Frame? outer, string name, int arity)
        {
            (Outer, _name, _arity) = (outer, name, arity);
        }

        public Frame? Outer { get; }

        public Place[]? Value { get; private init; }

        public Definition? Definition { get; private init; }

        public SyntaxNode? Closure { get; private init; }

        public Frame? ClosureScope { get; private init; }

        public static Frame With(Frame? outer, string name, Place[] value) => new(outer, name, -1) { Value = value };

        public static Frame With(Frame? outer, Definition definition) => new(outer, definition.Name, definition.Parameters.Count) { Definition = definition };

        public static Frame With(Frame? outer, string name, SyntaxNode closure, Frame? scope) => new(outer, name, 0) { Closure = closure, ClosureScope = scope };

        /// <summary>A variable, or a function with that many parameters.</summary>
        public static Frame? Find(Frame? scope, string name, int arity = -1)
        {
            while (scope is not null && (scope._arity != arity || scope._name != name)) scope = scope.Outer;
            return scope;
        }
    }
}
