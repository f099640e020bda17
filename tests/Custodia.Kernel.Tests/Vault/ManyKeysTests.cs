using System.Security.Cryptography;
using Custodia.Kernel.Hosting;
using Custodia.Kernel.Vault;

namespace Custodia.Kernel.Tests.Vault;

/// <summary>Keys that go many at a time: an ended account's, and those of days.</summary>
public sealed class ManyKeysTests : IAsyncLifetime
{
    private const long Ended = 7;
    private const long Other = 8;
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly DateOnly Today = new(2026, 11, 22);
    private readonly KeyFolder _folder = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _folder.DisposeAsync();

    [Fact]
    public async Task An_ended_account_opens_nothing_and_gets_no_key_again()
    {
        var ring = _folder.Open();
        var keys = Keys(Ended);
        foreach (var key in keys) await MakeAsync(ring, key);
        await MakeAsync(ring, KeyId.Subject(Other, Guid.CreateVersion7()));
        (await ring.RentIndexAsync(Ended, "identity.user-profile", "email", None)).Dispose();
        (await ring.RentAsync(KeyId.Segment("a.log", Today), keys[0], None)).Dispose();

        ring.CountKeysOf(Ended).ShouldBe(keys.Length + 1);
        (await ring.EndAccountAsync(Ended, "service-terminated", None)).ShouldBe(keys.Length + 1);
        await GoneAsync(ring, keys);
        await _folder.CloseAsync();
        ring = _folder.Open();
        await GoneAsync(ring, keys);
        (await ring.EndAccountAsync(Ended, "service-terminated", None)).ShouldBe(0);
        ring.EndedAccounts().ShouldBe([Ended]);
        await MakeAsync(ring, KeyId.Subject(Other, Guid.CreateVersion7()));
        ring.CountKeysOf(Other).ShouldBe(3);
    }

    [Fact]
    public async Task No_byte_of_an_ended_accounts_keys_stays_in_any_file()
    {
        var ring = _folder.Open();
        // More than fit one page, more than go together, and other accounts' between them.
        for (var i = 0; i < 600; i++) await MakeAsync(ring, KeyId.Subject(i % 2 == 0 ? Ended : Other, Guid.CreateVersion7()));
        var wrapped = _folder.WrappedKeys();
        var mine = wrapped.Where(key => key.Key.StartsWith($"subject/{Ended}/", StringComparison.Ordinal)).Select(key => key.Value).Append(AccountKey(Ended)).ToList();
        var others = wrapped.Where(key => key.Key.StartsWith($"subject/{Other}/", StringComparison.Ordinal)).Select(key => key.Value).Append(AccountKey(Other)).ToList();
        (mine.Count, others.Count).ShouldBe((301, 301));
        Held(mine).ShouldBe(301, "the search finds what is there");

        await ring.EndAccountAsync(Ended, "service-terminated", None);
        Held(mine).ShouldBe(0);
        Held(others).ShouldBe(301);
    }

    [Fact]
    public async Task What_was_cut_short_is_unreadable_at_once_and_is_finished_by_the_next_call()
    {
        var ring = _folder.Open();
        var keys = Keys(Ended);
        foreach (var key in keys) await MakeAsync(ring, key);
        await _folder.CloseAsync();
        using (var store = KeyStore.Open(_folder.Layout.Keys))
        using (var transaction = store.Begin())
        {
            store.EndAccount(Ended, DateTimeOffset.UnixEpoch, "service-terminated");
            transaction.Commit();
        }

        ring = _folder.Open();
        await GoneAsync(ring, keys);
        (await ring.EndAccountAsync(Ended, "service-terminated", None)).ShouldBe(keys.Length);
        ring.CountKeysOf(Ended).ShouldBe(0);
        await GoneAsync(ring, keys);
    }

    [Fact]
    public async Task Another_process_sees_the_end_of_an_account()
    {
        var (ring, other) = (_folder.Open(), _folder.Open());
        var keys = Keys(Ended);
        foreach (var key in keys) await MakeAsync(other, key);
        (await other.RentIndexAsync(Ended, "identity.user-profile", "email", None)).Dispose();
        await ring.EndAccountAsync(Ended, "service-terminated", None);
        other.Refresh();
        await GoneAsync(other, keys);
    }

    [Fact]
    public async Task Roots_are_rotated_after_an_account_has_ended()
    {
        var ring = _folder.Open();
        var kept = KeyId.Subject(Other, Guid.CreateVersion7());
        await MakeAsync(ring, kept);
        await MakeAsync(ring, KeyId.Subject(Ended, Guid.CreateVersion7()));
        await ring.EndAccountAsync(Ended, "service-terminated", None);
        await new KeyRotation(_folder.Layout, new KeyOptions(), TimeProvider.System).RunAsync(null, _ => { }, None);
        ring.Refresh();
        (await ring.FindAsync(kept, None)).ShouldNotBeNull().Dispose();
        await Should.ThrowAsync<KeyDestroyedException>(() => MakeAsync(ring, KeyId.Subject(Ended, Guid.CreateVersion7())));
    }

    [Fact]
    public async Task The_server_itself_does_not_end() =>
        await Should.ThrowAsync<ArgumentOutOfRangeException>(() => _folder.Open().EndAccountAsync(0, "service-terminated", None));

    [Fact]
    public async Task Days_go_by_kind_up_to_a_day_for_every_account()
    {
        var ring = _folder.Open();
        KeyId[] due = [KeyId.Day(Ended, "job", Today.AddDays(-9)), KeyId.Day(Ended, "job", Today.AddDays(-8)), KeyId.Day(Other, "job", Today.AddDays(-8))];
        KeyId[] kept =
        [
            KeyId.Day(Ended, "job", Today.AddDays(-7)), KeyId.Day(Ended, "job", Today), KeyId.Day(Ended, "event", Today.AddDays(-9)),
            KeyId.Day(Ended, "big-job", Today.AddDays(-9)), KeyId.Subject(Ended, Guid.CreateVersion7()), KeyId.Record(Ended, "job", Guid.CreateVersion7()),
        ];
        foreach (var key in due.Concat(kept)) await MakeAsync(ring, key);
        // All were made before the limit: what counts is the day they are for.
        using (var store = KeyStore.Open(_folder.Layout.Keys)) store.Execute("UPDATE keys SET created_at = 0");

        (await ring.DestroyDaysAsync("job", Today.AddDays(-7), "integration.job age", None)).ShouldBe(3);
        foreach (var key in due) (await ring.FindAsync(key, None)).ShouldBeNull();
        foreach (var key in kept) (await ring.FindAsync(key, None)).ShouldNotBeNull().Dispose();
        (await ring.DestroyDaysAsync("job", Today.AddDays(-7), "integration.job age", None)).ShouldBe(0);
    }

    [Fact]
    public async Task Names_of_destroyed_keys_are_forgotten_and_nothing_moves()
    {
        var ring = _folder.Open();
        var (person, kept, segment) = (Guid.CreateVersion7(), KeyId.Subject(Other, Guid.CreateVersion7()), KeyId.Segment("a.log", Today));
        var key = KeyId.Subject(Ended, person);
        foreach (var each in new[] { segment, key, kept }) await MakeAsync(ring, each);
        var before = TimeProvider.System.GetUtcNow().AddMinutes(1);
        await ring.DestroyAsync(key, "account-deleted", None);
        ring.DestroyedBefore(DateTimeOffset.UnixEpoch).Count.ShouldBe(0);
        ring.ForgetDestroyed(DateTimeOffset.UnixEpoch).ShouldBe(0);
        Named().ShouldBeTrue("the search finds what is there");

        ring.DestroyedBefore(before).Count.ShouldBe(1);
        ring.ForgetDestroyed(before).ShouldBe(1);
        Named().ShouldBeFalse();
        await _folder.CloseAsync();
        ring = _folder.Open();
        (await ring.FindAsync(kept, None)).ShouldNotBeNull().Dispose();
        (await ring.FindAsync(segment, key, None)).ShouldBeNull("a log that is kept longer is still read");
        await Should.ThrowAsync<KeyMissingException>(async () => await ring.FindAsync(key, None));

        bool Named() => _folder.AllBytes().AsSpan().IndexOf(System.Text.Encoding.UTF8.GetBytes(person.ToString("N"))) >= 0;
    }

    private static KeyId[] Keys(long account) =>
    [
        KeyId.Subject(account, Guid.CreateVersion7()), KeyId.Record(account, "ticket", Guid.CreateVersion7()), KeyId.Day(account, "event", Today), KeyId.Index(account),
    ];

    private static async Task MakeAsync(KeyRing ring, KeyId key) => (await ring.RentAsync(key, None)).Dispose();

    private static async Task GoneAsync(KeyRing ring, KeyId[] keys)
    {
        foreach (var key in keys)
        {
            (await ring.FindAsync(key, None)).ShouldBeNull(key.ToString());
            await Should.ThrowAsync<KeyDestroyedException>(() => MakeAsync(ring, key));
        }

        await Should.ThrowAsync<KeyDestroyedException>(() => MakeAsync(ring, KeyId.Subject(Ended, Guid.CreateVersion7())));
        await Should.ThrowAsync<KeyDestroyedException>(async () => (await ring.RentIndexAsync(Ended, "identity.user-profile", "email", None)).Dispose());
    }

    private byte[] AccountKey(long account)
    {
        using var store = KeyStore.Open(_folder.Layout.Keys);
        return store.CurrentAccountKey(account)!.Wrapped;
    }

    private int Held(List<byte[]> wrapped)
    {
        var bytes = _folder.AllBytes();
        return wrapped.Count(key => bytes.AsSpan().IndexOf(key) >= 0);
    }
}
