using Custodia.Jq.Syntax;

namespace Custodia.Jq.Compiling;

/// <summary>The variables of a frame while its program is compiled.</summary>
internal sealed class Layout(Layout? outer)
{
    public Layout? Outer { get; } = outer;

    public int Slots { get; private set; }

    public int Add() => Slots++;

    /// <summary>How many frames further out another one is.</summary>
    public int HopsTo(Layout other)
    {
        var hops = 0;
        for (var at = this; !ReferenceEquals(at, other); at = at.Outer ?? throw new InvalidOperationException("The frame is not in reach.")) hops++;
        return hops;
    }
}

/// <summary>What the names mean at a place of the text: a chain from the nearest to the farthest.</summary>
internal sealed class Scope(Scope? outer, Entry entry)
{
    public static readonly Scope Empty = new(null, new Entry.Nothing());

    public Scope With(Entry entry) => new(this, entry);

    public Entry.Variable? Variable(string name) => Find<Entry.Variable>(v => v.Name == name);

    public Entry.Label? Label(string name) => Find<Entry.Label>(l => l.Name == name);

    /// <summary>A function, or an argument, that may be called so.</summary>
    public Entry? Callable(string name, int arity)
    {
        for (var scope = this; scope is not null; scope = scope.Outer)
        {
            if (scope.Entry is Entry.Function function && function.Definition.Name == name && function.Definition.Parameters.Count == arity) return function;
            if (arity == 0 && scope.Entry is Entry.Argument argument && argument.Name == name) return argument;
        }

        return null;
    }

    private Scope? Outer { get; } = outer;

    private Entry Entry { get; } = entry;

    private T? Find<T>(Predicate<T> matches)
        where T : Entry
    {
        for (var scope = this; scope is not null; scope = scope.Outer)
        {
            if (scope.Entry is T found && matches(found)) return found;
        }

        return null;
    }
}

/// <summary>What a name means.</summary>
internal abstract class Entry
{
    public sealed class Nothing : Entry;

    public sealed class Variable(string name, Layout layout, int slot) : Entry
    {
        public string Name { get; } = name;

        public Layout Layout { get; } = layout;

        public int Slot { get; } = slot;
    }

    public sealed class Label(string name, Layout layout, int slot) : Entry
    {
        public string Name { get; } = name;

        public Layout Layout { get; } = layout;

        public int Slot { get; } = slot;
    }

    public sealed class Function(Definition definition, Layout layout) : Entry
    {
        public Definition Definition { get; } = definition;

        /// <summary>Where its text stands.</summary>
        public Layout Layout { get; } = layout;

        /// <summary>What its own text sees: itself and what came before.</summary>
        public Scope Scope { get; set; } = Scope.Empty;

        /// <summary>Whether it may come to call itself; null until somebody asks.</summary>
        public bool? IsRecursive { get; set; }

        public CompiledProcedure? Procedure { get; set; }
    }

    /// <summary>A function's argument.</summary>
    public abstract class Argument(string name) : Entry
    {
        public string Name { get; } = name;
    }

    /// <summary>Put in place of its name, as the function is where it is called.</summary>
    public sealed class Inlined(string name, SyntaxNode body, Scope scope) : Argument(name)
    {
        public SyntaxNode Body { get; } = body;

        public Scope Scope { get; } = scope;
    }

    /// <summary>Handed over when the procedure is called.</summary>
    public sealed class Handed(string name, Layout layout, int index) : Argument(name)
    {
        public Layout Layout { get; } = layout;

        public int Index { get; } = index;
    }
}

/// <param name="Parameters">For each its variable's slot, or -1, and whether it is handed over as a program.</param>
internal sealed record CompiledProcedure(Running.Nodes.Procedure Procedure, (int Slot, bool IsHanded)[] Parameters);
