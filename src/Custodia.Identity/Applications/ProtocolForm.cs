using System.Text.Json;
using Custodia.Console;

namespace Custodia.Identity.Applications;

/// <summary><see cref="ProtocolSettings"/> as part of an application's form.</summary>
internal static class ProtocolForm
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    public static IEnumerable<KeyValuePair<string, string?>> Of(ProtocolSettings settings) =>
    [
        new("protocol.dpopRequired", settings.DpopRequired == true ? "true" : ""),
        new("protocol.pushedRequestsRequired", settings.PushedRequestsRequired == true ? "true" : ""),
        new("protocol.authentication", settings.Authentication),
        new("protocol.jwks", settings.Jwks is { } jwks ? JsonSerializer.Serialize(jwks, Indented) : ""),
        new("protocol.jwksUri", settings.JwksUri),
        new("protocol.accessTokenFormat", settings.AccessTokenFormat),
        new("protocol.exchangeFrom", string.Join('\n', settings.ExchangeFrom ?? [])),
    ];

    /// <summary>What the form says; null when it does not hold this part. Keys that are no JSON fail as no key set.</summary>
    public static ProtocolSettings? Read(FormState form)
    {
        if (!form.Has("protocol.accessTokenFormat")) return null;
        return new ProtocolSettings(
            form.Ticked("protocol.dpopRequired"),
            form.Ticked("protocol.pushedRequestsRequired"),
            form.Has("protocol.authentication") ? form["protocol.authentication"] : null,
            Json(form["protocol.jwks"]),
            form["protocol.jwksUri"].Trim() is { Length: > 0 } uri ? uri : null,
            form["protocol.accessTokenFormat"],
            form.Has("protocol.exchangeFrom") ? form["protocol.exchangeFrom"].Split(['\n', '\r', ' '], StringSplitOptions.RemoveEmptyEntries) : null);
    }

    private static JsonElement? Json(string text)
    {
        if (string.IsNullOrWhiteSpace(text)) return null;
        try
        {
            return JsonElement.Parse(text);
        }
        catch (JsonException)
        {
            return JsonElement.Parse("null");
        }
    }
}
