using Custodia.Kernel.Messaging;
using Custodia.Kernel.Policy;
using Custodia.Kernel.Retention;
using Custodia.Kernel.Tests.Hosting;
using Custodia.Kernel.Vault;
using Custodia.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Custodia.Kernel.Tests.Messaging;

public sealed class OutboxTests : IDisposable
{
    private const long Account = 1001;

    private readonly TemporaryFolder _folder = new();
    private readonly Calls _calls = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task An_event_reaches_everyone_who_wants_it_and_is_gone_then()
    {
        await using var host = await StartAsync();
        await PublishAsync(host, Guid.CreateVersion7(), "hello");
        await EmptyAsync(host);
        _calls.Of("first").ShouldBe(["hello"]);
        _calls.Of("second").ShouldBe(["hello"]);
        _calls.Of("elsewhere").ShouldBeEmpty();
        (await host.WithKernelAsync(k => k.EventDeliveries.CountAsync())).ShouldBe(0);
    }

    [Fact]
    public async Task A_commit_wakes_the_dispatcher_without_waiting_for_its_next_look()
    {
        // The clock stands still, so its looks at the table never come.
        await using var host = await StartAsync(new ManualTime(frozen: true));
        await EmptyAsync(host);
        await PublishAsync(host, null, "at once");
        await KernelHost.UntilAsync(() => Task.FromResult(_calls.Of("second").Count == 1), "the delivery");
    }

    [Fact]
    public async Task An_event_whose_change_was_not_committed_is_never_delivered()
    {
        await using var host = await StartAsync();
        var outbox = host.Services.GetRequiredService<Outbox>();
        await Should.ThrowAsync<InvalidOperationException>(() => host.WithKernelAsync(kernel => kernel.InTransactionAsync(
            async token =>
            {
                await outbox.PublishAsync(kernel, Account, null, new Happened("undone"), token);
                await kernel.SaveChangesAsync(token);
                throw new InvalidOperationException("The change fails after its event was stored.");
            },
            CancellationToken.None)));
        await PublishAsync(host, null, "done");
        await EmptyAsync(host);
        _calls.Of("first").ShouldBe(["done"]);
    }

    [Fact]
    public async Task Events_of_one_person_arrive_in_the_order_of_their_publication()
    {
        await using var host = await StartAsync();
        var people = Enumerable.Range(0, 5).Select(_ => Guid.CreateVersion7()).ToArray();
        var outbox = host.Services.GetRequiredService<Outbox>();
        await host.WithKernelAsync(async kernel =>
        {
            for (var i = 0; i < 100; i++) await outbox.PublishAsync(kernel, Account, people[i % 5], new Happened($"{i:000}"), CancellationToken.None);
            await kernel.SaveChangesAsync();
        });
        await EmptyAsync(host);
        foreach (var person in people)
        {
            var texts = _calls.All.Where(c => c.Subscriber == "first" && c.Event.Person == person).Select(c => c.Text).ToList();
            texts.Count.ShouldBe(20);
            texts.ShouldBe(texts.Order(StringComparer.Ordinal));
        }
    }

    [Fact]
    public async Task A_crash_between_two_subscribers_repeats_only_what_is_missing()
    {
        var reached = new TaskCompletionSource();
        _calls.Second = async (_, token) =>
        {
            reached.TrySetResult();
            await Task.Delay(Timeout.Infinite, token);
        };
        await using (var first = await StartAsync())
        {
            await PublishAsync(first, Guid.CreateVersion7(), "once");
            await reached.Task.WaitAsync(TimeSpan.FromMinutes(1));
        }

        _calls.Second = (_, _) => Task.CompletedTask;
        await using var again = await StartAsync();
        await EmptyAsync(again);
        _calls.Of("first").ShouldBe(["once"]);
        _calls.Of("second").ShouldBe(["once", "once"]);
        _calls.All.Select(c => c.Event.Id).Distinct().Count().ShouldBe(1);
    }

    [Fact]
    public async Task What_fails_is_tried_with_growing_pauses_and_parked_after_ten_tries()
    {
        _calls.Second = (_, _) => throw new InvalidOperationException("It never works.");
        await using var host = await StartAsync(new ManualTime(frozen: true));
        await PublishAsync(host, Guid.CreateVersion7(), "stubborn");
        for (var tries = 1; tries < EventCourier.MaxTries; tries++)
        {
            await TriesAsync(host, tries);
            (await host.WithKernelAsync(k => k.Outbox.AnyAsync(m => m.NextTryAt > m.CreatedAt))).ShouldBeTrue();
            host.Time.Advance(EventCourier.PauseAfter(tries));
        }

        await TriesAsync(host, EventCourier.MaxTries);
        (await host.WithKernelAsync(k => k.Outbox.AsNoTracking().SingleAsync())).NextTryAt.ShouldBeNull();
        host.Time.Advance(TimeSpan.FromDays(1));
        await PublishAsync(host, null, "later");
        await KernelHost.UntilAsync(() => Task.FromResult(_calls.Of("first").Contains("later")), "the next event");
        _calls.Of("second").Count(t => t == "stubborn").ShouldBe(10);
        _calls.Of("first").Count(t => t == "stubborn").ShouldBe(1);
    }

    [Fact]
    public void Pauses_double_from_a_second_to_five_minutes() =>
        Enumerable.Range(1, 10).Select(tries => EventCourier.PauseAfter(tries).TotalSeconds).ShouldBe([1, 2, 4, 8, 16, 32, 64, 128, 256, 300]);

    [Fact]
    public async Task An_erased_persons_event_is_never_delivered()
    {
        var person = Guid.CreateVersion7();
        await using (var withoutWorker = await StartAsync(null, ("Roles", "web")))
        {
            await PublishAsync(withoutWorker, person, "forget me");
            await PublishAsync(withoutWorker, Guid.CreateVersion7(), "keep me");
            await withoutWorker.Services.GetRequiredService<DataVault>().DestroyAsync(KeyId.Subject(Account, person), "test", CancellationToken.None);
        }

        _calls.All.ShouldBeEmpty();
        await using var host = await StartAsync();
        await EmptyAsync(host);
        _calls.Of("first").ShouldBe(["keep me"]);
    }

    [Fact]
    public async Task The_payload_is_not_readable_in_the_database()
    {
        await using var host = await StartAsync(null, ("Roles", "web"));
        await PublishAsync(host, Guid.CreateVersion7(), "canary-7c1f");
        var row = await host.WithKernelAsync(k => k.Outbox.AsNoTracking().SingleAsync());
        System.Text.Encoding.UTF8.GetString(row.Payload.ToStored()).ShouldNotContain("canary-7c1f");
        foreach (var file in Directory.GetFiles(_folder.File("data", "main")))
            System.Text.Encoding.Latin1.GetString(await ReadSharedAsync(file)).ShouldNotContain("canary-7c1f");
    }

    [Fact]
    public async Task Parked_events_go_at_their_age_and_not_before()
    {
        _calls.First = (_, _) => throw new InvalidOperationException("It never works.");
        await using var host = await StartAsync();
        await PublishAsync(host, null, "parked");
        await KernelHost.UntilAsync(() => Task.FromResult(_calls.Of("first").Count > 0), "the first try");
        var parked = await host.WithKernelAsync(k => k.Outbox.AsNoTracking().SingleAsync());
        var trigger = new DeletionTrigger.Age(new Period(0, 0, 7), null);
        await using var scope = host.Services.CreateAsyncScope();
        var rule = scope.ServiceProvider.GetServices<IRetentionRule>().Single(r => r.Category == "kernel.event" && r.Trigger == "age");
        (await rule.EnforceAsync(new RetentionMoment(host.Time.GetUtcNow().AddDays(6), trigger), CancellationToken.None)).ShouldBe(0);
        (await OpensAsync()).ShouldBeTrue();
        (await rule.PreviewAsync(new RetentionMoment(host.Time.GetUtcNow().AddDays(8), trigger), CancellationToken.None)).Due.ShouldBe(1);
        (await rule.EnforceAsync(new RetentionMoment(host.Time.GetUtcNow().AddDays(8), trigger), CancellationToken.None)).ShouldBe(1);
        await EmptyAsync(host);
        (await OpensAsync()).ShouldBeFalse("a backup that still has the row cannot open it");

        async Task<bool> OpensAsync() => await host.Services.GetRequiredService<DataVault>().OpenAsync(parked.Place, parked.Payload, "event-delivery", CancellationToken.None) is not null;
    }

    [Fact]
    public async Task An_account_without_keys_has_nobody_to_hear_an_event()
    {
        await using var host = await StartAsync();
        await host.Services.GetRequiredService<KeyRing>().EndAccountAsync(Account, "service-terminated", CancellationToken.None);
        await PublishAsync(host, null, "dropped");
        (await host.WithKernelAsync(k => k.Outbox.CountAsync())).ShouldBe(0);
        await Should.ThrowAsync<KeyDestroyedException>(() => PublishAsync(host, Guid.CreateVersion7(), "about somebody"));
    }

    private Task<KernelHost> StartAsync(ManualTime? time = null, params (string Name, string Value)[] settings) =>
        KernelHost.StartAsync(_folder, _calls.AddTo, time, settings);

    private static async Task PublishAsync(KernelHost host, Guid? person, string text)
    {
        var outbox = host.Services.GetRequiredService<Outbox>();
        await host.WithKernelAsync(async kernel =>
        {
            await outbox.PublishAsync(kernel, Account, person, new Happened(text), CancellationToken.None);
            await kernel.SaveChangesAsync();
        });
    }

    private static Task EmptyAsync(KernelHost host) =>
        KernelHost.UntilAsync(() => host.WithKernelAsync(async k => !await k.Outbox.AnyAsync()), "an empty outbox");

    // The dispatcher may begin to wait only after the clock was moved, so it is moved a little more each time.
    private static Task TriesAsync(KernelHost host, int tries) =>
        KernelHost.UntilAsync(
            () =>
            {
                host.Time.Advance(TimeSpan.FromMilliseconds(200));
                return host.WithKernelAsync(k => k.Outbox.AnyAsync(m => m.Tries == tries));
            },
            $"try {tries}");

    private static async Task<byte[]> ReadSharedAsync(string file)
    {
        await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var bytes = new byte[stream.Length];
        await stream.ReadExactlyAsync(bytes);
        return bytes;
    }
}
