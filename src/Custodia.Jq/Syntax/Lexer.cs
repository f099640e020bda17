using System.Buffers;
using System.Text;

namespace Custodia.Jq.Syntax;

/// <summary>Takes a program apart into tokens. What is no token becomes an invalid one, with an error, and the rest is still read.</summary>
internal sealed class Lexer(string text, List<SyntaxError> errors)
{
    private static readonly SearchValues<char> TextEnds = SearchValues.Create("\"\\");

    private static readonly HashSet<string> Keywords = new(StringComparer.Ordinal)
    {
        "def", "if", "then", "elif", "else", "end", "as", "reduce", "foreach", "try", "catch", "label", "import", "include", "and", "or", "__loc__",
    };

    private static readonly string[] Marks =
    [
        "?//", "//=", "|=", "+=", "-=", "*=", "/=", "%=", "==", "!=", "<=", ">=", "//", "..",
        ".", "[", "]", "(", ")", "{", "}", "|", ",", ":", ";", "=", "<", ">", "+", "-", "*", "/", "%", "$", "?",
    ];

    private readonly List<Token> _tokens = [];

    // What closes next: a parenthesis of the program, or one that ends an insertion into a string.
    private readonly Stack<bool> _insertions = new();
    private int _at;

    public List<Token> Read()
    {
        while (SkipBlanks()) Next();
        Add(TokenKind.End, "", text.Length, 0);
        return _tokens;
    }

    private void Next()
    {
        var start = _at;
        var first = text[_at];
        if (first == '"') ReadText();
        else if (first == '.' && IsLetterAt(_at + 1)) Name(TokenKind.Field, 1);
        else if (first == '$' && IsLetterAt(_at + 1)) Name(TokenKind.Variable, 1);
        else if (first == '@' && _at + 1 < text.Length && IsNameChar(text[_at + 1])) Name(TokenKind.Format, 1);
        else if (char.IsAsciiDigit(first) || (first == '.' && _at + 1 < text.Length && char.IsAsciiDigit(text[_at + 1]))) Number();
        else if (IsLetterAt(_at)) Word();
        else Mark(start);
    }

    private void Mark(int start)
    {
        if (text[start] == '(') _insertions.Push(false);
        else if (text[start] == ')' && _insertions.TryPop(out var isInsertion) && isInsertion)
        {
            _at++;
            Add(TokenKind.InsertEnd, ")", start, 1);
            TextParts();
            return;
        }

        foreach (var mark in Marks)
        {
            if (string.CompareOrdinal(text, start, mark, 0, mark.Length) != 0) continue;
            _at += mark.Length;
            Add(TokenKind.Mark, mark, start, mark.Length);
            return;
        }

        _at += char.IsSurrogatePair(text, start) ? 2 : 1;
        Add(TokenKind.Invalid, text[start.._at], start, _at - start);
    }

    private void Number()
    {
        var start = _at;
        SkipDigits();
        if (_at < text.Length && text[_at] == '.')
        {
            _at++;
            SkipDigits();
        }

        if (_at < text.Length && text[_at] is 'e' or 'E')
        {
            var digits = _at + 1;
            if (digits < text.Length && text[digits] is '+' or '-') digits++;
            if (digits < text.Length && char.IsAsciiDigit(text[digits]))
            {
                _at = digits;
                SkipDigits();
            }
        }

        Add(TokenKind.Number, text[start.._at], start, _at - start);
    }

    private void Name(TokenKind kind, int skip)
    {
        var start = _at;
        _at += skip;
        SkipName(kind == TokenKind.Variable);
        Add(kind, text[(start + skip).._at], start, _at - start);
    }

    private void Word()
    {
        var start = _at;
        SkipName(true);
        var word = text[start.._at];
        Add(Keywords.Contains(word) ? TokenKind.Keyword : TokenKind.Identifier, word, start, word.Length);
    }

    private void ReadText()
    {
        Add(TokenKind.TextStart, "\"", _at, 1);
        _at++;
        TextParts();
    }

    private void TextParts()
    {
        var part = new StringBuilder();
        var start = _at;
        while (_at < text.Length)
        {
            var plain = text.AsSpan(_at).IndexOfAny(TextEnds);
            if (plain < 0) plain = text.Length - _at;
            part.Append(text, _at, plain);
            _at += plain;
            if (_at == text.Length) break;
            if (text[_at] == '"')
            {
                Flush(part, start);
                Add(TokenKind.TextEnd, "\"", _at++, 1);
                return;
            }

            if (_at + 1 < text.Length && text[_at + 1] == '(')
            {
                Flush(part, start);
                Add(TokenKind.InsertStart, "\\(", _at, 2);
                _at += 2;
                _insertions.Push(true);
                return;
            }

            Escape(part);
        }

        errors.Add(new SyntaxError("this string is not closed", Math.Min(start, text.Length)));
        Flush(part, start);
        Add(TokenKind.TextEnd, "\"", text.Length, 0);
    }

    private void Flush(StringBuilder part, int start)
    {
        if (part.Length > 0) Add(TokenKind.TextPart, Values.CodePoints.Sound(part.ToString()), start, _at - start);
    }

    private void Escape(StringBuilder part)
    {
        var escape = _at + 1 < text.Length ? text[_at + 1] : ' ';
        var plain = escape switch { '"' or '\\' or '/' => escape, 'b' => '\b', 'f' => '\f', 'n' => '\n', 'r' => '\r', 't' => '\t', _ => '\0' };
        if (plain != '\0')
        {
            part.Append(plain);
            _at += 2;
        }
        else if (escape == 'u' && _at + 6 <= text.Length && ushort.TryParse(text.AsSpan(_at + 2, 4), System.Globalization.NumberStyles.AllowHexSpecifier, null, out var unit))
        {
            part.Append((char)unit);
            _at += 6;
        }
        else
        {
            errors.Add(new SyntaxError("an escape in a string is one of \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\uXXXX \\(", _at));
            _at = Math.Min(_at + 2, text.Length);
        }
    }

    /// <summary>Blanks and comments. A comment ends with its line, unless the line ends with an odd number of backslashes.</summary>
    private bool SkipBlanks()
    {
        for (; _at < text.Length; _at++)
        {
            if (text[_at] == '#') SkipComment();
            else if (text[_at] is not (' ' or '\t' or '\n' or '\r')) return true;
        }

        return false;
    }

    private void SkipComment()
    {
        for (var escaped = false; _at < text.Length; _at++)
        {
            if (text[_at] == '\n' && !escaped) return;
            if (text[_at] == '\r' && escaped && _at + 1 < text.Length && text[_at + 1] == '\n') continue;
            escaped = text[_at] == '\\' && !escaped;
        }

        _at--;
    }

    private void SkipDigits()
    {
        while (_at < text.Length && char.IsAsciiDigit(text[_at])) _at++;
    }

    private void SkipName(bool withModules)
    {
        while (_at < text.Length)
        {
            if (IsNameChar(text[_at])) _at++;
            else if (withModules && text[_at] == ':' && _at + 2 < text.Length && text[_at + 1] == ':' && IsLetterAt(_at + 2)) _at += 2;
            else break;
        }
    }

    private bool IsLetterAt(int at) => at < text.Length && (char.IsAsciiLetter(text[at]) || text[at] == '_');

    private static bool IsNameChar(char c) => char.IsAsciiLetterOrDigit(c) || c == '_';

    private void Add(TokenKind kind, string value, int at, int length) => _tokens.Add(new Token(kind, value, at, length));
}

/// <param name="At">UTF-16 units from the beginning.</param>
internal sealed record SyntaxError(string Message, int At);
