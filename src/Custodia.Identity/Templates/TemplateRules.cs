using System.Globalization;
using Directory = Custodia.Identity.Directories.Directory;

namespace Custodia.Identity.Templates;

/// <summary>What a template may be; reports every finding at once.</summary>
internal static class TemplateRules
{
    public const int MaxSegments = 3;

    // With the limits of length this keeps every mail below what the server carries, however long the values are.
    private const int MostOfOne = 5;
    private const int MaxSms = 600;

    public static IReadOnlyList<TemplateFinding> Check(MessageKind kind, TemplateDraft draft, Directory directory)
    {
        List<TemplateFinding> findings = [];
        if (kind.IsSms) CheckSms(findings, kind, draft, directory);
        else CheckMail(findings, kind, draft);
        return findings;
    }

    private static void CheckMail(List<TemplateFinding> findings, MessageKind kind, TemplateDraft draft)
    {
        if (string.IsNullOrWhiteSpace(draft.Subject)) findings.Add(new("subject", "required"));
        else
        {
            // A line break here would be a header of its own in the mail.
            if (!ShownText.IsLine(draft.Subject)) findings.Add(new("subject", "one-line"));
            if (draft.Subject.Length > MessageTemplate.MaxSubject) findings.Add(new("subject", "too-long", Number(MessageTemplate.MaxSubject)));
            foreach (var (name, index) in CheckNames(findings, kind, "subject", draft.Subject))
            {
                if (Placeholders.IsSecret(name)) findings.Add(new("subject", "not-in-subject", $"{{{{{name}}}}}", TemplateFinding.PositionOf(draft.Subject, index)));
            }
        }

        CheckBody(findings, kind, "text", draft.Text, MessageTemplate.MaxText);
        if (draft.Html is not { } html) return;
        CheckBody(findings, kind, "html", html, MessageTemplate.MaxHtml);
        findings.AddRange(HtmlCheck.Check(html));
    }

    private static void CheckSms(List<TemplateFinding> findings, MessageKind kind, TemplateDraft draft, Directory directory)
    {
        if (!string.IsNullOrEmpty(draft.Subject)) findings.Add(new("subject", "not-in-sms"));
        if (!string.IsNullOrEmpty(draft.Html)) findings.Add(new("html", "not-in-sms"));
        CheckBody(findings, kind, "text", draft.Text, MaxSms);
        if (findings.Count > 0) return;
        var longest = new[] { "en", "zh" }.Max(language => SmsLength.Of(MessageSamples.Render(kind, draft, directory, language).Text).Segments);
        if (longest > MaxSegments) findings.Add(new("text", "segments", Number(longest)));
    }

    private static void CheckBody(List<TemplateFinding> findings, MessageKind kind, string field, string? body, int longest)
    {
        if (string.IsNullOrWhiteSpace(body))
        {
            findings.Add(new(field, "required"));
            return;
        }

        if (body.Length > longest) findings.Add(new(field, "too-long", Number(longest)));
        if (body.Any(c => char.IsControl(c) && c is not ('\n' or '\t'))) findings.Add(new(field, "control-characters"));
        var names = CheckNames(findings, kind, field, body);
        foreach (var missing in kind.Required.Where(r => names.TrueForAll(n => n.Name != r))) findings.Add(new(field, "required-placeholder", $"{{{{{missing}}}}}"));
        foreach (var often in names.GroupBy(n => n.Name).Where(g => g.Count() > MostOfOne)) findings.Add(new(field, "too-often", $"{{{{{often.Key}}}}}"));
    }

    private static List<(string Name, int Index)> CheckNames(List<TemplateFinding> findings, MessageKind kind, string field, string source)
    {
        var text = new TemplateText(source);
        foreach (var index in text.Malformed) findings.Add(new(field, "malformed-placeholder", "{{", TemplateFinding.PositionOf(source, index)));
        List<(string Name, int Index)> names = [.. text.Names];
        foreach (var (name, index) in names.Where(n => !kind.Offered.Contains(n.Name)))
            findings.Add(new(field, "unknown-placeholder", $"{{{{{name}}}}}", TemplateFinding.PositionOf(source, index)));
        return names;
    }

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
