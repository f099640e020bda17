using Custodia.Identity.Templates;
using FsCheck;
using FsCheck.Fluent;
using Directory = Custodia.Identity.Directories.Directory;

namespace Custodia.Identity.Tests.Templates;

public sealed class TemplateTextTests
{
    private static readonly Directory Shop = new() { Name = "shop", Title = "Tom & Jerry's <Shop>", TitleZh = "商店" };

    private static readonly Gen<string> Names = Gen.Elements("code", "link", "directory", "minutes");

    [Fact]
    public void Rendering_leaves_no_placeholder_and_changes_nothing_else()
    {
        var piece = Gen.OneOf(Names.Select(n => $"{{{{{n}}}}}"), Gen.Elements("Hello ", "{", "}", "\n", "你好", "} }", "<b>"));
        Prop.ForAll(
            piece.ListOf().Select(p => p.ToArray()).ToArbitrary(),
            pieces =>
            {
                var template = new TemplateText(string.Join(" ", pieces));
                var expected = string.Join(" ", pieces.Select(p => p.StartsWith("{{", StringComparison.Ordinal) ? $"<{p.Trim('{', '}')}>" : p));
                return template.Malformed.Count == 0 && template.Render(name => $"<{name}>") == expected;
            }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void A_value_is_not_read_again()
    {
        Prop.ForAll(Names.ToArbitrary(), name => new TemplateText("a {{code}} b").Render(_ => $"{{{{{name}}}}}") == $"a {{{{{name}}}}} b").QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Any_value_in_html_is_text_there()
    {
        var template = Read(MessageCatalogue.SignInLink, html: "<p title=\"{{name}}\">{{name}}|{{code}}</p><a href=\"{{link}}\">{{directory}}</a>");
        Prop.ForAll(ArbMap.Default.ArbFor<NonNull<string>>(), value =>
        {
            var html = RenderedMessage.Of(template, Shop, _ => value.Get).Html!;
            var inside = html[(html.IndexOf("<p title", StringComparison.Ordinal) + 1)..html.IndexOf("</body>", StringComparison.Ordinal)];
            // What was in the template: p, /p, a, /a; and the quotes of its two attributes.
            return inside.Count(c => c == '<') == 3 && inside.Count(c => c == '"') == 4;
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void No_value_brings_a_line_into_a_subject_and_none_is_too_long_for_it()
    {
        var template = Read(MessageCatalogue.SignInCode, subject: "{{name}}{{name}}{{directory}}");
        Prop.ForAll(ArbMap.Default.ArbFor<NonNull<string>>(), value =>
        {
            var subject = RenderedMessage.Of(template, Shop, _ => value.Get + "\r\nBcc: eve@example.com\u2028" + new string('x', 90)).Subject;
            return subject.Length is > 0 and <= 200 && !subject.Any(char.IsControl) && !subject.Contains('\u2028');
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Every_built_in_text_keeps_to_the_rules_in_every_language()
    {
        foreach (var kind in MessageCatalogue.All)
        {
            foreach (var language in new[] { "en", "zh" })
            {
                var draft = MessageTexts.Of(kind, language);
                TemplateRules.Check(kind, draft, Shop).ShouldBeEmpty($"{kind.Id} {language}");
                var rendered = MessageSamples.Render(kind, draft, Shop, language);
                (rendered.Subject + rendered.Text).ShouldNotContain("{");
            }
        }

        MessageCatalogue.All.Select(k => k.Id).ShouldBeUnique();
    }

    [Fact]
    public void All_texts_have_a_translation()
    {
        foreach (var source in new[] { MessageTexts.Source, TemplateTexts.Source })
        {
            var english = source.Keys(System.Globalization.CultureInfo.InvariantCulture);
            english.ShouldNotBeEmpty();
            source.Keys(new System.Globalization.CultureInfo("zh")).ShouldBe(english, ignoreOrder: true);
        }
    }

    [Theory]
    [InlineData("", "{{code}} {{nmae}}", "", "subject required|text unknown-placeholder {{nmae}} at 1:10")]
    [InlineData("Hi", "Hello\n{{name}}", "", "text required-placeholder {{code}}")]
    [InlineData("Hi\r\nBcc: eve@example.com", "{{code}}", "", "subject one-line")]
    [InlineData("{{code}}", "{{code}}", "", "subject not-in-subject {{code}} at 1:1")]
    [InlineData("Hi", "{{code}} {{#if}} {{", "", "text malformed-placeholder {{ at 1:10|text malformed-placeholder {{ at 1:18")]
    [InlineData("Hi", "{{code}}{{code}}{{code}}{{code}}{{code}}{{code}}", "", "text too-often {{code}}")]
    [InlineData("Hi", "{{code}}\0", "", "text control-characters")]
    [InlineData("Hi", "{{code}}", "<p>Hello</p>", "html required-placeholder {{code}}")]
    public void What_a_template_cannot_be_is_named(string subject, string text, string html, string expected)
    {
        var draft = new TemplateDraft(subject.Length == 0 ? null : subject, text, html.Length == 0 ? null : html);
        string.Join('|', TemplateRules.Check(MessageCatalogue.SignInCode, draft, Shop).Select(f => $"{f.Field} {f.Text}")).ShouldBe(expected);
    }

    [Fact]
    public void A_message_with_a_link_needs_the_link()
    {
        var findings = TemplateRules.Check(MessageCatalogue.SignInLink, new TemplateDraft("Hi", "{{code}}", "<p>{{code}}</p>"), Shop);
        findings.Select(f => $"{f.Field} {f.Text}").ShouldBe(["text required-placeholder {{link}}", "html required-placeholder {{link}}"]);
    }

    [Theory]
    [InlineData("de-ch", "de-CH,de")]
    [InlineData("ZH-hant-tw", "zh-Hant-TW,zh-Hant,zh")]
    [InlineData("sl-rozaj-1994", "sl-rozaj-1994,sl-rozaj,sl")]
    public void A_language_is_looked_up_exactly_and_then_less_exactly(string typed, string expected)
    {
        LanguageTag.TryRead(typed, out var tag).ShouldBeTrue();
        string.Join(',', LanguageTag.Narrowing(tag!)).ShouldBe(expected);
    }

    [Theory]
    [InlineData("")]
    [InlineData("e")]
    [InlineData("english")]
    [InlineData("en_GB")]
    [InlineData("en-")]
    [InlineData("../en")]
    [InlineData("en-a-b")]
    public void What_is_no_language_tag_is_refused(string typed) => LanguageTag.TryRead(typed, out _).ShouldBeFalse();

    [Fact]
    public void A_reader_gets_their_own_language_then_the_directorys_then_what_is_built_in()
    {
        var own = Templates("de", "de-CH", "fr").ToFrozen(defaultLanguage: "fr");
        Language(own, "de-CH").ShouldBe("de-CH own");
        Language(own, "de-AT").ShouldBe("de own");
        Language(own, "es", "de").ShouldBe("de own");
        Language(own, "es").ShouldBe("fr own");
        Language(own, "zh-TW").ShouldBe("fr own");
        Language(own, "en", "de").ShouldBe("fr own");
        Language(own).ShouldBe("fr own");
        var without = Templates("de").ToFrozen(defaultLanguage: null);
        Language(without, "zh-TW").ShouldBe("zh built-in");
        Language(without, "zh", "de").ShouldBe("zh built-in");
        Language(without, "es").ShouldBe("en built-in");
        Language(without, "not a tag", "de").ShouldBe("de own");
    }

    [Fact]
    public void Sms_are_counted_as_networks_count_them()
    {
        SmsLength.Of(new string('a', 160)).ShouldBe(new SmsLength(true, 160, 1));
        SmsLength.Of(new string('a', 161)).ShouldBe(new SmsLength(true, 161, 2));
        SmsLength.Of(new string('a', 306)).ShouldBe(new SmsLength(true, 306, 2));
        SmsLength.Of(new string('a', 307)).ShouldBe(new SmsLength(true, 307, 3));
        SmsLength.Of(new string('€', 80)).ShouldBe(new SmsLength(true, 160, 1));
        // An escaped character is not cut: 152 and 1 do not fit its two.
        SmsLength.Of(new string('a', 152) + "€" + new string('a', 152)).ShouldBe(new SmsLength(true, 306, 3));
        SmsLength.Of(new string('码', 70)).ShouldBe(new SmsLength(false, 70, 1));
        SmsLength.Of(new string('码', 71)).ShouldBe(new SmsLength(false, 71, 2));
        SmsLength.Of(new string('码', 66) + "😀" + new string('码', 66)).ShouldBe(new SmsLength(false, 134, 3));
    }

    private static ReadTemplate Read(MessageKind kind, string subject = "Hi", string text = "{{code}} {{link}}", string? html = null) =>
        new(kind, "en", new TemplateDraft(subject, text, html));

    private static string Language(DirectoryTemplates templates, params string[] wanted)
    {
        var picked = templates.Pick(MessageCatalogue.SignInCode, wanted);
        return $"{picked.Language} {(picked.IsBuiltIn ? "built-in" : "own")}";
    }

    private static List<ReadTemplate> Templates(params string[] languages) =>
        [.. languages.Select(l => new ReadTemplate(MessageCatalogue.SignInCode, l, new TemplateDraft("Hi", "{{code}}", null), DateTimeOffset.UnixEpoch))];
}

internal static class TemplateLists
{
    public static DirectoryTemplates ToFrozen(this IEnumerable<ReadTemplate> templates, string? defaultLanguage) =>
        new(System.Collections.Frozen.FrozenDictionary.ToFrozenDictionary(templates, t => (t.Kind.Id, t.Language)), defaultLanguage);
}
