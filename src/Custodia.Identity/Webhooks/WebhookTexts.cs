using Custodia.Console;

namespace Custodia.Identity.Webhooks;

/// <summary>Texts about webhooks.</summary>
internal static class WebhookTexts
{
    private static readonly TextSource Source = new("Custodia.Identity.Webhooks.WebhookTexts", typeof(WebhookTexts).Assembly);

    public static string Of(string key, params object[] values) => Source.Of(key, values);

    /// <summary>What happened when an event is sent.</summary>
    public static string Event(string type) => Of("Event_" + type);

    /// <summary>What a broken rule means; rules that other forms know too are explained there.</summary>
    public static string Rule(string rule) => rule is "required" ? Texts.Rule(rule) : Of("Rule_" + rule);
}
