using Custodia.Console;

namespace Custodia.Identity.Templates;

/// <summary>Texts of the pages about templates.</summary>
internal static class TemplateTexts
{
    public static readonly TextSource Source = new("Custodia.Identity.Templates.TemplateTexts", typeof(TemplateTexts).Assembly);

    public static string Of(string key, params object?[] values) => Source.Of(key, values);

    /// <summary>What is wrong, for people.</summary>
    public static string Say(TemplateFinding finding)
    {
        var text = Of("Rule_" + (finding.Rule.StartsWith("html-value-", StringComparison.Ordinal) && !Known(finding.Rule) ? "html-value" : finding.Rule), finding.Value);
        return finding.Position is null ? text : Of("AtPosition", text, finding.Position);
    }

    private static bool Known(string rule) => rule is "html-value-href" or "html-value-src" or "html-value-style";
}
