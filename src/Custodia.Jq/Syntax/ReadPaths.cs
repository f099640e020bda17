using System.Runtime.CompilerServices;

namespace Custodia.Jq.Syntax;

/// <summary>
/// The places of the input that a program may read, without running it. A value is followed as the set of places that it may be;
/// names that are written down lead from a place to one below it. Any other use counts the place as read with everything below, and
/// what comes of it needs no following any more. So more may be found than is read, never less: what is not understood counts as the
/// whole input.
/// </summary>
internal sealed partial class ReadPaths
{
    // Functions that call functions that call functions take exponential time to follow; nobody writes such programs honestly.
    private const int MostWork = 20_000;
    private const int MostPlaces = 100;

    private readonly HashSet<Place> _read = [];
    private readonly List<Place> _inOrder = [];
    private readonly List<Definition> _active = [];
    private readonly HashSet<Definition> _recursive = new(ReferenceEqualityComparer.Instance);
    private int _work;

    private ReadPaths()
    {
    }

    /// <summary>Names from the top, in the order in which they are found, each once; no names stand for the whole input.</summary>
    public static IReadOnlyList<IReadOnlyList<string>> Of(SyntaxNode program)
    {
        var walk = new ReadPaths();
        try
        {
            walk.Read(walk.Follow(program, [Place.Top], null));
        }
        catch (TooHardException)
        {
            walk.Read([Place.Top]);
        }

        return walk._inOrder.ConvertAll(place => (IReadOnlyList<string>)place.Names());
    }

    /// <summary>The places that the node's values may be when its input is one of these.</summary>
    private Place[] Follow(SyntaxNode node, Place[] input, Frame? scope)
    {
        if (++_work > MostWork || !RuntimeHelpers.TryEnsureSufficientExecutionStack()) throw new TooHardException();
        switch (node)
        {
            case SyntaxNode.Identity:
                return input;
            case SyntaxNode.Literal or SyntaxNode.Location or SyntaxNode.Break:
                return [];
            case SyntaxNode.Variable variable:
                return Frame.Find(scope, variable.Name)?.Value ?? [];
            case SyntaxNode.Index index:
                return Index(index, input, scope);
            case SyntaxNode.Pipe pipe:
                return Pipe(pipe, input, scope);
            case SyntaxNode.Comma comma:
                return Union(comma.Items.Select(item => Follow(item, input, scope)));
            case SyntaxNode.If choice:
                Read(Follow(choice.Condition, input, scope));
                return Union([Follow(choice.Then, input, scope), choice.Otherwise is { } otherwise ? Follow(otherwise, input, scope) : input]);
            case SyntaxNode.Alternative alternative:
                Read(Follow(alternative.Left, input, scope));
                return Follow(alternative.Right, input, scope);
            case SyntaxNode.Try attempt:
                return Union([Follow(attempt.Body, input, scope), attempt.Handler is { } handler ? Follow(handler, [], scope) : []]);
            case SyntaxNode.Label label:
                return Follow(label.Body, input, scope);
            case SyntaxNode.Define define:
                return Follow(define.Body, input, Frame.With(scope, define.Definition));
            case SyntaxNode.Bind bind:
                return Bind(bind, input, scope);
            case SyntaxNode.Reduce reduce:
                Fold(reduce.Source, reduce.Patterns, reduce.Initial, reduce.Body, null, input, scope);
                return [];
            case SyntaxNode.Foreach each:
                return Fold(each.Source, each.Patterns, each.Initial, each.Body, each.Extract, input, scope);
            case SyntaxNode.Call call:
                return Call(call, input, scope);
            case SyntaxNode.Format or SyntaxNode.Assign or SyntaxNode.Update or SyntaxNode.OperatorUpdate:
                Read(input);
                return ReadParts(node, [], scope);
            default:
                return ReadParts(node, input, scope);
        }
    }

    /// <summary>What computes something of its parts' values: nothing below them can be followed further.</summary>
    private Place[] ReadParts(SyntaxNode node, Place[] input, Frame? scope)
    {
        foreach (var part in node.Parts) Read(Follow(part, input, scope));
        return [];
    }

    private Place[] Index(SyntaxNode.Index index, Place[] input, Frame? scope)
    {
        var target = Follow(index.Target, input, scope);
        if (index.Key is SyntaxNode.Literal { Value.Kind: JqKind.String } name) return Below(target, name.Value.GetString());
        Read(target);
        Read(Follow(index.Key, input, scope));
        return [];
    }

    private Place[] Pipe(SyntaxNode.Pipe pipe, Place[] input, Frame? scope)
    {
        var first = Follow(pipe.First, input, scope);
        var then = Follow(pipe.Then, first, scope);
        MustTellOf(first, then);
        return then;
    }

    private Place[] Bind(SyntaxNode.Bind bind, Place[] input, Frame? scope)
    {
        var source = Follow(bind.Source, input, scope);
        var (inner, asked) = Bound(bind.Patterns, source, input, scope);
        var then = Follow(bind.Body, input, inner);
        MustTellOf(asked, then);
        return then;
    }

    /// <summary>What was asked for by name and then left lying was asked for all the same.</summary>
    private void MustTellOf(Place[] asked, Place[] result)
    {
        _work += (asked.Length * (_inOrder.Count + result.Length)) >> 4;
        foreach (var place in asked)
        {
            if (place != Place.Top && !_inOrder.Exists(read => read.IsWithin(place)) && !Array.Exists(result, further => further.IsWithin(place))) Read([place]);
        }
    }

    /// <summary>The state of a fold counts as read whole, whatever it becomes, so one round tells of all.</summary>
    private Place[] Fold(SyntaxNode source, IReadOnlyList<Pattern> patterns, SyntaxNode initial, SyntaxNode body, SyntaxNode? extract, Place[] input, Frame? scope)
    {
        var items = Follow(source, input, scope);
        Read(Follow(initial, input, scope));
        var (inner, asked) = Bound(patterns, items, input, scope);
        Read(Follow(body, [], inner));
        var outputs = extract is null ? [] : Follow(extract, [], inner);
        MustTellOf(asked, outputs);
        return outputs;
    }

    /// <summary>The scope with the patterns' variables, and every place that they ask for.</summary>
    private (Frame? Scope, Place[] Asked) Bound(IReadOnlyList<Pattern> patterns, Place[] source, Place[] input, Frame? scope)
    {
        var values = new Dictionary<string, Place[]>(StringComparer.Ordinal);
        foreach (var pattern in patterns)
        {
            // Keys may name variables that the pattern has bound before them.
            Take(pattern, source, values);
            foreach (var key in pattern.Keys) Read(Follow(key, Union([input, source]), With(scope, values)));
        }

        return (With(scope, values), Union([source, .. values.Values]));
    }

    private static Frame? With(Frame? scope, Dictionary<string, Place[]> values) =>
        values.Aggregate(scope, static (frame, value) => Frame.With(frame, value.Key, value.Value));

    private void Take(Pattern pattern, Place[] source, Dictionary<string, Place[]> values)
    {
        if (++_work > MostWork || !RuntimeHelpers.TryEnsureSufficientExecutionStack()) throw new TooHardException();
        switch (pattern)
        {
            case Pattern.Variable variable:
                Set(variable.Name, source);
                break;
            case Pattern.Items items:
                Read(source);
                foreach (var item in items.Patterns) Take(item, [], values);
                break;
            case Pattern.Fields fields:
                foreach (var field in fields.Patterns) TakeField(field);
                break;
        }

        void TakeField(Pattern.Field field)
        {
            var isNamed = field.Key is SyntaxNode.Literal { Value.Kind: JqKind.String };
            if (!isNamed) Read(source);
            var value = isNamed ? Below(source, ((SyntaxNode.Literal)field.Key).Value.GetString()) : [];
            if (field.Variable is { } name) Set(name, value);
            if (field.Value is { } inner) Take(inner, value, values);
        }

        void Set(string name, Place[] value) => values[name] = values.TryGetValue(name, out var other) ? Union([other, value]) : value;
    }

    private Place[] Below(Place[] places, string name)
    {
        if (places.Length == 0) return places;
        return Array.ConvertAll(places, place => place.Below(name));
    }

    private Place[] Union(IEnumerable<Place[]> sets)
    {
        Place[] all = [.. sets.SelectMany(static set => set).Distinct()];
        _work += all.Length;
        if (all.Length > MostPlaces) throw new TooHardException();
        return all;
    }

    private void Read(Place[] places)
    {
        foreach (var place in places)
        {
            if (_read.Add(place)) _inOrder.Add(place);
        }
    }

    /// <summary>The program cannot be followed within bounds.</summary>
    private sealed class TooHardException : Exception;
}
