using Custodia.Jq.Json;

namespace Custodia.Jq.Syntax;

internal sealed partial class Parser
{
    private SyntaxNode Term()
    {
        var token = Next;
        if (!token.Is("-")) return Suffixes(Primary());
        MustHaveRoom();
        _next++;
        return Term() is var body && body is SyntaxNode.Literal { Value.Kind: JqKind.Number } number
            ? new SyntaxNode.Literal(Builtins.Arithmetic.Negate(number.Value), token.At)
            : new SyntaxNode.Negate(body, token.At);
    }

    private SyntaxNode Primary()
    {
        MustHaveRoom();
        var token = Next;
        switch (token.Kind)
        {
            case TokenKind.Number:
                _next++;
                return new SyntaxNode.Literal(Numbers.Read(token.Text), token.At);
            case TokenKind.TextStart:
                return Text(null);
            case TokenKind.Format:
                _next++;
                return Next.Kind == TokenKind.TextStart ? Text(token.Text) : new SyntaxNode.Format(token.Text, token.At);
            case TokenKind.Field:
                _next++;
                return FieldOf(new SyntaxNode.Identity(token.At), token);
            case TokenKind.Variable:
                _next++;
                return token.Text == "__loc__" ? new SyntaxNode.Location(token.At) : new SyntaxNode.Variable(token.Text, token.At);
            case TokenKind.Identifier:
                return Named(token);
            case TokenKind.Keyword:
                return Compound(token);
            default:
                return Bracketed(token);
        }
    }

    private SyntaxNode Bracketed(Token token)
    {
        switch (token.Text)
        {
            case "." when token.Kind == TokenKind.Mark:
                _next++;
                return Dot(token);
            case ".." when token.Kind == TokenKind.Mark:
                _next++;
                return new SyntaxNode.Call("recurse", [], token.At);
            case "(" when token.Kind == TokenKind.Mark:
                return Within("(", ")", Expression);
            case "[" when token.Kind == TokenKind.Mark:
                return new SyntaxNode.Collect(Within<SyntaxNode?>("[", "]", () => Next.Is("]") ? null : Expression()), token.At);
            case "{" when token.Kind == TokenKind.Mark:
                return Within("{", "}", () => Construct(token.At)) ?? new SyntaxNode.Construct([], token.At);
            default:
                throw Unexpected();
        }
    }

    /// <summary>Reads what stands between brackets. A mistake in it is noted, and reading goes on after the closing one.</summary>
    private T Within<T>(string open, string close, Func<T> read)
    {
        var start = _next;
        Take(open);
        try
        {
            var inside = read();
            Take(close);
            return inside;
        }
        // Asked before the stack is given back: throwing again on each level would need more of it on each.
        catch (SyntaxException) when (SkipTo(start))
        {
            return typeof(T).IsAssignableFrom(typeof(SyntaxNode.Identity)) ? (T)(object)new SyntaxNode.Identity(_tokens[start].At) : default!;
        }
    }

    private bool SkipTo(int start)
    {
        _closing ??= Closing();
        if (_isHopeless || _errors.Count >= MostErrors || _closing[start] == 0) return false;
        _next = _closing[start] + 1;
        return true;
    }

    /// <summary>For each bracket that opens the one that closes it, or 0.</summary>
    private int[] Closing()
    {
        var closing = new int[_tokens.Count];
        var open = new Stack<int>();
        for (var at = 0; at < closing.Length; at++)
        {
            var token = _tokens[at];
            if (token.Kind == TokenKind.InsertStart || (token.Kind == TokenKind.Mark && token.Text is "(" or "[" or "{")) open.Push(at);
            else if ((token.Kind == TokenKind.InsertEnd || (token.Kind == TokenKind.Mark && token.Text is ")" or "]" or "}")) && open.TryPop(out var opening)) closing[opening] = at;
        }

        return closing;
    }

    /// <summary>After a lone dot: nothing, a string, or an index.</summary>
    private SyntaxNode Dot(Token dot)
    {
        var identity = new SyntaxNode.Identity(dot.At);
        if (Next.Kind == TokenKind.TextStart) return new SyntaxNode.Index(identity, Text(null), dot.At);
        if (Next.Kind == TokenKind.Format && _tokens[_next + 1].Kind == TokenKind.TextStart) return new SyntaxNode.Index(identity, Primary(), dot.At);
        if (Next.Kind is TokenKind.Identifier or TokenKind.Keyword && Next.At == dot.At + 1) throw Unexpected();
        return identity;
    }

    private static SyntaxNode.Index FieldOf(SyntaxNode target, Token field) =>
        new(target, new SyntaxNode.Literal(JqValue.Of(field.Text), field.At), field.At);

    private SyntaxNode Suffixes(SyntaxNode term)
    {
        // A question mark after an access belongs to it alone; after anything else it is a try.
        var isAccess = _tokens[_next - 1].Kind is TokenKind.Field || (term is SyntaxNode.Index && _tokens[_next - 1].Kind == TokenKind.TextEnd);
        while (true)
        {
            var token = Next;
            if (token.Kind == TokenKind.Field)
            {
                _next++;
                term = FieldOf(term, token);
            }
            else if (token.Is("."))
            {
                var after = _tokens[_next + 1];
                if (after.Kind == TokenKind.TextStart || (after.Kind == TokenKind.Format && _tokens[_next + 2].Kind == TokenKind.TextStart))
                {
                    _next++;
                    term = new SyntaxNode.Index(term, Primary(), token.At);
                }
                else if (after.Is("["))
                {
                    _next++;
                    term = Indexed(term, Next.At);
                }
                else
                {
                    throw Fail("syntax error, unexpected '.'; a name, a string or an index is expected after it");
                }
            }
            else if (token.Is("["))
            {
                term = Indexed(term, token.At);
            }
            else if (token.Is("?"))
            {
                _next++;
                term = isAccess ? Optional(term) : new SyntaxNode.Try(term, null, token.At);
                isAccess = false;
                continue;
            }
            else
            {
                return term;
            }

            isAccess = true;
        }
    }

    private static SyntaxNode Optional(SyntaxNode access) => access switch
    {
        SyntaxNode.Index index => index with { IsOptional = true },
        SyntaxNode.Slice slice => slice with { IsOptional = true },
        SyntaxNode.Iterate iterate => iterate with { IsOptional = true },
        _ => access,
    };

    private SyntaxNode Indexed(SyntaxNode target, int at) => Within("[", "]", () =>
    {
        if (Next.Is("]")) return new SyntaxNode.Iterate(target, at);
        if (Next.Is(":"))
        {
            _next++;
            return new SyntaxNode.Slice(target, null, Expression(), at);
        }

        var key = Expression();
        if (!Next.Is(":")) return (SyntaxNode)new SyntaxNode.Index(target, key, at);
        _next++;
        return new SyntaxNode.Slice(target, key, Next.Is("]") ? null : Expression(), at);
    });

    private SyntaxNode Named(Token token)
    {
        _next++;
        switch (token.Text)
        {
            case "true":
                return new SyntaxNode.Literal(JqValue.True, token.At);
            case "false":
                return new SyntaxNode.Literal(JqValue.False, token.At);
            case "null":
                return new SyntaxNode.Literal(JqValue.Null, token.At);
            case "break":
                var label = Next.Kind == TokenKind.Variable ? Next.Text : throw Fail("break requires a label to break to");
                _next++;
                return new SyntaxNode.Break(label, token.At);
        }

        if (!Next.Is("(")) return new SyntaxNode.Call(token.Text, [], token.At);
        var arguments = Within("(", ")", () =>
        {
            var list = new List<SyntaxNode> { Expression() };
            while (Next.Is(";"))
            {
                _next++;
                list.Add(Expression());
            }

            return list;
        });
        return new SyntaxNode.Call(token.Text, arguments ?? [], token.At);
    }

    private SyntaxNode Compound(Token token)
    {
        switch (token.Text)
        {
            case "if":
                return If();
            case "try":
                _next++;
                var body = Term();
                if (!Next.IsKeyword("catch")) return new SyntaxNode.Try(body, null, token.At);
                _next++;
                return new SyntaxNode.Try(body, Term(), token.At);
            case "reduce" or "foreach":
                return Fold(token);
            default:
                throw Unexpected();
        }
    }

    private SyntaxNode.If If()
    {
        var at = Next.At;
        _next++;
        var condition = Expression();
        Take("then");
        var then = Expression();
        if (Next.IsKeyword("elif")) return new SyntaxNode.If(condition, then, If(), at);
        SyntaxNode? otherwise = null;
        if (Next.IsKeyword("else"))
        {
            _next++;
            otherwise = Expression();
        }

        Take("end");
        return new SyntaxNode.If(condition, then, otherwise, at);
    }

    private SyntaxNode Fold(Token token)
    {
        _next++;
        var source = Term();
        var patterns = Patterns();
        var parts = Within("(", ")", () =>
        {
            var list = new List<SyntaxNode> { Expression() };
            Take(";");
            list.Add(Expression());
            if (token.Text == "reduce" || !Next.Is(";")) return list;
            _next++;
            list.Add(Expression());
            return list;
        });
        if (parts is null) return new SyntaxNode.Identity(token.At);
        return token.Text == "reduce"
            ? new SyntaxNode.Reduce(source, patterns, parts[0], parts[1], token.At)
            : new SyntaxNode.Foreach(source, patterns, parts[0], parts[1], parts.Count > 2 ? parts[2] : null, token.At);
    }

    private SyntaxNode Text(string? format)
    {
        var at = Next.At;
        _next++;
        var pieces = new List<TextPiece>();
        while (Next.Kind != TokenKind.TextEnd)
        {
            if (Next.Kind == TokenKind.TextPart)
            {
                pieces.Add(new TextPiece(Next.Text, null));
                _next++;
            }
            else if (Next.Kind == TokenKind.InsertStart)
            {
                _next++;
                pieces.Add(new TextPiece(null, Expression()));
                if (Next.Kind != TokenKind.InsertEnd) throw Unexpected("')'");
                _next++;
            }
            else
            {
                throw Unexpected();
            }
        }

        _next++;
        return pieces switch
        {
            [] => new SyntaxNode.Literal(JqValue.Of(""), at),
            [{ Plain: { } plain }] => new SyntaxNode.Literal(JqValue.Of(plain), at),
            _ => new SyntaxNode.Text(format, pieces, at),
        };
    }
}
