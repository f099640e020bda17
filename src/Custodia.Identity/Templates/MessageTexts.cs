using System.Globalization;
using Custodia.Console;

namespace Custodia.Identity.Templates;

/// <summary>The built-in templates: what is sent where a directory has said nothing else.</summary>
internal static class MessageTexts
{
    public static readonly TextSource Source = new("Custodia.Identity.Templates.MessageTexts", typeof(MessageTexts).Assembly);

    /// <summary>Subject (empty for SMS) and text in one of <see cref="LanguageChoice.Supported"/>.</summary>
    public static TemplateDraft Of(MessageKind kind, string language)
    {
        var culture = CultureInfo.GetCultureInfo(language);
        if (kind.IsSms) return new TemplateDraft(null, Source.In(culture, kind.Key + "_Text"), null);
        return kind.IsCredentialNotice
            ? new TemplateDraft(Source.In(culture, "Credential_Subject"), $"{Source.In(culture, kind.Key + "_Notice")}\n\n{Source.In(culture, "Credential_Text")}", null)
            : new TemplateDraft(Source.In(culture, kind.Key + "_Subject"), Source.In(culture, kind.Key + "_Text").ReplaceLineEndings("\n"), null);
    }
}

/// <summary>What an administrator writes for one message in one language.</summary>
/// <param name="Subject">One line, for mails; null for SMS.</param>
/// <param name="Html">A fragment of HTML beside the text, for mails; null for none.</param>
internal sealed record TemplateDraft(string? Subject, string Text, string? Html);
