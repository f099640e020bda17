using System.Collections.Immutable;
using System.Text.Json;

namespace Custodia.Identity.Tokens;

/// <summary>
/// How a token came about that one application got for a person of another (RFC 8693): who acts, and the tokens it was made from,
/// so that it ends with each of them.
/// </summary>
/// <param name="Actors">Client ids, the one that acts now first: the nested claim <c>act</c> (section 4.1).</param>
/// <param name="Origins">The tokens that were exchanged, the person's own first: the private claim <c>origin</c>.</param>
internal sealed record Delegation(ImmutableArray<string> Actors, ImmutableArray<TokenOrigin> Origins)
{
    /// <summary>How many services may act one behind the other.</summary>
    public const int MaxDepth = 5;

    public void Write(Utf8JsonWriter json)
    {
        foreach (var actor in Actors)
        {
            json.WriteStartObject("act"u8);
            json.WriteString("sub"u8, actor);
        }

        for (var i = 0; i < Actors.Length; i++) json.WriteEndObject();
        json.WriteStartArray("origin"u8);
        foreach (var origin in Origins)
        {
            json.WriteStartObject();
            json.WriteString("client_id"u8, origin.ClientId);
            json.WriteString("jti"u8, origin.Jti);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <summary>From a token's own claims, whose signature was checked.</summary>
    public static Delegation Read(JsonElement act, JsonElement origins)
    {
        var actors = ImmutableArray.CreateBuilder<string>();
        for (JsonElement? next = act; next is { } actor; next = actor.TryGetProperty("act", out var inner) ? inner : null)
            actors.Add(actor.GetProperty("sub").GetString()!);
        return new Delegation(
            actors.ToImmutable(),
            [.. origins.EnumerateArray().Select(o => new TokenOrigin(o.GetProperty("client_id").GetString()!, o.GetProperty("jti").GetString()!))]);
    }
}

/// <param name="ClientId">The application that the token was given to.</param>
internal sealed record TokenOrigin(string ClientId, string Jti);
