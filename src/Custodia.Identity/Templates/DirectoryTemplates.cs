using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Globalization;
using Custodia.Console;

namespace Custodia.Identity.Templates;

/// <summary>What a directory has written itself, and which template somebody gets.</summary>
/// <param name="DefaultLanguage">For people in whose language the directory has nothing; null for none.</param>
internal sealed record DirectoryTemplates(FrozenDictionary<(string Message, string Language), ReadTemplate> Own, string? DefaultLanguage)
{
    private static readonly ConcurrentDictionary<(MessageKind Kind, string Language), ReadTemplate> BuiltIns = new();

    /// <summary>The built-in template in one of <see cref="LanguageChoice.Supported"/>.</summary>
    public static ReadTemplate BuiltIn(MessageKind kind, string language) =>
        BuiltIns.GetOrAdd((kind, language), static key => new ReadTemplate(key.Kind, key.Language, MessageTexts.Of(key.Kind, key.Language)));

    /// <summary>Languages in which the directory has written a message itself.</summary>
    public IReadOnlyList<string> LanguagesOf(MessageKind kind) =>
        [.. Own.Keys.Where(k => k.Message == kind.Id).Select(k => k.Language).Order(StringComparer.Ordinal)];

    public ReadTemplate? Find(MessageKind kind, string language) => Own.GetValueOrDefault((kind.Id, language));

    /// <summary>
    /// The template for a reader: the directory's own in a language that they want, exactly or less exactly; the directory's own in its
    /// default language; the built-in one. Wanted languages after the first that a built-in text exists in do not count: that one is
    /// understood better.
    /// </summary>
    /// <param name="wanted">Language tags, best first.</param>
    public ReadTemplate Pick(MessageKind kind, IReadOnlyList<string> wanted)
    {
        string? builtIn = null;
        foreach (var text in wanted)
        {
            if (!LanguageTag.TryRead(text, out var tag)) continue;
            if (Narrowed(kind, tag) is { } own) return own;
            if ((builtIn = LanguageTag.BuiltIn(tag)) is not null) break;
        }

        if (DefaultLanguage is not null && Narrowed(kind, DefaultLanguage) is { } usual) return usual;
        return BuiltIn(kind, builtIn ?? (DefaultLanguage is null ? null : LanguageTag.BuiltIn(DefaultLanguage)) ?? OfPage());
    }

    private ReadTemplate? Narrowed(MessageKind kind, string tag) =>
        LanguageTag.Narrowing(tag).Select(t => Find(kind, t)).FirstOrDefault(t => t is not null);

    private static string OfPage() => LanguageTag.BuiltIn(CultureInfo.CurrentUICulture.Name) ?? LanguageChoice.Supported[0];
}
