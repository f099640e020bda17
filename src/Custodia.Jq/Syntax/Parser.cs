using System.Runtime.CompilerServices;

namespace Custodia.Jq.Syntax;

/// <summary>
/// Reads a program by precedence climbing, in jq 1.8's grammar. From loose to tight: <c>|</c> (right), <c>,</c>, <c>//</c> (right),
/// assignments (alone), <c>or</c>, <c>and</c>, comparisons (alone), <c>+ -</c>, <c>* / %</c>, terms. A mistake within brackets is
/// noted and reading goes on after them, so that several are found at once.
/// </summary>
internal sealed partial class Parser
{
    private const int MostErrors = 20;
    private const int PipeLevel = 1;
    private const int CommaLevel = 2;
    private const int AboveComma = 3;
    private const int NotAssociative = -1;

    // Deeper trees would need a deep stack to compile and to run.
    private const int MostDepth = 2000;
    private readonly List<Token> _tokens;
    private readonly List<SyntaxError> _errors;
    private int[]? _closing;
    private bool _isHopeless;
    private int _next;

    private Parser(List<Token> tokens, List<SyntaxError> errors)
    {
        _tokens = tokens;
        _errors = errors;
    }

    private Token Next => _tokens[_next];

    /// <summary>Null when there are errors. A text of definitions only is the identity.</summary>
    public static SyntaxNode? Parse(string text, List<SyntaxError> errors)
    {
        var parser = new Parser(new Lexer(text, errors).Read(), errors);
        var program = parser.Whole();
        if (errors.Count == 0 && Depth(program) > MostDepth) errors.Add(new SyntaxError("the program is nested too deeply", 0));
        return errors.Count == 0 ? program : null;
    }

    /// <summary>The definitions of a library text, in order.</summary>
    public static List<Definition> ParseLibrary(string text)
    {
        var errors = new List<SyntaxError>();
        var definitions = new List<Definition>();
        for (var node = Parse(text, errors); node is SyntaxNode.Define define; node = define.Body) definitions.Add(define.Definition);
        return errors.Count == 0 ? definitions : throw new InvalidOperationException($"{errors[0].Message} at {errors[0].At}");
    }

    private SyntaxNode Whole()
    {
        try
        {
            if (Next.Kind == TokenKind.Keyword && Next.Text is "import" or "include" || (Next.Kind == TokenKind.Identifier && Next.Text == "module" && _tokens[_next + 1].Kind is TokenKind.TextStart or TokenKind.Mark && _tokens[_next + 1].Text is "{" or "\""))
                throw Fail("modules are not supported");
            var program = Next.Kind == TokenKind.End ? new SyntaxNode.Identity(0) : Expression();
            if (Next.Kind != TokenKind.End) throw Unexpected();
            return program;
        }
        catch (SyntaxException)
        {
            return new SyntaxNode.Identity(0);
        }
    }

    private SyntaxNode Expression() => Climb(PipeLevel);

    private SyntaxNode Climb(int least)
    {
        MustHaveRoom();
        if (Next.IsKeyword("def")) return Define(least);
        if (Next.IsKeyword("label")) return Label();
        var left = Operand();
        while (true)
        {
            var token = Next;
            var (level, right) = token.Kind switch
            {
                TokenKind.Mark => Binding(token.Text),
                TokenKind.Keyword => token.Text switch { "or" => (5, 6), "and" => (6, 7), _ => (0, 0) },
                _ => (0, 0),
            };
            if (level == 0 || level < least) return left;
            _next++;
            if (level == CommaLevel) left = CommaOf(left, token);
            else left = Combine(token, left, Climb(right == NotAssociative ? level + 1 : right));
            if (right == NotAssociative && Next.Kind == TokenKind.Mark && Binding(Next.Text).Level == level) throw Unexpected();
        }
    }

    /// <summary>Level of an operator, and the least level of what may stand to its right.</summary>
    private static (int Level, int Right) Binding(string mark) => mark switch
    {
        "|" => (PipeLevel, PipeLevel),
        "," => (CommaLevel, AboveComma),
        "//" => (3, 3),
        "=" or "|=" or "+=" or "-=" or "*=" or "/=" or "%=" or "//=" => (4, NotAssociative),
        "==" or "!=" or "<" or "<=" or ">" or ">=" => (7, NotAssociative),
        "+" or "-" => (8, 9),
        "*" or "/" or "%" => (9, 10),
        _ => (0, 0),
    };

    private SyntaxNode.Comma CommaOf(SyntaxNode first, Token comma)
    {
        var items = new List<SyntaxNode> { first, Climb(AboveComma) };
        while (Next.Is(","))
        {
            _next++;
            items.Add(Climb(AboveComma));
        }

        return new SyntaxNode.Comma(items, comma.At);
    }

    private static SyntaxNode Combine(Token token, SyntaxNode left, SyntaxNode right) => token.Text switch
    {
        "|" => new SyntaxNode.Pipe(left, right, token.At),
        "//" => new SyntaxNode.Alternative(left, right, token.At),
        "or" => new SyntaxNode.Logic(false, left, right, token.At),
        "and" => new SyntaxNode.Logic(true, left, right, token.At),
        "=" => new SyntaxNode.Assign(left, right, token.At),
        "|=" => new SyntaxNode.Update(left, right, token.At),
        "//=" => new SyntaxNode.OperatorUpdate(null, left, right, token.At),
        "+=" or "-=" or "*=" or "/=" or "%=" => new SyntaxNode.OperatorUpdate(OperatorOf(token.Text[..1]), left, right, token.At),
        _ => new SyntaxNode.Binary(OperatorOf(token.Text), left, right, token.At),
    };

    private static Operator OperatorOf(string mark) => mark switch
    {
        "+" => Operator.Add,
        "-" => Operator.Subtract,
        "*" => Operator.Multiply,
        "/" => Operator.Divide,
        "%" => Operator.Remainder,
        "==" => Operator.Equal,
        "!=" => Operator.NotEqual,
        "<" => Operator.Less,
        "<=" => Operator.LessOrEqual,
        ">" => Operator.Greater,
        _ => Operator.GreaterOrEqual,
    };

    /// <summary><c>def …; body</c>; the body goes on as far as it can.</summary>
    private SyntaxNode.Define Define(int least)
    {
        var at = Next.At;
        var definition = DefinitionOf();
        var body = Next.Kind == TokenKind.End && least == PipeLevel ? new SyntaxNode.Identity(Next.At) : Climb(PipeLevel);
        return new SyntaxNode.Define(definition, body, at);
    }

    private Definition DefinitionOf()
    {
        var at = Take("def").At;
        var name = Next.Kind is TokenKind.Identifier or TokenKind.Keyword ? Next.Text : throw Fail("a name is expected after def");
        _next++;
        var parameters = new List<Parameter>();
        if (Next.Is("("))
        {
            do
            {
                _next++;
                if (Next.Kind is not (TokenKind.Identifier or TokenKind.Variable or TokenKind.Keyword)) throw Unexpected();
                parameters.Add(new Parameter(Next.Text, Next.Kind == TokenKind.Variable));
                _next++;
            }
            while (Next.Is(";"));
            Take(")");
        }

        Take(":");
        var body = Expression();
        Take(";");
        return new Definition(name, parameters, body, at);
    }

    private SyntaxNode.Label Label()
    {
        var at = Take("label").At;
        var name = Next.Kind == TokenKind.Variable ? Next.Text : throw Unexpected();
        _next++;
        Take("|");
        return new SyntaxNode.Label(name, Expression(), at);
    }

    /// <summary>A term, and what a term may begin: <c>term as patterns | body</c>.</summary>
    private SyntaxNode Operand()
    {
        var term = Term();
        if (!Next.IsKeyword("as")) return term;
        var at = Next.At;
        var patterns = Patterns();
        Take("|");
        return new SyntaxNode.Bind(term, patterns, Expression(), at);
    }

    private Token Take(string what)
    {
        var token = Next;
        if (token.Kind is not (TokenKind.Mark or TokenKind.Keyword or TokenKind.InsertEnd or TokenKind.TextEnd) || token.Text != what) throw Unexpected($"'{what}'");
        _next++;
        return token;
    }

    private SyntaxException Unexpected(string? expected = null)
    {
        var token = Next;
        var found = token.Kind switch
        {
            TokenKind.End => "end of the program",
            TokenKind.Field => $"'.{token.Text}'",
            TokenKind.Variable => $"'${token.Text}'",
            TokenKind.Format => $"'@{token.Text}'",
            TokenKind.TextStart => "a string",
            TokenKind.Invalid => $"'{token.Text}', which is nothing in this language",
            _ => $"'{token.Text}'",
        };
        return Fail(expected is null ? $"syntax error, unexpected {found}" : $"syntax error, unexpected {found}, expecting {expected}");
    }

    /// <summary>What is nested so deeply is not read further, anywhere.</summary>
    private void MustHaveRoom()
    {
        if (RuntimeHelpers.TryEnsureSufficientExecutionStack()) return;
        _isHopeless = true;
        throw Fail("the program is nested too deeply");
    }

    private SyntaxException Fail(string message)
    {
        if (_errors.Count < MostErrors) _errors.Add(new SyntaxError(message, Next.At));
        return new SyntaxException();
    }

    // Without recursion: the tree of a hostile program may be deep.
    private static int Depth(SyntaxNode program)
    {
        var deepest = 0;
        var open = new Stack<(SyntaxNode Node, int Depth)>([(program, 1)]);
        while (open.TryPop(out var at))
        {
            deepest = Math.Max(deepest, at.Depth);
            // Pipes, definitions and bindings lean to the right: each link of a long chain is a level of its own and counts towards the limit.
            foreach (var part in at.Node.Parts) open.Push((part, at.Depth + 1));
        }

        return deepest;
    }

    private sealed class SyntaxException : Exception;
}
