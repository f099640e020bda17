namespace Custodia.Identity.Templates;

/// <summary>A template in one language, read once and rendered often.</summary>
/// <param name="updatedAt">When the directory wrote it; null for a built-in one.</param>
internal sealed class ReadTemplate(MessageKind kind, string language, TemplateDraft draft, DateTimeOffset? updatedAt = null)
{
    public MessageKind Kind => kind;

    public string Language => language;

    public TemplateDraft Draft => draft;

    public DateTimeOffset? UpdatedAt => updatedAt;

    public bool IsBuiltIn => updatedAt is null;

    public TemplateText? Subject { get; } = draft.Subject is { } subject ? new TemplateText(subject) : null;

    public TemplateText Text { get; } = new(draft.Text);

    public TemplateText? Html { get; } = draft.Html is { } html ? new TemplateText(html) : null;

    public bool Uses(string placeholder) => Text.Uses(placeholder) || Subject?.Uses(placeholder) == true || Html?.Uses(placeholder) == true;
}
