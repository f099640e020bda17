using System.Text.Json;

namespace Custodia.Server.Bench;

/// <summary>A token of the first administrator's application.</summary>
internal static class BenchToken
{
    public static async Task<string> OfAdminAsync(BenchProcess server, string data, CancellationToken cancellation)
    {
        using var admin = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(data, "initial-admin.json"), cancellation));
        var issuer = Text(admin, "issuer");
        using var metadata = JsonDocument.Parse(await server.SendAsync(HttpMethod.Get, $"{issuer}/.well-known/openid-configuration", null, cancellation));
        KeyValuePair<string, string>[] form = [new("grant_type", "client_credentials"), new("client_id", Text(admin, "clientId")), new("client_secret", Text(admin, "clientSecret"))];
        using var answer = JsonDocument.Parse(await server.SendAsync(HttpMethod.Post, Text(metadata, "token_endpoint"), form, cancellation));
        return Text(answer, "access_token");
    }

    private static string Text(JsonDocument document, string name) => document.RootElement.GetProperty(name).GetString()!;
}
