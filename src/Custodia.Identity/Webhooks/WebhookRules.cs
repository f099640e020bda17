using Custodia.Identity.Administration;
using Custodia.Kernel.Http.Outbound;

namespace Custodia.Identity.Webhooks;

/// <summary>What a webhook may be set to; reports every finding at once.</summary>
internal sealed class WebhookRules(SafeHttpClient client)
{
    /// <param name="creating">Then address and events are needed.</param>
    public Findings Check(WebhookSettings settings, bool creating)
    {
        var findings = new Findings();
        if (settings.Url is { } url) CheckAddress(findings, url.Trim());
        else if (creating) findings.Add("url", "required");
        if (settings.Description is { } description && (description.Trim().Length > Webhook.MaxDescription || !ShownText.IsLine(description)))
            findings.Add("description", "length-0-200");
        if (settings.Events is { } events)
        {
            if (events.Count == 0) findings.Add("events", "choose-event");
            else if (events.Any(e => e is null || !WebhookEvents.IsKnown(e))) findings.Add("events", "unknown-event");
        }
        else if (creating)
        {
            findings.Add("events", "required");
        }

        return findings;
    }

    // https; http only on the machine itself, where the server may call it at all.
    private void CheckAddress(Findings findings, string url)
    {
        if (url.Length > Webhook.MaxUrl
            || url.AsSpan().ContainsAnyExceptInRange('\x21', '\x7e')
            || !Uri.TryCreate(url, UriKind.Absolute, out var address)
            || !(address.Scheme == Uri.UriSchemeHttps || (address.Scheme == Uri.UriSchemeHttp && address.IsLoopback))
            || address.Host.Length == 0
            || address.UserInfo.Length > 0
            || url.Contains('#', StringComparison.Ordinal)) findings.Add("url", "https-address");
        else if (!client.MayReach(address)) findings.Add("url", "private-address");
    }
}
