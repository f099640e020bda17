using System.Text.Json.Serialization;

namespace Custodia.Identity.Templates;

/// <summary>The messages of a directory.</summary>
/// <param name="DefaultLanguage">For people in whose language there is no template; null for none.</param>
internal sealed record TemplatesAnswer(string? DefaultLanguage, IReadOnlyList<MessageAnswer> Items);

/// <summary>A message that a directory sends.</summary>
/// <param name="Channel"><c>mail</c> or <c>sms</c>.</param>
/// <param name="Required">Placeholders that text and HTML must have.</param>
/// <param name="Offered">Every placeholder that can be used.</param>
/// <param name="BuiltIn">Languages of the built-in texts.</param>
/// <param name="Own">Languages in which the directory has a template of its own.</param>
internal sealed record MessageAnswer(
    string Id, string Channel, IReadOnlyList<string> Required, IReadOnlyList<string> Offered, IReadOnlyList<string> BuiltIn, IReadOnlyList<string> Own);

/// <summary>What people get who read a language.</summary>
/// <param name="Language">The language asked for.</param>
/// <param name="Source"><c>own</c> or <c>built-in</c>.</param>
/// <param name="SourceLanguage">The language that it is written in: another where the directory has nothing in the one asked for.</param>
/// <param name="Html">A fragment; null for text alone.</param>
internal sealed record TemplateAnswer(
    string Id, string Language, string Source, string SourceLanguage, string? Subject, string Text, string? Html, DateTimeOffset? UpdatedAt)
{
    public static TemplateAnswer Of(ReadTemplate template, string language) => new(
        template.Kind.Id,
        language,
        template.IsBuiltIn ? "built-in" : "own",
        template.Language,
        template.Draft.Subject,
        template.Draft.Text,
        template.Draft.Html,
        template.UpdatedAt);
}

/// <summary>A template to be stored, tried or shown.</summary>
/// <param name="Subject">One line up to 150 characters, without <c>{{code}}</c> and <c>{{link}}</c>; for mails.</param>
/// <param name="Text">Up to 8,000 characters; for SMS what fits into three of them.</param>
/// <param name="Html">A fragment up to 40,000 characters, of the elements and attributes that the documentation lists; for mails.</param>
internal sealed record TemplateRequest(string? Subject = null, string? Text = null, string? Html = null)
{
    /// <summary>With one kind of line break, as browsers and files have different ones.</summary>
    public TemplateDraft ToDraft() => new(
        string.IsNullOrEmpty(Subject) ? null : Subject.Trim(' '),
        (Text ?? "").ReplaceLineEndings("\n").Trim(),
        string.IsNullOrWhiteSpace(Html) ? null : Html.ReplaceLineEndings("\n").Trim());
}

/// <param name="DefaultLanguage">A language tag; empty for none.</param>
internal sealed record TemplateSettingsRequest(string? DefaultLanguage);

/// <summary>A message with sample values.</summary>
/// <param name="Subject">Null for SMS.</param>
/// <param name="Html">A whole document; null for text alone.</param>
/// <param name="Sms">Null for mails.</param>
internal sealed record PreviewAnswer(
    string? Subject, string Text, string? Html, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] SmsLengthAnswer? Sms)
{
    public static PreviewAnswer Of(MessageKind kind, RenderedMessage rendered) => kind.IsSms
        ? new(null, rendered.Text, null, SmsLengthAnswer.Of(SmsLength.Of(rendered.Text)))
        : new(rendered.Subject, rendered.Text, rendered.Html, null);
}

/// <param name="Encoding"><c>GSM-7</c> or <c>UCS-2</c>.</param>
/// <param name="Units">Septets, or UTF-16 units.</param>
/// <param name="Segments">Messages that are paid for.</param>
internal sealed record SmsLengthAnswer(string Encoding, int Units, int Segments)
{
    public static SmsLengthAnswer Of(SmsLength length) => new(length.Encoding, length.Units, length.Segments);
}

/// <summary>Where a test went.</summary>
/// <param name="To">A mask of the receiver's own address or number.</param>
internal sealed record TestAnswer(string To);
