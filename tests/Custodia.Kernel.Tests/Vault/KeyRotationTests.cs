using System.Security.Cryptography;
using Custodia.Kernel.Hosting;
using Custodia.Kernel.Vault;

namespace Custodia.Kernel.Tests.Vault;

public sealed class KeyRotationTests : IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly KeyFolder _folder = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _folder.DisposeAsync();

    [Fact]
    public async Task After_a_rotation_everything_opens_under_the_new_root_and_nothing_of_the_old_is_left()
    {
        var values = await FillAsync(new KeyOptions(), people: 700);
        var oldRoot = await File.ReadAllBytesAsync(_folder.RootFile);
        var formerWraps = _folder.WrappedKeys().Values.Concat(AccountWraps()).ToArray();
        var outcome = await RotateAsync();
        outcome.Rewrapped.ShouldBe(_folder.WrappedKeys().Count);
        await ShouldOpenAsync(values);
        await _folder.CloseAsync();

        var all = _folder.AllBytes();
        foreach (var wrap in formerWraps) all.AsSpan().IndexOf(wrap.AsSpan(0, 16)).ShouldBe(-1);
        var file = RootKeyFile.Read(_folder.RootFile).ShouldHaveSingleItem();
        file.Id.ShouldBe(outcome.NewRoot);
        await File.WriteAllBytesAsync(_folder.RootFile, oldRoot);
        Should.Throw<RootKeyException>(() => _folder.Open()).Fault.ShouldBe(RootKeyFault.Foreign);
    }

    [Fact]
    public async Task A_rotation_killed_after_any_step_leaves_a_working_store_and_is_finished_by_the_next()
    {
        var values = await FillAsync(new KeyOptions(), people: 20);
        var steps = 0;
        await RotateAsync(step: () => steps++);
        steps.ShouldBeGreaterThan(10);
        for (var deadline = 1; deadline <= steps; deadline++)
        {
            var left = deadline;
            await Should.ThrowAsync<OperationCanceledException>(() => RotateAsync(step: () =>
            {
                if (--left == 0) throw new OperationCanceledException();
            }));
            await ShouldOpenAsync(values);
            values.Add(await AddAsync(_folder.Open(), KeyId.Subject(1 + (deadline % 4), Guid.CreateVersion7())));
            await _folder.CloseAsync();
            await RotateAsync();
            await ShouldOpenAsync(values);
            await _folder.CloseAsync();
            RootKeyFile.Read(_folder.RootFile).Count.ShouldBe(1);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task In_the_middle_of_a_rotation_a_server_starts_with_either_root(bool withOld)
    {
        var (old, next) = (RootKey.New(), RootKey.New());
        var values = await FillAsync(new KeyOptions { RootKey = old.ToBase64() }, people: 40);
        var left = 6;
        await Should.ThrowAsync<OperationCanceledException>(() => RotateAsync(new KeyOptions { RootKey = old.ToBase64() }, next, () =>
        {
            if (--left == 0) throw new OperationCanceledException();
        }));
        var halfway = new KeyOptions { RootKey = (withOld ? old : next).ToBase64() };
        await ShouldOpenAsync(values, halfway);
        await Should.ThrowAsync<RotationRefusedException>(() => RotateAsync(halfway, RootKey.New()));
        await RotateAsync(halfway);
        await _folder.CloseAsync();
        await ShouldOpenAsync(values, new KeyOptions { RootKey = next.ToBase64() });
        Should.Throw<RootKeyException>(() => _folder.Open(new KeyOptions { RootKey = old.ToBase64() }));
    }

    [Fact]
    public async Task Running_servers_seal_and_open_and_destroy_through_a_rotation()
    {
        var old = new KeyOptions { RootKey = RootKey.New().ToBase64() };
        var values = await FillAsync(old, people: 1200);
        var server = _folder.Open(old);
        using var stop = new CancellationTokenSource();
        var load = Enumerable.Range(0, 4).Select(worker => Task.Run(async () =>
        {
            var mine = new List<(KeyId Key, byte[] Value)>();
            var destroyed = new List<KeyId>();
            while (!stop.IsCancellationRequested)
            {
                var account = 1 + RandomNumberGenerator.GetInt32(8);
                mine.Add(await AddAsync(server, KeyId.Subject(account, Guid.CreateVersion7())));
                (await OpensAsync(server, values[RandomNumberGenerator.GetInt32(values.Count)])).ShouldBeTrue();
                (await OpensAsync(server, mine[RandomNumberGenerator.GetInt32(mine.Count)])).ShouldBeTrue();
                if (mine.Count % 10 == 0)
                {
                    await server.DestroyAsync(mine[^1].Key, "account-deleted", None);
                    destroyed.Add(mine[^1].Key);
                    mine.RemoveAt(mine.Count - 1);
                }
            }

            return (mine, destroyed);
        })).ToArray();
        using var watch = new Timer(_ => server.Refresh(), null, 50, 50);
        var roots = new[] { RootKey.New(), RootKey.New() };
        await RotateAsync(old, roots[0]);
        await RotateAsync(new KeyOptions { RootKey = roots[0].ToBase64() }, roots[1]);
        await stop.CancelAsync();
        var done = await Task.WhenAll(load);
        done.Sum(part => part.mine.Count).ShouldBeGreaterThan(20);

        // The running server, whose setting still holds the first root, goes on; a new one starts with the last.
        var fresh = _folder.Open(new KeyOptions { RootKey = roots[1].ToBase64() });
        foreach (var ring in new[] { server, fresh })
        {
            foreach (var value in values.Concat(done.SelectMany(part => part.mine))) (await OpensAsync(ring, value)).ShouldBeTrue();
            foreach (var key in done.SelectMany(part => part.destroyed)) (await ring.FindAsync(key, None)).ShouldBeNull();
        }
    }

    [Fact]
    public async Task A_new_root_must_be_new_and_given_where_none_can_be_written()
    {
        var root = RootKey.New();
        var options = new KeyOptions { RootKey = root.ToBase64() };
        await Should.ThrowAsync<RotationRefusedException>(() => RotateAsync(options));
        await FillAsync(options, people: 1);
        (await Should.ThrowAsync<RotationRefusedException>(() => RotateAsync(options))).Message.ShouldContain("Custodia:Keys:RootKey");
        await Should.ThrowAsync<RotationRefusedException>(() => RotateAsync(options, root));
    }

    [Fact]
    public async Task Two_rotations_do_not_run_at_once()
    {
        await FillAsync(new KeyOptions(), people: 1);
        using var held = new FileStream(Path.Combine(_folder.Layout.Keys, "rotate.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        await Should.ThrowAsync<RotationRefusedException>(() => RotateAsync());
    }

    [Fact]
    public async Task Keys_are_counted_by_kind_and_version()
    {
        await FillAsync(new KeyOptions(), people: 10);
        var ring = _folder.Open();
        await ring.DestroyAsync(KeyId.Subject(99, Guid.CreateVersion7()), "account-deleted", None);
        using var store = KeyStore.Open(_folder.Layout.Keys);
        store.CountKeys().ShouldContain(new KeyCount("subject", 1, 10, 1));
        store.CountKeys().ShouldContain(new KeyCount("root", 1, 1, 0));
    }

    private async Task<List<(KeyId Key, byte[] Value)>> FillAsync(KeyOptions options, int people)
    {
        var ring = _folder.Open(options);
        var added = await Task.WhenAll(Enumerable.Range(0, people).Select(i => AddAsync(ring, KeyId.Subject(1 + (i % 3), Guid.CreateVersion7()))));
        await AddAsync(ring, KeyId.Segment("kernel.reveal-log", new DateOnly(2026, 11, 21)));
        await _folder.CloseAsync();
        return [.. added];
    }

    private async Task<RotationOutcome> RotateAsync(KeyOptions? options = null, RootKey? given = null, Action? step = null)
    {
        // The grace for running servers passes at once; their part is tested with real time in between.
        var rotation = new KeyRotation(_folder.Layout, options ?? new KeyOptions(), new HastyTime());
        return await rotation.RunAsync(given, _ => step?.Invoke(), None);
    }

    private List<byte[]> AccountWraps()
    {
        using var store = KeyStore.Open(_folder.Layout.Keys);
        return store.List("SELECT wrapped FROM account_keys UNION ALL SELECT verifier FROM roots", static row => row.GetFieldValue<byte[]>(0));
    }

    private async Task ShouldOpenAsync(IEnumerable<(KeyId Key, byte[] Value)> values, KeyOptions? options = null)
    {
        var ring = _folder.Open(options);
        foreach (var value in values) (await OpensAsync(ring, value)).ShouldBeTrue();
        await _folder.CloseAsync();
    }

    private static async Task<(KeyId Key, byte[] Value)> AddAsync(KeyRing ring, KeyId key)
    {
        using var lease = await ring.RentAsync(key, None);
        return (key, KeyWrap.Wrap(lease, key.ToString(), [1, 2, 3]));
    }

    private static async Task<bool> OpensAsync(KeyRing ring, (KeyId Key, byte[] Value) sealedValue)
    {
        using var lease = await ring.FindAsync(sealedValue.Key, None);
        if (lease is null) return false;
        KeyWrap.Unwrap(lease, sealedValue.Key.ToString(), sealedValue.Value, new byte[3]);
        return true;
    }

    /// <summary>Waits a tenth of what it is asked for, so that a test of the grace is short but still has one.</summary>
    private sealed class HastyTime : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            base.CreateTimer(callback, state, dueTime / 10, period);
    }
}
