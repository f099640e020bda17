using Custodia.Jq.Syntax;

namespace Custodia.Jq.Compiling;

/// <summary>Finds the functions that may come to call themselves; all others are put in place of their calls.</summary>
internal static class Recursion
{
    /// <summary>What a name means at a place; null for what is no text.</summary>
    public delegate Entry? Resolver(Scope scope, string name, int arity);

    public static bool IsRecursive(Entry.Function function, Resolver resolve) => function.IsRecursive ??= Reaches(function, resolve);

    private static bool Reaches(Entry.Function function, Resolver resolve)
    {
        var seen = new HashSet<Entry.Function>();
        var open = new Stack<Entry.Function>([function]);
        while (open.TryPop(out var at))
        {
            foreach (var called in Called(at, resolve))
            {
                if (ReferenceEquals(called, function)) return true;
                if (seen.Add(called)) open.Push(called);
            }
        }

        return false;
    }

    /// <summary>The functions that its text names, those of its own aside, whose text counts as its own.</summary>
    private static List<Entry.Function> Called(Entry.Function function, Resolver resolve)
    {
        var called = new List<Entry.Function>();
        Visit(function.Definition.Body, Inside(function), called, resolve);
        return called;
    }

    private static Scope Inside(Entry.Function function)
    {
        var scope = function.Scope;
        // What an argument is given stands in the caller's text, and is looked at there.
        foreach (var parameter in function.Definition.Parameters) scope = scope.With(new Entry.Handed(parameter.Name, function.Layout, 0));
        return scope;
    }

    private static void Visit(SyntaxNode node, Scope scope, List<Entry.Function> called, Resolver resolve)
    {
        System.Runtime.CompilerServices.RuntimeHelpers.EnsureSufficientExecutionStack();
        if (node is SyntaxNode.Define define)
        {
            var inner = new Entry.Function(define.Definition, new Layout(null));
            scope = inner.Scope = scope.With(inner);
            Visit(define.Body, scope, called, resolve);
            Visit(define.Definition.Body, Inside(inner), called, resolve);
            return;
        }

        if (node is SyntaxNode.Call call && resolve(scope, call.Name, call.Arguments.Count) is Entry.Function function) called.Add(function);
        foreach (var part in node.Parts) Visit(part, scope, called, resolve);
    }
}
