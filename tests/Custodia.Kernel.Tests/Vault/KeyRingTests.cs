using System.Security.Cryptography;
using Custodia.Kernel.Vault;

namespace Custodia.Kernel.Tests.Vault;

public sealed class KeyRingTests : IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly KeyFolder _folder = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _folder.DisposeAsync();

    [Fact]
    public async Task A_key_is_the_same_after_a_restart()
    {
        var key = KeyId.Subject(7, Guid.CreateVersion7());
        var sealedText = await SealAsync(_folder.Open(), key, "hello"u8.ToArray());
        await _folder.CloseAsync();
        (await OpenAsync(_folder.Open(), key, sealedText)).ShouldBe("hello"u8.ToArray());
    }

    [Fact]
    public async Task Keys_differ_by_kind_account_and_name()
    {
        var ring = _folder.Open();
        var person = Guid.CreateVersion7();
        var sealedText = await SealAsync(ring, KeyId.Subject(7, person), [1, 2, 3]);
        foreach (var other in new[] { KeyId.Subject(8, person), KeyId.Subject(7, Guid.CreateVersion7()), KeyId.Record(7, "ticket", person) })
        {
            using (await ring.RentAsync(other, None))
            {
            }

            await Should.ThrowAsync<AuthenticationTagMismatchException>(() => OpenAsync(ring, other, sealedText));
        }
    }

    [Fact]
    public async Task A_hundred_callers_at_once_get_one_key()
    {
        var ring = _folder.Open();
        var key = KeyId.Subject(7, Guid.CreateVersion7());
        var sealedTexts = await Task.WhenAll(Enumerable.Range(0, 100).Select(i => Task.Run(() => SealAsync(ring, key, [(byte)i]))));
        await _folder.CloseAsync();
        ring = _folder.Open();
        for (var i = 0; i < 100; i++) (await OpenAsync(ring, key, sealedTexts[i])).ShouldBe([(byte)i]);
    }

    [Fact]
    public async Task A_destroyed_key_is_never_made_again()
    {
        var key = KeyId.Segment("identity.admin-action-log", new DateOnly(2026, 11, 21));
        var ring = _folder.Open();
        await SealAsync(ring, key, [1]);
        var first = await ring.DestroyAsync(key, "age", None);
        first.Existed.ShouldBeTrue();
        (await ring.DestroyAsync(key, "age", None)).DestroyedAt.ShouldBe(first.DestroyedAt, TimeSpan.FromMilliseconds(1));
        await ShouldBeGoneAsync(ring, key);
        await _folder.CloseAsync();
        await ShouldBeGoneAsync(_folder.Open(), key);
    }

    [Fact]
    public async Task Destroying_a_key_that_never_was_keeps_it_from_being_made()
    {
        var ring = _folder.Open();
        var key = KeyId.Subject(7, Guid.CreateVersion7());
        (await ring.DestroyAsync(key, "account-deleted", None)).Existed.ShouldBeFalse();
        await ShouldBeGoneAsync(ring, key);
    }

    [Fact]
    public async Task A_key_that_the_store_never_had_is_a_finding_and_not_a_destroyed_key() =>
        await Should.ThrowAsync<KeyMissingException>(async () => await _folder.Open().FindAsync(KeyId.Subject(7, Guid.CreateVersion7()), None));

    [Fact]
    public async Task Twenty_sealers_and_a_destroyer_leave_a_destroyed_key()
    {
        var ring = _folder.Open();
        for (var round = 0; round < 20; round++)
        {
            var key = KeyId.Subject(7, Guid.CreateVersion7());
            var sealers = Enumerable.Range(0, 20).Select(_ => Task.Run(async () =>
            {
                try
                {
                    for (var i = 0; i < 20; i++) await SealAsync(ring, key, [1]);
                }
                catch (KeyDestroyedException)
                {
                    // What the contract promises to those who come late.
                }
            })).ToArray();
            await Task.Yield();
            await ring.DestroyAsync(key, "account-deleted", None);
            await Task.WhenAll(sealers);
            await ShouldBeGoneAsync(ring, key);
        }
    }

    [Fact]
    public async Task No_file_holds_a_destroyed_key()
    {
        var ring = _folder.Open();
        var keys = Enumerable.Range(0, 1500).Select(_ => KeyId.Subject(RandomNumberGenerator.GetInt32(5), new Guid(RandomNumberGenerator.GetBytes(16)))).ToArray();
        await Task.WhenAll(keys.Select(key => SealAsync(ring, key, [1])));
        var wrapped = _folder.WrappedKeys();
        var doomed = keys.Where((_, i) => i % 7 == 0).ToArray();
        Holds(wrapped[doomed[0].ToString()]).ShouldBeTrue("the scan must be able to find a key that is there");
        await Task.WhenAll(doomed.Select(key => ring.DestroyAsync(key, "account-deleted", None)));
        var all = _folder.AllBytes();
        foreach (var key in doomed) all.AsSpan().IndexOf(wrapped[key.ToString()].AsSpan(0, 16)).ShouldBe(-1);
        Holds(wrapped[keys[1].ToString()]).ShouldBeTrue();

        bool Holds(byte[] bytes) => _folder.AllBytes().AsSpan().IndexOf(bytes) >= 0;
    }

    [Fact]
    public async Task A_destruction_waits_for_a_reader_and_is_answered_when_no_file_holds_the_key()
    {
        var ring = _folder.Open();
        var key = KeyId.Subject(7, Guid.CreateVersion7());
        await SealAsync(ring, key, [1]);
        var wrapped = _folder.WrappedKeys()[key.ToString()];
        Task<DestroyedKey> destroying;
        using (var reader = KeyStore.Open(_folder.Layout.Keys))
        {
            reader.Execute("BEGIN");
            reader.Count("SELECT count(*) FROM keys").ShouldBeGreaterThan(0);
            destroying = ring.DestroyAsync(key, "account-deleted", None);
            await Task.Delay(200);
            destroying.IsCompleted.ShouldBeFalse();
            _folder.AllBytes().AsSpan().IndexOf(wrapped).ShouldNotBe(-1);
            reader.Execute("COMMIT");
        }

        await destroying;
        _folder.AllBytes().AsSpan().IndexOf(wrapped).ShouldBe(-1);
    }

    [Fact]
    public async Task Destroying_either_key_destroys_the_combined_key()
    {
        var ring = _folder.Open();
        foreach (var destroyFirst in new[] { true, false })
        {
            var (first, second) = (KeyId.Segment("kernel.reveal-log", new DateOnly(2026, 11, destroyFirst ? 1 : 2)), KeyId.Subject(7, Guid.CreateVersion7()));
            using (await ring.RentAsync(first, second, None))
            {
            }

            (await ring.FindAsync(first, second, None)).ShouldNotBeNull().Dispose();
            await ring.DestroyAsync(destroyFirst ? first : second, "test", None);
            (await ring.FindAsync(first, second, None)).ShouldBeNull();
            await Should.ThrowAsync<KeyDestroyedException>(async () => await ring.RentAsync(first, second, None));
        }
    }

    [Fact]
    public async Task What_another_process_destroys_is_gone_here_at_the_next_refresh()
    {
        var (server, verb) = (_folder.Open(), _folder.Open());
        var (key, segment) = (KeyId.Subject(7, Guid.CreateVersion7()), KeyId.Segment("kernel.reveal-log", new DateOnly(2026, 11, 1)));
        await SealAsync(server, key, [1]);
        (await server.RentAsync(segment, key, None)).Dispose();
        await verb.DestroyAsync(key, "account-deleted", None);
        server.Refresh();
        await ShouldBeGoneAsync(server, key);
        (await server.FindAsync(segment, key, None)).ShouldBeNull();
    }

    [Fact]
    public async Task A_lease_outlives_the_eviction_of_its_key()
    {
        var ring = _folder.Open();
        var key = KeyId.Subject(7, Guid.CreateVersion7());
        using var lease = await ring.RentAsync(key, None);
        await ring.DestroyAsync(key, "account-deleted", None);
        lease.Encrypt(new byte[12], [1], new byte[1], new byte[16]);
        lease.Derive([1], new byte[32]);
    }

    [Fact]
    public async Task The_cache_stays_within_its_bound()
    {
        var cache = new KeyCache<int>(100);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(part => Task.Run(() =>
        {
            for (var i = 0; i < 5000; i++) cache.Put((part * 5000) + i, new ReadyKey(new byte[32]));
        })));
        cache.Count.ShouldBeInRange(50, 100);
        cache.Names.Count().ShouldBe(cache.Count);
    }

    [Fact]
    public void A_retired_key_is_zeroed_when_its_last_renter_is_done()
    {
        var key = new ReadyKey(RandomNumberGenerator.GetBytes(32));
        var lease = key.TryRent()!;
        key.Retire();
        key.Material.IndexOfAnyExcept((byte)0).ShouldNotBe(-1);
        lease.Dispose();
        key.Material.IndexOfAnyExcept((byte)0).ShouldBe(-1);
        key.TryRent().ShouldBeNull();
    }

    private static async Task ShouldBeGoneAsync(KeyRing ring, KeyId key)
    {
        await Should.ThrowAsync<KeyDestroyedException>(async () => await ring.RentAsync(key, None));
        (await ring.FindAsync(key, None)).ShouldBeNull();
        (await ring.IsDestroyedAsync(key, None)).ShouldBeTrue();
    }

    private static async Task<byte[]> SealAsync(KeyRing ring, KeyId key, byte[] text)
    {
        using var lease = await ring.RentAsync(key, None);
        return KeyWrap.Wrap(lease, "test", text);
    }

    private static async Task<byte[]> OpenAsync(KeyRing ring, KeyId key, byte[] sealedText)
    {
        using var lease = (await ring.FindAsync(key, None)).ShouldNotBeNull();
        var text = new byte[sealedText.Length - KeyWrap.Overhead];
        KeyWrap.Unwrap(lease, "test", sealedText, text);
        return text;
    }
}
