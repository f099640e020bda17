using System.Collections.Concurrent;
using Custodia.Identity.Protocol;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Custodia.Identity.Applications;

/// <summary>
/// Applications in memory. A change made in this process counts at once; one made by another process after
/// <see cref="Fresh"/> at most.
/// </summary>
internal sealed class ApplicationCache(IServiceScopeFactory scopes, TimeProvider time)
{
    public static readonly TimeSpan Fresh = TimeSpan.FromSeconds(5);

    // Only applications that exist are kept, so strangers cannot fill it; past this it starts anew.
    private const int MaxEntries = 10_000;

    private readonly ConcurrentDictionary<(Guid Directory, string ClientId), Entry> _known = new();
    private int _changes;

    /// <summary>The enabled application of this directory; null when there is none.</summary>
    public ValueTask<ApplicationModel?> FindAsync(Guid directory, string? clientId, CancellationToken cancellation)
    {
        if (clientId is null or { Length: 0 or > Application.MaxClientId }) return new ValueTask<ApplicationModel?>((ApplicationModel?)null);
        if (_known.TryGetValue((directory, clientId), out var entry) && time.GetElapsedTime(entry.LoadedAt) < Fresh) return new ValueTask<ApplicationModel?>(entry.Application);
        // What cannot be an id is not asked about: a header or an assertion may hold characters that PostgreSQL refuses.
        return Scopes.IsToken(clientId) ? new ValueTask<ApplicationModel?>(LoadAsync(directory, clientId, cancellation)) : new ValueTask<ApplicationModel?>((ApplicationModel?)null);
    }

    /// <summary>Call after the change has committed.</summary>
    public void Forget(Application application)
    {
        Interlocked.Increment(ref _changes);
        _known.TryRemove((application.DirectoryId, application.ClientId), out _);
    }

    private async Task<ApplicationModel?> LoadAsync(Guid directory, string clientId, CancellationToken cancellation)
    {
        var changes = Volatile.Read(ref _changes);
        await using var scope = scopes.CreateAsyncScope();
        var context = scope.ServiceProvider.GetRequiredService<IdentityContext>();
        var stored = await context.Applications.AsNoTracking()
            .SingleOrDefaultAsync(a => a.DirectoryId == directory && a.ClientId == clientId && a.Enabled, cancellation);
        if (stored is null) return null;
        var secrets = await context.ApplicationSecrets.AsNoTracking().Where(s => s.ApplicationId == stored.Id).ToListAsync(cancellation);
        var application = new ApplicationModel(stored, secrets);
        if (_known.Count >= MaxEntries) _known.Clear();
        // What was read before a change must not outlive it.
        if (changes == Volatile.Read(ref _changes)) _known[(directory, clientId)] = new Entry(application, time.GetTimestamp());
        return application;
    }

    private readonly record struct Entry(ApplicationModel Application, long LoadedAt);
}
