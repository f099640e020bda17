using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Custodia.Identity.Tests.People;
using Custodia.Kernel.Policy;
using Custodia.Kernel.Retention;
using Microsoft.Extensions.DependencyInjection;

namespace Custodia.Identity.Tests.Webhooks;

/// <summary>A server that may call receivers on loopback.</summary>
public sealed class HookServer : PeopleServer
{
    public const string Path = "/api/v1/directories/customers/webhooks";

    public static async Task<HookServer> StartAsync(Action<HookServer>? change = null)
    {
        var server = new HookServer();
        change?.Invoke(server);
        await server.InitializeAsync();
        return server;
    }

    public async Task<(Guid Id, string Secret)> AddHookAsync(HookReceiver receiver, params string[] events) =>
        await AddHookAsync(new { url = receiver.Url, events });

    public async Task<(Guid Id, string Secret)> AddHookAsync(object webhook)
    {
        var answer = await (await AdminAsync()).PostAsJsonAsync(Path, webhook);
        answer.StatusCode.ShouldBe(HttpStatusCode.Created, await answer.Content.ReadAsStringAsync());
        var made = await answer.Content.ReadFromJsonAsync<JsonElement>();
        return (made.GetProperty("webhook").GetProperty("id").GetGuid(), made.GetProperty("secret").GetString()!);
    }

    public async Task<JsonElement> HookAsync(Guid id) => await (await AdminAsync()).GetFromJsonAsync<JsonElement>($"{Path}/{id}");

    public async Task<IReadOnlyList<JsonElement>> DeliveriesAsync(Guid id, string query = "") => await DeliveriesAsync(await AdminAsync(), id, query);

    /// <summary>Waits until the newest delivery is in a state.</summary>
    public async Task<JsonElement> SettledAsync(Guid id, string status, int tries = 1)
    {
        JsonElement found = default;
        // One token for all looks: what failed waits for seconds only, and a busy machine must see it waiting.
        var admin = await AdminAsync();
        await Eventually.TrueAsync(async () =>
        {
            var all = await DeliveriesAsync(admin, id, "");
            if (all.Count > 0) found = all[0];
            return all.Count > 0 && found.GetProperty("status").GetString() == status && found.GetProperty("tries").GetInt32() == tries;
        });
        return found;
    }

    public async Task<Guid> AddUserAsync(string userName)
    {
        var answer = await (await AdminAsync()).PostAsJsonAsync("/api/v1/users", new { directory = "customers", userName, email = $"{userName}@example.com", displayName = "Some Body" });
        answer.StatusCode.ShouldBe(HttpStatusCode.Created, await answer.Content.ReadAsStringAsync());
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetGuid();
    }

    public async Task<int> EnforceAsync(string category, string trigger)
    {
        var deleted = 0;
        await InScopeAsync(async services =>
        {
            var rule = services.GetServices<IRetentionRule>().Single(r => r.Category == category && r.Trigger == trigger);
            var line = services.GetRequiredService<LoadedPolicy>().Category(category).DeleteOn.Single(t => t.Name == trigger);
            deleted = await rule.EnforceAsync(new RetentionMoment(Time.GetUtcNow(), line), default);
        });
        return deleted;
    }

    private static async Task<IReadOnlyList<JsonElement>> DeliveriesAsync(HttpClient admin, Guid id, string query)
    {
        var list = await admin.GetFromJsonAsync<JsonElement>($"{Path}/{id}/deliveries{query}");
        return [.. list.GetProperty("items").EnumerateArray()];
    }

    protected override void Prepare()
    {
        base.Prepare();
        Settings.TryAdd("Custodia:Http:AllowedPrivateNetworks:0", "127.0.0.0/8");
    }
}
