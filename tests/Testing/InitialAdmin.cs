using System.Net.Http.Json;
using System.Text.Json;

namespace Custodia.Testing;

/// <summary>The file that the first start writes.</summary>
public sealed record InitialAdmin(string Issuer, string ClientId, string ClientSecret, string UserName, string Password)
{
    /// <summary>An API token by the client credentials grant.</summary>
    /// <param name="scope">Scopes separated by blanks; all that it may have when null.</param>
    public async Task<string> TokenAsync(HttpClient client, string? scope = null)
    {
        var discovery = await client.GetFromJsonAsync<JsonElement>($"{Issuer}/.well-known/openid-configuration");
        using var form = new FormUrlEncodedContent(
        [
            new("grant_type", "client_credentials"),
            new("client_id", ClientId),
            new("client_secret", ClientSecret),
            .. scope is null ? [] : new KeyValuePair<string, string>[] { new("scope", scope) },
        ]);
        using var answer = await client.PostAsync(discovery.GetProperty("token_endpoint").GetString(), form);
        answer.EnsureSuccessStatusCode();
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("access_token").GetString()!;
    }
}

/// <summary>A message in the Development outbox.</summary>
/// <param name="Channel"><c>mail</c> or <c>sms</c>.</param>
public sealed record OutboxItem(Guid Id, string Channel, string Recipient, string Subject, string Text, string Origin, DateTimeOffset CreatedAt)
{
    /// <summary>A mail's HTML document; null for text alone.</summary>
    public string? Html { get; init; }
}
