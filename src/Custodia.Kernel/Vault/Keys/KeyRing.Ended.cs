namespace Custodia.Kernel.Vault;

/// <summary>Keys that go many at a time: those of days that are over, and all of an account that has ended.</summary>
internal sealed partial class KeyRing
{
    private const int Together = 256;

    /// <summary>Destroys the keys of days (<see cref="KeyId.Day"/>) of one kind, of all accounts, before <paramref name="first"/>.</summary>
    /// <returns>How many.</returns>
    public async Task<int> DestroyDaysAsync(string kind, DateOnly first, string reason, CancellationToken cancellation)
    {
        List<KeyId> days;
        lock (_reading) days = _store.DayKeysBefore(new DateTimeOffset(first, TimeOnly.MinValue, TimeSpan.Zero));
        days.RemoveAll(key => !key.IsDayBefore(kind, first));
        foreach (var some in days.Chunk(Together)) await DestroyAllAsync(some, reason, cancellation);
        return days.Count;
    }

    /// <summary>
    /// Destroys every key of an account: first its own, so that nothing below opens after a restart and nothing new is made, then each
    /// below it, overwritten where it lies. Killed in between, the next call does the rest.
    /// </summary>
    /// <returns>Keys destroyed; 0 when nothing was left.</returns>
    public async Task<long> EndAccountAsync(long account, string reason, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(account, 0);
        var all = CountKeysOf(account);
        if (all == 0 && IsEnded(account)) return 0;
        await _writer.EndAccountAsync(account, reason, cancellation);
        while (NextKeysOf(account) is { Count: > 0 } some) await DestroyAllAsync(some, reason, cancellation);
        ForgetAccount(account);
        return all;
    }

    /// <summary>Keys that <see cref="EndAccountAsync"/> would destroy.</summary>
    public long CountKeysOf(long account)
    {
        lock (_reading) return _store.CountKeysOf(account);
    }

    /// <summary>When the oldest key of any account was made.</summary>
    public DateTimeOffset? OldestKey()
    {
        lock (_reading) return _store.OldestKey();
    }

    /// <summary>Accounts whose keys were all destroyed.</summary>
    public List<long> EndedAccounts()
    {
        lock (_reading) return _store.EndedAccounts();
    }

    /// <summary>How many keys were destroyed before a moment, and when the first of all was.</summary>
    public (long Count, DateTimeOffset? Oldest) DestroyedBefore(DateTimeOffset moment)
    {
        lock (_reading) return _store.TombstonesBefore(moment);
    }

    /// <summary>Forgets the names of keys that were destroyed before a moment.</summary>
    /// <returns>How many.</returns>
    public int ForgetDestroyed(DateTimeOffset before)
    {
        for (var all = 0; ;)
        {
            int some;
            lock (_reading)
            {
                using (var transaction = _store.Begin())
                {
                    some = _store.ForgetDestroyed(before, Together);
                    transaction.Commit();
                }

                if (some == 0 && all > 0) _store.Truncate();
            }

            all += some;
            if (some == 0) return all;
        }
    }

    private bool IsEnded(long account)
    {
        lock (_reading) return _store.IsEnded(account);
    }

    private List<KeyId> NextKeysOf(long account)
    {
        lock (_reading) return _store.KeysOf(account, Together);
    }

    /// <summary>Asked for together, they share a commit and a cut of the log.</summary>
    private Task DestroyAllAsync(IEnumerable<KeyId> keys, string reason, CancellationToken cancellation) =>
        Task.WhenAll(keys.Select(key => DestroyAsync(key, reason, cancellation)));

    private void ForgetAccount(long account)
    {
        _indexes.RemoveWhere(name => name.Account == account);
        _accounts.Forget(account);
    }
}
