using Custodia.Console;

namespace Custodia.Identity.Webhooks;

/// <summary>Settings of a webhook as a form.</summary>
internal static class WebhookForm
{
    /// <summary>Under which the error of the boxes stands: once for all of them.</summary>
    public const string EventsField = "event-types";

    public static WebhookSettings Read(FormState form, bool creating) => new(
        form["url"],
        form.All("events"),
        form["description"],
        form.Ticked("includesProfile"),
        creating ? null : form.Ticked("enabled"));

    /// <summary>Marks what is wrong.</summary>
    public static void Explain(FormState form, WebhookOutcome outcome)
    {
        if (outcome is WebhookOutcome.TooMany) form.Fail(WebhookTexts.Of("TooMany", WebhookRegistry.MaxWebhooks));
        if (outcome is not WebhookOutcome.Invalid invalid) return;
        foreach (var (field, rule) in invalid.Findings.All) form.Fail(field == "events" ? EventsField : field, WebhookTexts.Rule(rule));
    }
}
