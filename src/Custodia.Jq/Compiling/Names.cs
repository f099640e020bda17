using System.Collections.Immutable;
using Custodia.Jq.Syntax;

namespace Custodia.Jq.Compiling;

/// <summary>Finds every name that means nothing where it stands, before anything is compiled: also in functions that nobody calls.</summary>
internal sealed class Names(List<SyntaxError> errors)
{
    public static void Check(SyntaxNode program, IEnumerable<string> variables, List<SyntaxError> errors)
    {
        var known = Known.Empty;
        foreach (var name in variables) known = known.WithVariable(name);
        new Names(errors).Visit(program, known);
    }

    private void Visit(SyntaxNode node, Known known)
    {
        System.Runtime.CompilerServices.RuntimeHelpers.EnsureSufficientExecutionStack();
        switch (node)
        {
            case SyntaxNode.Define define:
                known = known.With(define.Definition);
                Visit(define.Definition.Body, known.WithParameters(define.Definition));
                Visit(define.Body, known);
                return;
            case SyntaxNode.Label label:
                Visit(label.Body, known with { Labels = known.Labels.Add(label.Name) });
                return;
            case SyntaxNode.Bind bind:
                Visit(bind.Source, known);
                Visit(bind.Body, Patterns(bind.Patterns, known));
                return;
            case SyntaxNode.Reduce reduce:
                Visit(reduce.Source, known);
                Visit(reduce.Initial, known);
                Visit(reduce.Body, Patterns(reduce.Patterns, known));
                return;
            case SyntaxNode.Foreach loop:
                Visit(loop.Source, known);
                Visit(loop.Initial, known);
                var inner = Patterns(loop.Patterns, known);
                Visit(loop.Body, inner);
                if (loop.Extract is { } extract) Visit(extract, inner);
                return;
        }

        Name(node, known);
        foreach (var part in node.Parts) Visit(part, known);
    }

    private void Name(SyntaxNode node, Known known)
    {
        var unknown = node switch
        {
            SyntaxNode.Variable variable when !known.Variables.Contains(variable.Name) => $"${variable.Name}",
            SyntaxNode.Break leave when !known.Labels.Contains(leave.Name) => $"$*label-{leave.Name}",
            SyntaxNode.Call call when !known.Functions.Contains((call.Name, call.Arguments.Count)) && !Library.Has(call.Name, call.Arguments.Count) => $"{call.Name}/{call.Arguments.Count}",
            _ => null,
        };
        if (unknown is not null) errors.Add(new SyntaxError($"{unknown} is not defined", node.At));
        var format = node switch { SyntaxNode.Format alone => alone.Name, SyntaxNode.Text text => text.FormatName, _ => null };
        if (format is not null && !Builtins.Formats.FormatBuiltins.IsKnown(format)) errors.Add(new SyntaxError($"{format} is not a valid format", node.At));
    }

    private Known Patterns(IReadOnlyList<Pattern> patterns, Known known)
    {
        foreach (var name in patterns.SelectMany(p => p.Names)) known = known.WithVariable(name);
        foreach (var key in patterns.SelectMany(p => p.Keys)) Visit(key, known);
        return known;
    }

    private sealed record Known(ImmutableHashSet<string> Variables, ImmutableHashSet<string> Labels, ImmutableHashSet<(string Name, int Arity)> Functions)
    {
        public static readonly Known Empty = new([], [], []);

        public Known WithVariable(string name) => this with { Variables = Variables.Add(name) };

        public Known With(Definition definition) => this with { Functions = Functions.Add((definition.Name, definition.Parameters.Count)) };

        public Known WithParameters(Definition definition)
        {
            var known = this;
            foreach (var parameter in definition.Parameters)
            {
                known = known with { Functions = known.Functions.Add((parameter.Name, 0)) };
                if (parameter.IsValue) known = known.WithVariable(parameter.Name);
            }

            return known;
        }
    }
}
