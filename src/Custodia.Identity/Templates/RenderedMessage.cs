using System.Net;
using Directory = Custodia.Identity.Directories.Directory;

namespace Custodia.Identity.Templates;

/// <summary>A message as it goes out.</summary>
/// <param name="Subject">Empty for SMS.</param>
/// <param name="Html">A whole document; null for text alone.</param>
internal sealed record RenderedMessage(string Subject, string Text, string? Html)
{
    private const int MaxSubject = 200;

    /// <summary>Puts values into a template: as they are into texts, encoded into HTML.</summary>
    /// <param name="values">The value of every placeholder that the message offers, <c>directory</c> excepted.</param>
    public static RenderedMessage Of(ReadTemplate template, Directory directory, Func<string, string> values)
    {
        var title = LanguageTag.BuiltIn(template.Language) == "zh" ? directory.TitleZh : directory.Title;
        var subject = template.Subject is null ? "" : Cut(template.Subject.Render(Value), title);
        var body = template.Html?.Render(name => WebUtility.HtmlEncode(Value(name)));
        return new RenderedMessage(subject, template.Text.Render(Value), body is null ? null : Document(template.Language, subject, body));

        string Value(string name) => OneLine(name == Placeholders.Directory ? title : values(name));
    }

    /// <summary>Never the content.</summary>
    public override string ToString() => "(message)";

    // No value brings a line of its own: in a subject that would be a header, in a text it could pass for words of the sender.
    private static string OneLine(string value) =>
        value.Any(IsBreak) ? string.Concat(value.Select(c => IsBreak(c) ? ' ' : c)) : value;

    private static bool IsBreak(char c) => char.IsControl(c) || c is '\u2028' or '\u2029';

    private static string Cut(string subject, string title)
    {
        var text = string.IsNullOrWhiteSpace(subject) ? title : subject;
        if (text.Length <= MaxSubject) return text;
        return text[..(char.IsHighSurrogate(text[MaxSubject - 2]) ? MaxSubject - 2 : MaxSubject - 1)] + "…";
    }

    private static string Document(string language, string subject, string body) =>
        $"""
        <!DOCTYPE html>
        <html lang="{language}">
        <head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{WebUtility.HtmlEncode(subject)}</title></head>
        <body>
        {body}
        </body>
        </html>
        """.ReplaceLineEndings("\n");
}
