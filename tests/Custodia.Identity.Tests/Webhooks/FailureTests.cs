using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Custodia.Identity.Tests.People;
using Custodia.Identity.Webhooks;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Custodia.Identity.Tests.Webhooks;

public sealed class FailureTests(HookServer server) : IClassFixture<HookServer>
{
    [Fact]
    public async Task A_message_that_failed_comes_again_with_growing_pauses_under_its_number_and_a_new_time()
    {
        await using var receiver = await HookReceiver.StartAsync();
        receiver.Answer = (_, before) => Task.FromResult(Results.StatusCode(before < 2 ? 500 : 200));
        var (id, secret) = await server.AddHookAsync(receiver, WebhookEvents.Registered);
        await server.AddUserAsync("tried-again");
        var first = await server.SettledAsync(id, "waiting");
        first.GetProperty("statusCode").GetInt32().ShouldBe(500);
        PauseOf(first).ShouldBeInRange(5, 5.6);
        (await server.HookAsync(id)).GetProperty("failingSince").ValueKind.ShouldBe(JsonValueKind.String);
        server.Time.Advance(TimeSpan.FromSeconds(6));
        var second = await server.SettledAsync(id, "waiting", tries: 2);
        PauseOf(second).ShouldBeInRange(300, 331);
        server.Time.Advance(TimeSpan.FromMinutes(4));
        await Task.Delay(1200);
        receiver.Heard.Count.ShouldBe(2, "its time has not come");
        server.Time.Advance(TimeSpan.FromMinutes(2));
        await server.SettledAsync(id, "delivered", tries: 3);
        receiver.Heard.Select(m => m.Id).Distinct().ShouldHaveSingleItem();
        receiver.Heard.Select(m => m.Timestamp).Distinct().Count().ShouldBe(3);
        receiver.Heard[2].IsSignedWith(secret, server.Time.GetUtcNow()).ShouldBeTrue();
        (await server.HookAsync(id)).GetProperty("failingSince").ValueKind.ShouldBe(JsonValueKind.Null);
    }

    [Fact]
    public async Task After_ten_tries_a_message_is_given_up_and_can_be_sent_by_hand()
    {
        await using var receiver = await HookReceiver.StartAsync();
        receiver.Answer = (_, before) => Task.FromResult(Results.StatusCode(before < 10 ? 503 : 200));
        var (id, _) = await server.AddHookAsync(receiver, WebhookEvents.Registered);
        await server.AddUserAsync("given-up");
        for (var tries = 1; tries < 10; tries++)
        {
            await server.SettledAsync(id, "waiting", tries);
            // More than five days of failure switch it off in between.
            await OnAsync(id);
            server.Time.Advance(TimeSpan.FromHours(27));
        }

        var last = await server.SettledAsync(id, "failed", tries: 10);
        last.GetProperty("nextTryAt").ValueKind.ShouldBe(JsonValueKind.Null);
        await OnAsync(id);
        await (await server.AdminAsync()).PostAsync($"{HookServer.Path}/{id}/deliveries/{last.GetProperty("eventId").GetGuid()}/resend", null);
        await server.SettledAsync(id, "delivered");
    }

    [Fact]
    public async Task A_webhook_whose_every_try_failed_for_five_days_is_switched_off()
    {
        await using var receiver = await HookReceiver.StartAsync();
        receiver.Answer = (_, _) => Task.FromResult(Results.StatusCode(500));
        var (id, _) = await server.AddHookAsync(receiver, WebhookEvents.Registered);
        await server.AddUserAsync("fails-on-1");
        await server.SettledAsync(id, "waiting");
        server.Time.Advance(TimeSpan.FromDays(4));
        await server.SettledAsync(id, "waiting", tries: 2);
        (await server.HookAsync(id)).GetProperty("enabled").GetBoolean().ShouldBeTrue();
        server.Time.Advance(TimeSpan.FromDays(1) + TimeSpan.FromMinutes(1));
        await Eventually.TrueAsync(async () => !(await server.HookAsync(id)).GetProperty("enabled").GetBoolean());
        (await server.HookAsync(id)).GetProperty("disabledReason").GetString().ShouldBe("failing");
        var heard = receiver.Heard.Count;
        await server.AddUserAsync("fails-on-2");
        server.Time.Advance(TimeSpan.FromDays(1));
        await Task.Delay(1200);
        receiver.Heard.Count.ShouldBe(heard, "it is off");
    }

    [Fact]
    public async Task A_receiver_that_is_gone_is_not_told_any_more()
    {
        await using var receiver = await HookReceiver.StartAsync();
        receiver.Answer = (_, _) => Task.FromResult(Results.StatusCode(410));
        var (id, _) = await server.AddHookAsync(receiver, WebhookEvents.Registered);
        await server.AddUserAsync("gone-1");
        (await server.SettledAsync(id, "failed")).GetProperty("statusCode").GetInt32().ShouldBe(410);
        var hook = await server.HookAsync(id);
        hook.GetProperty("enabled").GetBoolean().ShouldBeFalse();
        hook.GetProperty("disabledReason").GetString().ShouldBe("gone");
        await server.AddUserAsync("gone-2");
        await Task.Delay(300);
        receiver.Heard.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Redirects_are_failures_and_are_not_followed()
    {
        await using var receiver = await HookReceiver.StartAsync();
        receiver.Answer = (_, _) => Task.FromResult(Results.Redirect("/elsewhere", permanent: false, preserveMethod: true));
        var (id, _) = await server.AddHookAsync(receiver, WebhookEvents.Registered);
        await server.AddUserAsync("redirected");
        (await server.SettledAsync(id, "waiting")).GetProperty("statusCode").GetInt32().ShouldBe(307);
        receiver.Redirected.ShouldBe(0);
    }

    [Fact]
    public async Task A_receiver_that_asks_to_be_left_alone_for_a_while_is()
    {
        await using var receiver = await HookReceiver.StartAsync();
        receiver.Answer = (_, _) => Task.FromResult<IResult>(new Later(3600));
        var (id, _) = await server.AddHookAsync(receiver, WebhookEvents.Registered);
        await server.AddUserAsync("later");
        PauseOf(await server.SettledAsync(id, "waiting")).ShouldBeInRange(3590, 3610);
    }

    [Fact]
    public async Task A_large_answer_is_neither_read_nor_kept()
    {
        await using var receiver = await HookReceiver.StartAsync();
        receiver.Answer = (_, _) => Task.FromResult(Results.Text(new string('x', 8 * 1024 * 1024)));
        var (id, _) = await server.AddHookAsync(receiver, WebhookEvents.Registered);
        await server.AddUserAsync("large");
        (await server.SettledAsync(id, "delivered")).GetProperty("statusCode").GetInt32().ShouldBe(200);
    }

    [Fact]
    public async Task What_was_claimed_by_a_server_that_died_is_sent_after_the_next_start()
    {
        await using var receiver = await HookReceiver.StartAsync();
        await using var own = await HookServer.StartAsync(s => s.Settings["Custodia:Roles"] = "web,scheduler");
        var (id, _) = await own.AddHookAsync(receiver, WebhookEvents.Registered);
        await own.AddUserAsync("survives-1");
        await own.AddUserAsync("survives-2");
        await own.StopAsync();
        receiver.Heard.ShouldBeEmpty();
        own.Settings.Remove("Custodia:Roles");
        using var hold = new SemaphoreSlim(0);
        receiver.Answer = async (_, before) =>
        {
            if (before < 2) await hold.WaitAsync();
            return Results.Ok();
        };
        await own.InitializeAsync();
        await Eventually.TrueAsync(() => Task.FromResult(receiver.Heard.Count == 2));
        // In the middle of it.
        await own.StopAsync();
        hold.Release(10);
        await own.InitializeAsync();
        await Eventually.TrueAsync(async () =>
        {
            var delivered = 0;
            await own.InScopeAsync(async s => delivered = await s.GetRequiredService<IdentityContext>().WebhookDeliveries.CountAsync(d => d.WebhookId == id && d.Status == DeliveryStatus.Delivered));
            return delivered == 2;
        });
        receiver.Heard.Select(m => m.Id).Distinct().Count().ShouldBe(2);
    }

    [Fact]
    public async Task A_claim_whose_holder_is_gone_runs_out_after_a_minute()
    {
        await using var receiver = await HookReceiver.StartAsync();
        var (id, _) = await server.AddHookAsync(receiver, WebhookEvents.Registered);
        receiver.Answer = (_, _) => Task.FromResult(Results.StatusCode(500));
        await server.AddUserAsync("claimed");
        await server.SettledAsync(id, "waiting");
        receiver.Answer = (_, _) => Task.FromResult(Results.Ok());
        var soon = server.Time.GetUtcNow() + WebhookQueue.ClaimFor;
        await server.InScopeAsync(services => services.GetRequiredService<IdentityContext>().WebhookDeliveries.Where(d => d.WebhookId == id)
            .ExecuteUpdateAsync(set => set.SetProperty(d => d.Claim, Guid.CreateVersion7()).SetProperty(d => d.NextTryAt, soon)));
        await Task.Delay(1200);
        receiver.Heard.Count.ShouldBe(1);
        server.Time.Advance(WebhookQueue.ClaimFor);
        await server.SettledAsync(id, "delivered", tries: 2);
    }

    private static double PauseOf(JsonElement delivery) =>
        (delivery.GetProperty("nextTryAt").GetDateTimeOffset() - delivery.GetProperty("lastTryAt").GetDateTimeOffset()).TotalSeconds;

    private async Task OnAsync(Guid id) =>
        (await (await server.AdminAsync()).PatchAsJsonAsync($"{HookServer.Path}/{id}", new { enabled = true })).StatusCode.ShouldBe(HttpStatusCode.OK);

    private sealed class Later(int seconds) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            httpContext.Response.Headers.RetryAfter = seconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
            return Task.CompletedTask;
        }
    }
}

/// <summary>Alone, because it waits as long as the server does.</summary>
public sealed class PatienceTests
{
    [Fact]
    public async Task A_receiver_that_does_not_answer_in_time_has_failed()
    {
        await using var receiver = await HookReceiver.StartAsync();
        using var never = new SemaphoreSlim(0);
        receiver.Answer = async (_, _) =>
        {
            await never.WaitAsync();
            return Results.Ok();
        };
        await using var server = await HookServer.StartAsync();
        var (id, _) = await server.AddHookAsync(receiver, WebhookEvents.Registered);
        await server.AddUserAsync("waits");
        var delivery = await server.SettledAsync(id, "waiting");
        delivery.GetProperty("failure").GetString().ShouldBe("timeout");
        delivery.GetProperty("statusCode").ValueKind.ShouldBe(JsonValueKind.Null);
        never.Release(10);
    }
}
