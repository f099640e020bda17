using System.Text;

namespace Custodia.Tickets.Content;

/// <summary>Free text as it comes in: line breaks made one kind, control characters dropped, length held.</summary>
internal static class FreeText
{
    public const int TitleLength = 200;
    public const int BodyLength = 20_000;

    public static string Clean(string? text)
    {
        if (string.IsNullOrEmpty(text)) return "";
        var clean = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c == '\r')
            {
                if (i + 1 >= text.Length || text[i + 1] != '\n') clean.Append('\n');
            }
            else if (!char.IsControl(c) || c is '\n' or '\t')
            {
                clean.Append(c);
            }
        }

        return clean.ToString().Trim();
    }

    /// <summary>One line: breaks become blanks.</summary>
    public static string Line(string? text) => Clean(text).Replace('\n', ' ').Replace('\t', ' ');
}
