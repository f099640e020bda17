namespace Custodia.Jq.Syntax;

/// <summary>What a value is taken apart with.</summary>
internal abstract record Pattern(int At)
{
    /// <summary>The variables that it sets, in order; a name may come twice.</summary>
    public abstract IEnumerable<string> Names { get; }

    /// <summary>The programs that compute keys in it.</summary>
    public virtual IEnumerable<SyntaxNode> Keys => [];

    /// <summary><c>$name</c></summary>
    public sealed record Variable(string Name, int At) : Pattern(At)
    {
        public override IEnumerable<string> Names => [Name];
    }

    /// <summary><c>[pattern, …]</c></summary>
    public sealed record Items(IReadOnlyList<Pattern> Patterns, int At) : Pattern(At)
    {
        public override IEnumerable<string> Names => Patterns.SelectMany(p => p.Names);

        public override IEnumerable<SyntaxNode> Keys => Patterns.SelectMany(p => p.Keys);
    }

    /// <summary><c>{key: pattern, …}</c></summary>
    public sealed record Fields(IReadOnlyList<Field> Patterns, int At) : Pattern(At)
    {
        public override IEnumerable<string> Names => Patterns.SelectMany(p => p.Names);

        public override IEnumerable<SyntaxNode> Keys => Patterns.SelectMany(p => p.Value is null ? [p.Key] : p.Value.Keys.Prepend(p.Key));
    }

    /// <param name="Variable">Set for <c>$name</c> and <c>$name: pattern</c>.</param>
    /// <param name="Value">Null for <c>$name</c> alone.</param>
    public sealed record Field(string? Variable, SyntaxNode Key, Pattern? Value)
    {
        public IEnumerable<string> Names => [.. Variable is null ? [] : new[] { Variable }, .. Value?.Names ?? []];
    }
}
