using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Custodia.Identity.Tests.People;
using Custodia.Identity.Webhooks;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Custodia.Identity.Tests.Webhooks;

public sealed class DeliveryTests(HookServer server) : IClassFixture<HookServer>
{
    [Fact]
    public async Task What_happens_is_told_signed_and_with_identifiers_alone()
    {
        await using var receiver = await HookReceiver.StartAsync();
        var (id, secret) = await server.AddHookAsync(receiver, WebhookEvents.Registered);
        Convert.FromBase64String(secret["whsec_".Length..]).Length.ShouldBe(32);
        var user = await server.AddUserAsync("told");
        var delivery = await server.SettledAsync(id, "delivered");
        var message = receiver.Heard.ShouldHaveSingleItem();
        message.IsSignedWith(secret, server.Time.GetUtcNow()).ShouldBeTrue();
        (message with { Body = message.Body + " " }).IsSignedWith(secret, server.Time.GetUtcNow()).ShouldBeFalse();
        message.ContentType.ShouldBe("application/json");
        message.Json.EnumerateObject().Select(p => p.Name).ShouldBe(["type", "timestamp", "data"]);
        message.Type.ShouldBe("identity.user.registered");
        message.Json.GetProperty("timestamp").GetDateTimeOffset().ShouldBeInRange(server.Time.GetUtcNow().AddMinutes(-1), server.Time.GetUtcNow());
        message.Data.EnumerateObject().Select(p => p.Name).ShouldBe(["userId", "directory"]);
        message.Data.GetProperty("userId").GetGuid().ShouldBe(user);
        message.Data.GetProperty("directory").GetString().ShouldBe("customers");
        delivery.GetProperty("messageId").GetString().ShouldBe(message.Id);
        delivery.GetProperty("statusCode").GetInt32().ShouldBe(204);
        delivery.GetProperty("userId").GetGuid().ShouldBe(user);
        delivery.GetProperty("nextTryAt").ValueKind.ShouldBe(JsonValueKind.Null);
        delivery.GetProperty("duration").GetInt32().ShouldBeGreaterThanOrEqualTo(0);
    }

    [Fact]
    public async Task Profile_values_are_sent_only_to_those_who_ask_for_them()
    {
        await using var receiver = await HookReceiver.StartAsync();
        var (id, _) = await server.AddHookAsync(new { url = receiver.Url, events = new[] { WebhookEvents.Registered }, includesProfile = true });
        await server.AddUserAsync("with-profile");
        await server.SettledAsync(id, "delivered");
        var data = receiver.Heard.ShouldHaveSingleItem().Data;
        data.GetProperty("email").GetString().ShouldBe("with-profile@example.com");
        data.GetProperty("displayName").GetString().ShouldBe("Some Body");
    }

    [Fact]
    public async Task Each_event_comes_once_where_it_happens()
    {
        await using var receiver = await HookReceiver.StartAsync();
        var (id, secret) = await server.AddHookAsync(receiver, [.. WebhookEvents.All]);
        var visitor = await server.SignUpAsync("whole-life@example.com");
        var user = await server.UserIdAsync("whole-life@example.com");
        var admin = await server.AdminAsync();
        (await admin.PatchAsJsonAsync($"/api/v1/users/{user}", new { displayName = "Renamed" })).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await admin.PostAsJsonAsync($"/api/v1/users/{user}/lock", new { reason = "a test" })).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await admin.PostAsJsonAsync($"/api/v1/users/{user}/lock", new { reason = "another" })).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await admin.PostAsync($"/api/v1/users/{user}/unlock", null)).StatusCode.ShouldBe(HttpStatusCode.OK);
        await Eventually.TrueAsync(() => Task.FromResult(receiver.Heard.Count >= 6));
        (await admin.DeleteAsync($"/api/v1/users/{user}")).StatusCode.ShouldBe(HttpStatusCode.Accepted);
        await Eventually.TrueAsync(() => Task.FromResult(receiver.Heard.Any(m => m.Type == WebhookEvents.Deleted)));
        receiver.Heard.ShouldAllBe(m => m.IsSignedWith(secret, server.Time.GetUtcNow()));
        receiver.Heard.ShouldAllBe(m => m.Data.GetProperty("userId").GetGuid() == user && m.Data.GetProperty("directory").GetString() == "customers");
        // The freezing and the end of nothing may have gone with the person before they were sent.
        var types = receiver.Heard.Where(m => m.Type != WebhookEvents.StatusChanged).Select(m => m.Type).Order().ToList();
        types.ShouldBe([WebhookEvents.Deleted, WebhookEvents.ProfileChanged, WebhookEvents.Registered, WebhookEvents.SignedIn, WebhookEvents.SignedOut]);
        receiver.Heard.Where(m => m.Type == WebhookEvents.StatusChanged).Select(m => m.Data.GetProperty("status").GetString()).Take(2).Order().ShouldBe(["LOCKED", "NORMAL"]);
        var began = receiver.Heard.Single(m => m.Type == WebhookEvents.SignedIn).Data;
        receiver.Heard.Single(m => m.Type == WebhookEvents.SignedOut).Data.GetProperty("sessionId").GetGuid().ShouldBe(began.GetProperty("sessionId").GetGuid());
        began.GetProperty("amr").GetString().ShouldNotBeNullOrEmpty();
        visitor.ShouldNotBeNull();
        (await server.HookAsync(id)).GetProperty("failingSince").ValueKind.ShouldBe(JsonValueKind.Null);
    }

    [Fact]
    public async Task Only_what_a_webhook_asked_for_and_only_of_its_directory_is_told()
    {
        await using var receiver = await HookReceiver.StartAsync();
        var admin = await server.AdminAsync();
        (await admin.PostAsJsonAsync("/api/v1/directories", new { name = "others", title = "Others" })).StatusCode.ShouldBe(HttpStatusCode.Created);
        var made = await admin.PostAsJsonAsync("/api/v1/directories/others/webhooks", new { url = receiver.Url, events = new[] { WebhookEvents.Registered } });
        made.StatusCode.ShouldBe(HttpStatusCode.Created);
        await using var witness = await HookReceiver.StartAsync();
        var (id, _) = await server.AddHookAsync(witness, WebhookEvents.ProfileChanged);
        var user = await server.AddUserAsync("elsewhere");
        (await admin.PatchAsJsonAsync($"/api/v1/users/{user}", new { displayName = "Renamed" })).StatusCode.ShouldBe(HttpStatusCode.OK);
        await server.SettledAsync(id, "delivered");
        witness.Heard.ShouldHaveSingleItem().Type.ShouldBe(WebhookEvents.ProfileChanged);
        receiver.Heard.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_webhook_that_is_off_hears_nothing_and_goes_on_when_it_is_on_again()
    {
        await using var receiver = await HookReceiver.StartAsync();
        var (id, _) = await server.AddHookAsync(receiver, WebhookEvents.Registered);
        var admin = await server.AdminAsync();
        (await admin.PatchAsJsonAsync($"{HookServer.Path}/{id}", new { enabled = false })).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await server.HookAsync(id)).GetProperty("disabledReason").GetString().ShouldBe("staff");
        await using var witness = await HookReceiver.StartAsync();
        var (other, _) = await server.AddHookAsync(witness, WebhookEvents.Registered);
        await server.AddUserAsync("while-off");
        await server.SettledAsync(other, "delivered");
        (await server.DeliveriesAsync(id)).ShouldBeEmpty();
        (await admin.PostAsync($"{HookServer.Path}/{id}/test", null)).StatusCode.ShouldBe(HttpStatusCode.Conflict);
        (await admin.PatchAsJsonAsync($"{HookServer.Path}/{id}", new { enabled = true })).StatusCode.ShouldBe(HttpStatusCode.OK);
        await server.AddUserAsync("while-on");
        await server.SettledAsync(id, "delivered");
        receiver.Heard.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task For_a_day_after_a_rotation_both_secrets_sign_and_then_the_new_one_alone()
    {
        await using var receiver = await HookReceiver.StartAsync();
        var (id, old) = await server.AddHookAsync(receiver, WebhookEvents.Registered);
        var admin = await server.AdminAsync();
        var rotated = await (await admin.PostAsync($"{HookServer.Path}/{id}/secret", null)).Content.ReadFromJsonAsync<JsonElement>();
        var fresh = rotated.GetProperty("secret").GetString()!;
        fresh.ShouldNotBe(old);
        rotated.GetProperty("webhook").GetProperty("previousSecretUntil").ValueKind.ShouldBe(JsonValueKind.String);
        await SendTestAsync(id);
        var first = receiver.Heard[0];
        first.Signature.Split(' ').Length.ShouldBe(2);
        first.IsSignedWith(old, server.Time.GetUtcNow()).ShouldBeTrue();
        first.IsSignedWith(fresh, server.Time.GetUtcNow()).ShouldBeTrue();
        server.Time.Advance(TimeSpan.FromHours(24) + TimeSpan.FromSeconds(1));
        await SendTestAsync(id);
        var second = receiver.Heard[1];
        second.IsSignedWith(old, server.Time.GetUtcNow()).ShouldBeFalse();
        second.IsSignedWith(fresh, server.Time.GetUtcNow()).ShouldBeTrue();
        (await server.HookAsync(id)).GetProperty("previousSecretUntil").ValueKind.ShouldBe(JsonValueKind.Null);
    }

    [Fact]
    public async Task Twenty_dispatchers_at_once_send_each_message_once()
    {
        await using var receiver = await HookReceiver.StartAsync();
        receiver.Answer = async (_, _) =>
        {
            await Task.Delay(20);
            return Results.Ok();
        };
        var (id, _) = await server.AddHookAsync(receiver, WebhookEvents.Registered);
        // They come up one after the other, so that there is something to contend for all the time.
        var people = Task.Run(async () =>
        {
            for (var i = 0; i < 40; i++) await server.AddUserAsync($"crowd-{i}");
        });
        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(async () =>
        {
            while (receiver.Heard.Count < 40 && !people.IsFaulted)
                await server.InScopeAsync(services => services.GetRequiredService<WebhookSender>().SendDueAsync(id, default));
        })).Append(people));
        await Eventually.TrueAsync(async () => (await server.DeliveriesAsync(id, "?status=delivered&limit=200")).Count == 40);
        receiver.Heard.Count.ShouldBe(40);
        receiver.Heard.Select(m => m.Id).Distinct().Count().ShouldBe(40);
        (await server.DeliveriesAsync(id, "?limit=200")).ShouldAllBe(d => d.GetProperty("tries").GetInt32() == 1);
    }

    [Fact]
    public async Task A_delivery_is_sent_again_by_hand_under_its_number()
    {
        await using var receiver = await HookReceiver.StartAsync();
        var (id, secret) = await server.AddHookAsync(receiver, WebhookEvents.Registered);
        await server.AddUserAsync("again");
        var first = await server.SettledAsync(id, "delivered");
        var again = await (await server.AdminAsync()).PostAsync($"{HookServer.Path}/{id}/deliveries/{first.GetProperty("eventId").GetGuid()}/resend", null);
        again.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        await Eventually.TrueAsync(() => Task.FromResult(receiver.Heard.Count == 2));
        await server.SettledAsync(id, "delivered");
        receiver.Heard[1].Id.ShouldBe(receiver.Heard[0].Id);
        receiver.Heard[1].Body.ShouldBe(receiver.Heard[0].Body);
        receiver.Heard[1].IsSignedWith(secret, server.Time.GetUtcNow()).ShouldBeTrue();
        (await server.DeliveriesAsync(id)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_slow_receiver_holds_up_nobody_else()
    {
        await using var slow = await HookReceiver.StartAsync();
        using var release = new SemaphoreSlim(0);
        slow.Answer = async (_, _) =>
        {
            await release.WaitAsync();
            return Results.Ok();
        };
        await using var quick = await HookReceiver.StartAsync();
        var (held, _) = await server.AddHookAsync(slow, WebhookEvents.Registered);
        var (id, _) = await server.AddHookAsync(quick, WebhookEvents.Registered);
        for (var i = 0; i < 6; i++) await server.AddUserAsync($"slow-{i}");
        await Eventually.TrueAsync(async () => (await server.DeliveriesAsync(id, "?status=delivered")).Count == 6, seconds: 10);
        await Eventually.TrueAsync(() => Task.FromResult(slow.Heard.Count >= 4));
        // A try that found no answer in time is over, and another message takes its lane: a busy machine may take that long.
        var heard = slow.Heard.Count;
        var over = (await server.DeliveriesAsync(held)).Sum(d => d.GetProperty("tries").GetInt32());
        (heard - over).ShouldBeLessThanOrEqualTo(4, "no more than that are on their way to one webhook at a time");
        release.Release(100);
    }

    // The specification's own example.
    [Fact]
    public void The_signature_is_that_of_the_specification()
    {
        var at = DateTimeOffset.FromUnixTimeSeconds(1614265330);
        WebhookSignature.Of(["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"], "msg_p5jXN8AQM9LWM0D4loKWxJek", at, Encoding.UTF8.GetBytes("{\"test\": 2432232314}"))
            .ShouldBe("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    private async Task SendTestAsync(Guid id)
    {
        var answer = await (await server.AdminAsync()).PostAsync($"{HookServer.Path}/{id}/test", null);
        answer.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        await server.SettledAsync(id, "delivered");
    }
}
