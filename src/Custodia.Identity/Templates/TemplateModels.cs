using Custodia.Console;
using Directory = Custodia.Identity.Directories.Directory;

namespace Custodia.Identity.Templates;

internal sealed record TemplateListModel(Directory Directory, DirectoryTemplates Templates, FormState Form, bool MayWrite);

/// <param name="Template">What is in the form.</param>
/// <param name="Shown">The same with sample values; null while something is wrong with it.</param>
/// <param name="TestSentTo">Mask of the address that this very request sent a test to.</param>
internal sealed record TemplateModel(TemplateTarget Target, FormState Form, ReadTemplate Template, RenderedMessage? Shown, bool MayWrite, string? TestSentTo = null)
{
    public string Address => $"/console/directories/{Target.Directory.Name}/templates/{Target.Kind.Id}/{Target.Language}";

    public static TemplateModel Stored(TemplateTarget target, bool mayWrite)
    {
        var draft = target.InForce.Draft;
        var form = new FormState([new("subject", draft.Subject), new("text", draft.Text), new("html", draft.Html)]);
        return new TemplateModel(target, form, target.InForce, RenderedMessage.Of(target.InForce, target.Directory, MessageSamples.Of), mayWrite);
    }

    /// <summary>Checks what was typed and marks in the form what is wrong with it.</summary>
    public static TemplateModel Typed(TemplateTarget target, FormState form, bool mayWrite)
    {
        var draft = new TemplateRequest(form["subject"], form.Exact("text"), form.Exact("html")).ToDraft();
        var findings = TemplateRules.Check(target.Kind, draft, target.Directory);
        foreach (var field in findings.GroupBy(f => f.Field)) form.Fail(field.Key, string.Join(" ", field.Select(TemplateTexts.Say)));
        var template = new ReadTemplate(target.Kind, target.Language, draft);
        return new TemplateModel(target, form, template, findings.Count > 0 ? null : RenderedMessage.Of(template, target.Directory, MessageSamples.Of), mayWrite);
    }
}
