using Custodia.Kernel.Hosting;

namespace Custodia.Kernel.Vault;

/// <summary>
/// A new root key and new account keys, while servers run. Data keys stay what they are and are wrapped anew, so sealed values stay valid.
/// <code>
/// 1. root.key holds the old and the new root          (when the root key is a file)
/// 2. the store holds both roots, each sealed under the other: whoever knows one learns the other
/// 3. for each account: a new account key under the new root; its data keys re-wrapped in batches; the old account key removed
/// 4. running servers have had time to learn the new root: the old one leaves the store
/// 5. root.key holds the new root only
/// </code>
/// Every step is one transaction or one renamed file, and starts from what the store says: killed anywhere, the next run goes on there,
/// and a server starts with either root until step 4.
/// </summary>
internal sealed class KeyRotation(DataLayout layout, KeyOptions options, TimeProvider time)
{
    /// <summary>Twice the time in which a running server notices a change of the store, and a little.</summary>
    public static readonly TimeSpan Grace = (2 * KeyRingWatch.Interval) + TimeSpan.FromMilliseconds(500);

    private const string LockName = "rotate.lock";
    private readonly RootKeys _roots = new(new RootKeySource(options, layout));

    /// <summary>Whether the new root must be given: the present one does not come from a file that can be written here.</summary>
    public bool NeedsNewRoot => _roots.Source.File is null;

    /// <summary>Where the root key comes from, for messages.</summary>
    public string SourceDescription => _roots.Source.Description;

    /// <param name="given">The new root; null to make one, or to finish a rotation that was interrupted.</param>
    /// <param name="report">Called after every durable step.</param>
    /// <exception cref="RootKeyException">There is no store, or the root key is wrong.</exception>
    /// <exception cref="RotationRefusedException">The new root does not fit.</exception>
    public async Task<RotationOutcome> RunAsync(RootKey? given, Action<RotationProgress> report, CancellationToken cancellation)
    {
        if (!File.Exists(Path.Combine(layout.Keys, KeyStore.FileName))) throw new RotationRefusedException($"There is no key store in '{layout.Keys}'.");
        using var held = TakeLock();
        using var store = new KeyStoreStart(layout, _roots, time).Open();
        var (old, next) = Begin(store, given, report);
        var wraps = new AccountRotation(store, new AccountKeys(_roots, time), old, next);
        var progress = new RotationProgress(0, wraps.Remaining());
        report(progress);
        foreach (var account in wraps.Accounts())
        {
            wraps.Renew(account);
            report(progress);
            for (var count = 1; count > 0;)
            {
                cancellation.ThrowIfCancellationRequested();
                count = wraps.RewrapBatch(account);
                progress = progress with { Done = progress.Done + count };
                report(progress);

                // Lets waiting writers of a running server go first.
                await Task.Delay(TimeSpan.FromMilliseconds(2), time, cancellation);
            }

            wraps.RemoveOld(account);
            report(progress);
        }

        await FinishAsync(store, old, next, () => report(progress), cancellation);
        return new RotationOutcome(old.Id, next.Id, progress.Done, _roots.Source.File);
    }

    private FileStream TakeLock()
    {
        try
        {
            return new FileStream(Path.Combine(layout.Keys, LockName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            throw new RotationRefusedException("Another rotation is running.");
        }
    }

    private (RootKey Old, RootKey Next) Begin(KeyStore store, RootKey? given, Action<RotationProgress> report)
    {
        var rows = store.Roots();
        var old = _roots.Get(rows[0].Id, store);
        if (rows.Count == 2)
        {
            if (given is not null && given.Id != rows[1].Id)
                throw new RotationRefusedException($"A rotation to the root key {rows[1].Id} is not finished. Run it again without a new root key first.");
            return (old, _roots.Get(rows[1].Id, store));
        }

        if (given is null && NeedsNewRoot) throw new RotationRefusedException($"The root key comes from {SourceDescription}: give the new one.");
        if (given?.Id == old.Id) throw new RotationRefusedException("The new root key is the present one.");
        var next = given ?? RootKey.New();
        if (_roots.Source.File is { } file)
        {
            RootKeyFile.Write(file, RootKeyFile.Format(old, next), overwrite: true);
            report(default);
        }

        using (var transaction = store.Begin())
        {
            store.AddRoot(RootKeys.Row(next, handover: old), time.GetUtcNow());
            store.SetHandover(old.Id, next.SealedUnder(old));
            transaction.Commit();
        }

        _roots.Add(next);
        report(default);
        return (old, next);
    }

    private async Task FinishAsync(KeyStore store, RootKey old, RootKey next, Action report, CancellationToken cancellation)
    {
        await Task.Delay(Grace, time, cancellation);
        using (var transaction = store.Begin())
        {
            // A server that had learned nothing yet may have made an account under the old root: then this run is not done.
            if (store.Count("SELECT count(*) FROM account_keys WHERE wrapped_by = $1", old.Id) > 0)
                throw new RotationRefusedException("An account was made meanwhile under the old root key. Run the rotation again to finish it.");
            store.RemoveRoot(old.Id);
            store.ClearHandover(next.Id);
            transaction.Commit();
        }

        report();
        while (!store.Truncate()) await Task.Delay(TimeSpan.FromMilliseconds(5), time, cancellation);
        report();
        if (_roots.Source.File is { } file) RootKeyFile.Write(file, RootKeyFile.Format(next), overwrite: true);
        report();
    }
}

/// <summary>How many data keys are wrapped anew, of how many.</summary>
internal readonly record struct RotationProgress(long Done, long Total);

/// <param name="File">The root key file that holds the new root; null when the operator must put it in place.</param>
internal sealed record RotationOutcome(string OldRoot, string NewRoot, long Rewrapped, string? File);

/// <summary>The rotation cannot begin or go on, for a reason that its operator can mend.</summary>
internal sealed class RotationRefusedException(string message) : StartRefusedException(Configuration, message);
