namespace Custodia.Jq.Syntax;

/// <summary>A part of a program as it was written.</summary>
/// <param name="At">Where it begins: UTF-16 units from the beginning of the text.</param>
internal abstract record SyntaxNode(int At)
{
    /// <summary>The parts that it is made of, functions and patterns aside.</summary>
    public virtual IEnumerable<SyntaxNode> Parts => [];

    /// <summary><c>.</c></summary>
    public sealed record Identity(int At) : SyntaxNode(At);

    /// <summary>A number, true, false or null.</summary>
    public sealed record Literal(JqValue Value, int At) : SyntaxNode(At);

    /// <summary>A string: pieces in turn, with a format for what is put in.</summary>
    /// <param name="FormatName">Without the at sign; null for plain text.</param>
    public sealed record Text(string? FormatName, IReadOnlyList<TextPiece> Pieces, int At) : SyntaxNode(At)
    {
        public override IEnumerable<SyntaxNode> Parts => Pieces.Select(p => p.Inserted).OfType<SyntaxNode>();
    }

    /// <summary><c>@name</c> on its own.</summary>
    public sealed record Format(string Name, int At) : SyntaxNode(At);

    /// <summary><c>$name</c></summary>
    public sealed record Variable(string Name, int At) : SyntaxNode(At);

    /// <summary><c>$__loc__</c></summary>
    public sealed record Location(int At) : SyntaxNode(At);

    /// <summary><c>name(argument; …)</c></summary>
    public sealed record Call(string Name, IReadOnlyList<SyntaxNode> Arguments, int At) : SyntaxNode(At)
    {
        public override IEnumerable<SyntaxNode> Parts => Arguments;
    }

    /// <summary><c>.name</c>, <c>target[key]</c></summary>
    public sealed record Index(SyntaxNode Target, SyntaxNode Key, int At) : SyntaxNode(At)
    {
        /// <summary>Whether a question mark follows: what cannot be indexed gives nothing. Errors of the target stay errors.</summary>
        public bool IsOptional { get; init; }

        public override IEnumerable<SyntaxNode> Parts => [Target, Key];
    }

    /// <summary><c>target[from:to]</c></summary>
    public sealed record Slice(SyntaxNode Target, SyntaxNode? From, SyntaxNode? To, int At) : SyntaxNode(At)
    {
        /// <summary>As of <see cref="Index"/>.</summary>
        public bool IsOptional { get; init; }

        public override IEnumerable<SyntaxNode> Parts => new[] { Target, From, To }.OfType<SyntaxNode>();
    }

    /// <summary><c>target[]</c></summary>
    public sealed record Iterate(SyntaxNode Target, int At) : SyntaxNode(At)
    {
        /// <summary>As of <see cref="Index"/>.</summary>
        public bool IsOptional { get; init; }

        public override IEnumerable<SyntaxNode> Parts => [Target];
    }

    /// <summary><c>[body]</c>; null for <c>[]</c>.</summary>
    public sealed record Collect(SyntaxNode? Body, int At) : SyntaxNode(At)
    {
        public override IEnumerable<SyntaxNode> Parts => Body is null ? [] : [Body];
    }

    /// <summary><c>{key: value, …}</c></summary>
    public sealed record Construct(IReadOnlyList<KeyValuePair<SyntaxNode, SyntaxNode>> Fields, int At) : SyntaxNode(At)
    {
        public override IEnumerable<SyntaxNode> Parts => Fields.SelectMany(f => new[] { f.Key, f.Value });
    }

    /// <summary><c>-body</c></summary>
    public sealed record Negate(SyntaxNode Body, int At) : SyntaxNode(At)
    {
        public override IEnumerable<SyntaxNode> Parts => [Body];
    }

    /// <summary><c>first | then</c></summary>
    public sealed record Pipe(SyntaxNode First, SyntaxNode Then, int At) : SyntaxNode(At)
    {
        public override IEnumerable<SyntaxNode> Parts => [First, Then];
    }

    /// <summary><c>a, b, …</c></summary>
    public sealed record Comma(IReadOnlyList<SyntaxNode> Items, int At) : SyntaxNode(At)
    {
        public override IEnumerable<SyntaxNode> Parts => Items;
    }

    /// <summary>Arithmetic and comparison.</summary>
    public sealed record Binary(Operator Operator, SyntaxNode Left, SyntaxNode Right, int At) : SyntaxNode(At)
    {
        public override IEnumerable<SyntaxNode> Parts => [Left, Right];
    }

    /// <summary><c>and</c>, <c>or</c></summary>
    public sealed record Logic(bool IsAnd, SyntaxNode Left, SyntaxNode Right, int At) : SyntaxNode(At)
    {
        public override IEnumerable<SyntaxNode> Parts => [Left, Right];
    }

    /// <summary><c>left // right</c></summary>
    public sealed record Alternative(SyntaxNode Left, SyntaxNode Right, int At) : SyntaxNode(At)
    {
        public override IEnumerable<SyntaxNode> Parts => [Left, Right];
    }

    /// <summary><c>target = value</c></summary>
    public sealed record Assign(SyntaxNode Target, SyntaxNode Value, int At) : SyntaxNode(At)
    {
        public override IEnumerable<SyntaxNode> Parts => [Target, Value];
    }

    /// <summary><c>target |= body</c></summary>
    public sealed record Update(SyntaxNode Target, SyntaxNode Body, int At) : SyntaxNode(At)
    {
        public override IEnumerable<SyntaxNode> Parts => [Target, Body];
    }

    /// <summary><c>target += value</c> and its like.</summary>
    /// <param name="Operator">Null for <c>//=</c>.</param>
    public sealed record OperatorUpdate(Operator? Operator, SyntaxNode Target, SyntaxNode Value, int At) : SyntaxNode(At)
    {
        public override IEnumerable<SyntaxNode> Parts => [Target, Value];
    }

    /// <summary><c>if condition then … else … end</c></summary>
    /// <param name="Otherwise">Null for identity.</param>
    public sealed record If(SyntaxNode Condition, SyntaxNode Then, SyntaxNode? Otherwise, int At) : SyntaxNode(At)
    {
        public override IEnumerable<SyntaxNode> Parts => Otherwise is null ? [Condition, Then] : [Condition, Then, Otherwise];
    }

    /// <summary><c>try body catch handler</c>, <c>body?</c></summary>
    public sealed record Try(SyntaxNode Body, SyntaxNode? Handler, int At) : SyntaxNode(At)
    {
        public override IEnumerable<SyntaxNode> Parts => Handler is null ? [Body] : [Body, Handler];
    }

    /// <summary><c>reduce source as pattern (initial; update)</c></summary>
    public sealed record Reduce(SyntaxNode Source, IReadOnlyList<Pattern> Patterns, SyntaxNode Initial, SyntaxNode Body, int At) : SyntaxNode(At)
    {
        public override IEnumerable<SyntaxNode> Parts => [Source, .. Patterns.SelectMany(p => p.Keys), Initial, Body];
    }

    /// <summary><c>foreach source as pattern (initial; update; extract)</c></summary>
    public sealed record Foreach(SyntaxNode Source, IReadOnlyList<Pattern> Patterns, SyntaxNode Initial, SyntaxNode Body, SyntaxNode? Extract, int At) : SyntaxNode(At)
    {
        public override IEnumerable<SyntaxNode> Parts => [Source, .. Patterns.SelectMany(p => p.Keys), Initial, Body, .. Extract is null ? [] : new[] { Extract }];
    }

    /// <summary><c>source as pattern ?// … | body</c></summary>
    public sealed record Bind(SyntaxNode Source, IReadOnlyList<Pattern> Patterns, SyntaxNode Body, int At) : SyntaxNode(At)
    {
        public override IEnumerable<SyntaxNode> Parts => [Source, .. Patterns.SelectMany(p => p.Keys), Body];
    }

    /// <summary><c>def …; body</c></summary>
    public sealed record Define(Definition Definition, SyntaxNode Body, int At) : SyntaxNode(At)
    {
        public override IEnumerable<SyntaxNode> Parts => [Definition.Body, Body];
    }

    /// <summary><c>label $name | body</c></summary>
    public sealed record Label(string Name, SyntaxNode Body, int At) : SyntaxNode(At)
    {
        public override IEnumerable<SyntaxNode> Parts => [Body];
    }

    /// <summary><c>break $name</c></summary>
    public sealed record Break(string Name, int At) : SyntaxNode(At);
}

/// <summary>Text or something put in; one of the two is null.</summary>
internal readonly record struct TextPiece(string? Plain, SyntaxNode? Inserted);

/// <summary>A function.</summary>
internal sealed record Definition(string Name, IReadOnlyList<Parameter> Parameters, SyntaxNode Body, int At);

/// <param name="IsValue">Whether it was written <c>$name</c>: a variable and a function of that name.</param>
internal readonly record struct Parameter(string Name, bool IsValue);

internal enum Operator
{
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}
