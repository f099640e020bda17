namespace Custodia.Jq.Syntax;

internal enum TokenKind
{
    End,

    /// <summary>Punctuation and operators: <see cref="Token.Text"/> says which.</summary>
    Mark,
    Keyword,
    Identifier,

    /// <summary><c>.name</c>; the text is the name.</summary>
    Field,

    /// <summary><c>$name</c>; the text is the name.</summary>
    Variable,

    /// <summary><c>@name</c>; the text is the name.</summary>
    Format,
    Number,

    /// <summary>The quote that opens a string.</summary>
    TextStart,

    /// <summary>Characters of a string, escapes resolved.</summary>
    TextPart,

    /// <summary><c>\(</c> within a string.</summary>
    InsertStart,

    /// <summary>The parenthesis that ends what was put into a string.</summary>
    InsertEnd,

    /// <summary>The quote that closes a string.</summary>
    TextEnd,
    Invalid,
}

/// <param name="Text">As written, or what the kind says.</param>
/// <param name="At">UTF-16 units from the beginning.</param>
/// <param name="Length">UTF-16 units in the program.</param>
internal readonly record struct Token(TokenKind Kind, string Text, int At, int Length)
{
    public bool Is(string mark) => Kind == TokenKind.Mark && Text == mark;

    public bool IsKeyword(string word) => Kind == TokenKind.Keyword && Text == word;
}
