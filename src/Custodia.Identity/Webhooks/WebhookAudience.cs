using Microsoft.EntityFrameworkCore;

namespace Custodia.Identity.Webhooks;

/// <summary>
/// Which events any webhook waits for, in memory, so that nothing is stored for nobody. A change made in this process counts at
/// once; one made by another process after <see cref="Fresh"/> at most.
/// </summary>
internal sealed class WebhookAudience(TimeProvider time)
{
    public static readonly TimeSpan Fresh = TimeSpan.FromSeconds(5);

    private Snapshot? _known;
    private int _changes;

    /// <summary>False only when it is certain that no webhook of any directory waits for it.</summary>
    public bool MayWant(string type) => Current() is not { } known || known.Any.Contains(type);

    /// <param name="database">The caller's: whoever is inside a transaction and waits for a second connection lets nobody else finish either.</param>
    public async ValueTask<bool> AnyWantsAsync(IdentityContext database, string type, CancellationToken cancellation) =>
        (Current() ?? await LoadAsync(database, cancellation)).Any.Contains(type);

    /// <inheritdoc cref="AnyWantsAsync"/>
    public async ValueTask<bool> WantsAsync(IdentityContext database, Guid directory, string type, CancellationToken cancellation)
    {
        var known = Current() ?? await LoadAsync(database, cancellation);
        return known.Any.Contains(type) && known.Wanted.Contains((directory, type));
    }

    /// <summary>Call after a change has committed.</summary>
    public void Forget()
    {
        Interlocked.Increment(ref _changes);
        Volatile.Write(ref _known, null);
    }

    private Snapshot? Current() => Volatile.Read(ref _known) is { } known && time.GetElapsedTime(known.LoadedAt) < Fresh ? known : null;

    private async Task<Snapshot> LoadAsync(IdentityContext database, CancellationToken cancellation)
    {
        var changes = Volatile.Read(ref _changes);
        var started = time.GetTimestamp();
        var webhooks = await database.Webhooks.AsNoTracking()
            .Where(w => w.Enabled).Select(w => new { w.DirectoryId, w.EventTypes }).ToListAsync(cancellation);
        var wanted = webhooks.SelectMany(w => Protocol.Scopes.Split(w.EventTypes).Select(type => (w.DirectoryId, type))).ToHashSet();
        var loaded = new Snapshot(wanted, wanted.Select(w => w.type).ToHashSet(StringComparer.Ordinal), started);
        // What was read before a change must not outlive it.
        if (changes == Volatile.Read(ref _changes)) Volatile.Write(ref _known, loaded);
        return loaded;
    }

    private sealed record Snapshot(HashSet<(Guid Directory, string Type)> Wanted, HashSet<string> Any, long LoadedAt);
}
