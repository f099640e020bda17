using System.Security.Cryptography;
using System.Threading.Channels;

namespace Custodia.Kernel.Vault;

/// <summary>
/// The one writer of the key store in this process. Requests that wait together commit together, so a thousand new keys do not cost
/// a thousand flushes; each is answered after its commit, a destruction after the log file was truncated too.
/// </summary>
internal sealed class KeyWriter : IAsyncDisposable
{
    private const int BatchSize = 256;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly Channel<Request> _requests = Channel.CreateBounded<Request>(new BoundedChannelOptions(4 * BatchSize) { SingleReader = true });
    private readonly KeyStore _store;
    private readonly AccountKeys _accounts;
    private readonly TimeProvider _time;
    private readonly Task _loop;

    /// <summary>A destroyed key may still stand in the write-ahead log, because a reader kept it from being truncated.</summary>
    private bool _logHoldsBuried;

    /// <param name="store">A connection of its own; disposed with the writer.</param>
    public KeyWriter(KeyStore store, AccountKeys accounts, TimeProvider time)
    {
        _store = store;
        _accounts = accounts;
        _time = time;
        _loop = Task.Run(RunAsync);
    }

    /// <summary>Makes the key unless it exists; the row as it is then, which may be a tombstone.</summary>
    public async Task<KeyRow> CreateAsync(KeyId key, CancellationToken cancellation)
    {
        var request = new Creation(key);
        await _requests.Writer.WriteAsync(request, cancellation);
        await request.Done;
        return request.Row!;
    }

    /// <summary>Destroys the key, or writes the tombstone of a key that never was. Once accepted, it is not cancelled.</summary>
    public async Task<DestroyedKey> DestroyAsync(KeyId key, string reason, CancellationToken cancellation)
    {
        var request = new Destruction(key, reason);
        await _requests.Writer.WriteAsync(request, cancellation);
        await request.Done;
        return request.Outcome!;
    }

    /// <summary>Destroys an account's own key: from then on none is made for the account. Once accepted, it is not cancelled.</summary>
    public async Task EndAccountAsync(long account, string reason, CancellationToken cancellation)
    {
        var request = new AccountEnd(account, reason);
        await _requests.Writer.WriteAsync(request, cancellation);
        await request.Done;
    }

    /// <summary>The key's row, made if it was not there. Call it inside a write transaction.</summary>
    /// <exception cref="KeyDestroyedException">All keys of its account were destroyed.</exception>
    public static KeyRow FindOrMake(KeyStore store, AccountKeys accounts, KeyId key, DateTimeOffset now)
    {
        var id = key.ToString();
        if (store.FindKey(id) is { } existing) return existing;
        var (version, parent) = accounts.RentCurrent(store, key.Account) ?? throw new KeyDestroyedException(key);
        using (parent)
        {
            Span<byte> material = stackalloc byte[ReadyKey.Size];
            RandomNumberGenerator.Fill(material);
            var row = new KeyRow(1, version, KeyWrap.Wrap(parent, KeyRows.Bound(id, 1, version), material));
            CryptographicOperations.ZeroMemory(material);
            store.AddKey(key, row, now);
            return row;
        }
    }

    public async ValueTask DisposeAsync()
    {
        _requests.Writer.TryComplete();
#pragma warning disable VSTHRD003 // Our own loop, on no context that could wait for us.
        await _loop;
#pragma warning restore VSTHRD003
        _store.Dispose();
    }

    private async Task RunAsync()
    {
        var batch = new List<Request>(BatchSize);
        while (await _requests.Reader.WaitToReadAsync())
        {
            while (batch.Count < BatchSize && _requests.Reader.TryRead(out var request)) batch.Add(request);
            await CommitAsync(batch);
            batch.Clear();
        }
    }

    private async Task CommitAsync(List<Request> batch)
    {
        try
        {
            using (var transaction = _store.Begin())
            {
                foreach (var request in batch) request.Execute(_store, _accounts, _time);
                transaction.Commit();
            }

            // A new key is durable now; only a destruction waits for the log to be cut.
            foreach (var request in batch.OfType<Creation>()) request.Complete(null);
            _logHoldsBuried |= batch.Exists(static request => request is Burial { Buried: true });
            if (_logHoldsBuried && batch.Exists(static request => request is Burial)) await TruncateAsync();
            foreach (var request in batch) request.Complete(null);
        }
        catch (Exception failure) when (batch.Count > 1 && failure is not TimeoutException)
        {
            // One bad request must not fail the others: each alone.
            foreach (var request in batch) await CommitAsync([request]);
        }
        catch (Exception failure)
        {
            foreach (var request in batch) request.Complete(failure);
        }
    }

    private async Task TruncateAsync()
    {
        var start = _time.GetTimestamp();
        while (!_store.Truncate())
        {
            if (_time.GetElapsedTime(start) > Patience)
                throw new TimeoutException("The key is destroyed, but the write-ahead log of the key store could not be truncated: a reader holds it.");
            await Task.Delay(TimeSpan.FromMilliseconds(5), _time);
        }

        _logHoldsBuried = false;
    }

    private abstract class Request
    {
        private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Done => _done.Task;

        public abstract void Execute(KeyStore store, AccountKeys accounts, TimeProvider time);

        public void Complete(Exception? failure)
        {
            if (failure is null) _done.TrySetResult();
            else _done.TrySetException(failure);
        }
    }

    private sealed class Creation(KeyId key) : Request
    {
        public KeyRow? Row { get; private set; }

        public override void Execute(KeyStore store, AccountKeys accounts, TimeProvider time) =>
            Row = FindOrMake(store, accounts, key, time.GetUtcNow());
    }

    /// <summary>A request that is done when the log is cut too.</summary>
    private abstract class Burial : Request
    {
        public bool Buried { get; protected set; }
    }

    private sealed class AccountEnd(long account, string reason) : Burial
    {
        public override void Execute(KeyStore store, AccountKeys accounts, TimeProvider time)
        {
            store.EndAccount(account, time.GetUtcNow(), reason);
            Buried = true;
        }
    }

    private sealed class Destruction(KeyId key, string reason) : Burial
    {
        public DestroyedKey? Outcome { get; private set; }

        public override void Execute(KeyStore store, AccountKeys accounts, TimeProvider time)
        {
            var id = key.ToString();
            var now = time.GetUtcNow();
            var row = store.FindKey(id);
            if (row is { Wrapped: null })
            {
                Outcome = new DestroyedKey(key, Existed: true, store.DestroyedAt(id) ?? now);
                return;
            }

            if (row is null) store.AddKey(key, new KeyRow(1, 0, null), now);
            store.Bury(id, now, reason);
            Buried = true;
            Outcome = new DestroyedKey(key, row is not null, now);
        }
    }
}
