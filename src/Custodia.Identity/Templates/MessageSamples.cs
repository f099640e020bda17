using Directory = Custodia.Identity.Directories.Directory;

namespace Custodia.Identity.Templates;

/// <summary>Values for previews and tests of templates, which are about nobody.</summary>
internal static class MessageSamples
{
    public static string Of(string placeholder) => placeholder switch
    {
        Placeholders.Name => "Ada Lovelace",
        Placeholders.Code => "123456",
        Placeholders.Minutes => "5",
        Placeholders.Link => "https://example.com/sample-link",
        Placeholders.Expires => "2030-01-31 12:00",
        Placeholders.Browser => "Firefox, Linux",
        Placeholders.Country => "NL",
        Placeholders.Time => "2030-01-24 12:00 UTC",
        Placeholders.DueSoon => "2",
        Placeholders.Overdue => "1",
        _ => throw new ArgumentException($"There is no placeholder '{placeholder}'.", nameof(placeholder)),
    };

    public static RenderedMessage Render(MessageKind kind, TemplateDraft draft, Directory directory, string language) =>
        RenderedMessage.Of(new ReadTemplate(kind, language, draft), directory, Of);
}
