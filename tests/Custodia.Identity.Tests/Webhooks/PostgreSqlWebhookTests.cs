using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Custodia.Identity.Tests.People;
using Custodia.Identity.Webhooks;
using Custodia.Testing;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Custodia.Identity.Tests.Webhooks;

/// <summary>What the queue decides by statements, decided by PostgreSQL.</summary>
public sealed class PostgreSqlWebhookTests(PostgreSqlServer postgres) : IClassFixture<PostgreSqlServer>
{
    [EngineFact(Engines.PostgreSql)]
    public async Task A_message_fails_comes_again_and_is_delivered_under_both_secrets()
    {
        await using var server = await StartAsync();
        await using var receiver = await HookReceiver.StartAsync();
        receiver.Answer = (_, before) => Task.FromResult(Results.StatusCode(before < 1 ? 500 : 200));
        var (id, secret) = await server.AddHookAsync(receiver, WebhookEvents.Registered);
        await server.AddUserAsync("pg-again");
        (await server.SettledAsync(id, "waiting")).GetProperty("statusCode").GetInt32().ShouldBe(500);
        (await server.HookAsync(id)).GetProperty("failingSince").ValueKind.ShouldBe(JsonValueKind.String);
        using var rotated = await (await server.AdminAsync()).PostAsync(new Uri($"{HookServer.Path}/{id}/secret", UriKind.Relative), null);
        var newer = (await rotated.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("secret").GetString()!;
        server.Time.Advance(TimeSpan.FromSeconds(6));
        await server.SettledAsync(id, "delivered", tries: 2);
        receiver.Heard.Select(m => m.Id).Distinct().ShouldHaveSingleItem();
        receiver.Heard[1].IsSignedWith(secret, server.Time.GetUtcNow()).ShouldBeTrue();
        receiver.Heard[1].IsSignedWith(newer, server.Time.GetUtcNow()).ShouldBeTrue();
        (await server.HookAsync(id)).GetProperty("failingSince").ValueKind.ShouldBe(JsonValueKind.Null);
    }

    [EngineFact(Engines.PostgreSql)]
    public async Task A_receiver_that_is_gone_switches_its_webhook_off()
    {
        await using var server = await StartAsync();
        await using var receiver = await HookReceiver.StartAsync();
        receiver.Answer = (_, _) => Task.FromResult(Results.StatusCode(410));
        var (id, _) = await server.AddHookAsync(receiver, WebhookEvents.Registered);
        await server.AddUserAsync("pg-gone");
        await server.SettledAsync(id, "failed");
        (await server.HookAsync(id)).GetProperty("disabledReason").GetString().ShouldBe("gone");
        using var on = await (await server.AdminAsync()).PatchAsJsonAsync($"{HookServer.Path}/{id}", new { enabled = true });
        on.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await server.HookAsync(id)).GetProperty("disabledReason").ValueKind.ShouldBe(JsonValueKind.Null);
    }

    [EngineFact(Engines.PostgreSql)]
    public async Task Ten_dispatchers_at_once_send_each_message_once()
    {
        await using var server = await StartAsync();
        await using var receiver = await HookReceiver.StartAsync();
        var (id, _) = await server.AddHookAsync(receiver, WebhookEvents.Registered);
        var people = Task.Run(async () =>
        {
            for (var i = 0; i < 20; i++) await server.AddUserAsync($"pg-crowd-{i}");
        });
        await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => Task.Run(async () =>
        {
            while (receiver.Heard.Count < 20 && !people.IsFaulted)
                await server.InScopeAsync(services => services.GetRequiredService<WebhookSender>().SendDueAsync(id, default));
        })).Append(people));
        await Eventually.TrueAsync(async () => (await server.DeliveriesAsync(id, "?status=delivered&limit=200")).Count == 20);
        receiver.Heard.Select(m => m.Id).Distinct().Count().ShouldBe(20);
        receiver.Heard.Count.ShouldBe(20);
    }

    private async Task<HookServer> StartAsync()
    {
        var connection = await postgres.NewDatabaseAsync();
        return await HookServer.StartAsync(server =>
        {
            server.Settings["Custodia:Storage:Provider"] = "PostgreSql";
            server.Settings["Custodia:Storage:ConnectionString"] = connection;
        });
    }
}
