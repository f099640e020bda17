namespace Custodia.Jq.Syntax;

/// <summary>Objects that are made, and patterns that take values apart.</summary>
internal sealed partial class Parser
{
    private SyntaxNode.Construct Construct(int at)
    {
        var fields = new List<KeyValuePair<SyntaxNode, SyntaxNode>>();
        while (!Next.Is("}"))
        {
            fields.Add(Entry());
            if (!Next.Is(",")) break;
            _next++;
            if (Next.Is("}")) throw Unexpected();
        }

        return new SyntaxNode.Construct(fields, at);
    }

    private KeyValuePair<SyntaxNode, SyntaxNode> Entry()
    {
        var token = Next;
        SyntaxNode key, alone;
        switch (token.Kind)
        {
            case TokenKind.Variable:
                _next++;
                alone = token.Text == "__loc__" ? new SyntaxNode.Location(token.At) : new SyntaxNode.Variable(token.Text, token.At);
                if (!Next.Is(":")) return new(Name(token), alone);
                key = alone;
                break;
            case TokenKind.Identifier or TokenKind.Keyword:
                _next++;
                key = Name(token);
                if (!Next.Is(":")) return new(key, new SyntaxNode.Index(new SyntaxNode.Identity(token.At), key, token.At));
                break;
            case TokenKind.TextStart or TokenKind.Format:
                key = Primary();
                if (key is SyntaxNode.Format) throw Unexpected("a string");
                if (!Next.Is(":")) return new(key, new SyntaxNode.Index(new SyntaxNode.Identity(token.At), key, token.At));
                break;
            case TokenKind.Mark when token.Text == "(":
                key = Within("(", ")", Expression);
                if (key is SyntaxNode.Literal { Value.Kind: not JqKind.String } fixedKey) _errors.Add(new SyntaxError($"Cannot use {JqException.Show(fixedKey.Value)} as object key", token.At));
                break;
            case TokenKind.Number:
                throw Fail("syntax error, a key is a name, a string, or a program in parentheses");
            default:
                throw Unexpected();
        }

        Take(":");
        return new(key, FieldValue());
    }

    private static SyntaxNode.Literal Name(Token token) => new(JqValue.Of(token.Text), token.At);

    /// <summary>A value may hold pipes, but no comma, as that ends it.</summary>
    private SyntaxNode FieldValue()
    {
        var value = Climb(AboveComma);
        if (!Next.Is("|")) return value;
        var at = Next.At;
        _next++;
        return new SyntaxNode.Pipe(value, FieldValue(), at);
    }

    private List<Pattern> Patterns()
    {
        Take("as");
        var patterns = new List<Pattern> { PatternOf() };
        while (Next.Is("?//"))
        {
            _next++;
            patterns.Add(PatternOf());
        }

        return patterns;
    }

    private Pattern PatternOf()
    {
        MustHaveRoom();
        var token = Next;
        if (token.Kind == TokenKind.Variable)
        {
            _next++;
            return new Pattern.Variable(token.Text, token.At);
        }

        if (token.Is("["))
        {
            _next++;
            var items = Listed(PatternOf);
            Take("]");
            return new Pattern.Items(items, token.At);
        }

        if (!token.Is("{")) throw Unexpected("'$name', '[' or '{'");
        _next++;
        var fields = Listed(FieldPattern);
        Take("}");
        return new Pattern.Fields(fields, token.At);
    }

    private List<T> Listed<T>(Func<T> one)
    {
        var list = new List<T> { one() };
        while (Next.Is(","))
        {
            _next++;
            list.Add(one());
        }

        return list;
    }

    private Pattern.Field FieldPattern()
    {
        var token = Next;
        SyntaxNode key;
        string? variable = null;
        switch (token.Kind)
        {
            case TokenKind.Variable:
                _next++;
                variable = token.Text;
                key = Name(token);
                if (!Next.Is(":")) return new Pattern.Field(variable, key, null);
                break;
            case TokenKind.Identifier or TokenKind.Keyword:
                _next++;
                key = Name(token);
                break;
            case TokenKind.TextStart:
                key = Text(null);
                break;
            case TokenKind.Mark when token.Text == "(":
                key = Within("(", ")", Expression);
                break;
            default:
                throw Unexpected("a key");
        }

        Take(":");
        return new Pattern.Field(variable, key, PatternOf());
    }
}
