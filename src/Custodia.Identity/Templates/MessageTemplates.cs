using System.Collections.Concurrent;
using System.Collections.Frozen;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Custodia.Identity.Templates;

/// <summary>
/// The templates of every directory that sends something. Kept in memory for half a minute: that is how long another process of the
/// same server may send the text of before. In this process a change counts at once.
/// </summary>
internal sealed class MessageTemplates(IServiceScopeFactory scopes, TimeProvider time)
{
    private const int Capacity = 1_000;

    private static readonly TimeSpan Life = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<Guid, Kept> _kept = new();
    private long _changes;

    public ValueTask<DirectoryTemplates> OfAsync(Guid directory, CancellationToken cancellation) =>
        Find(directory) is { } kept ? new ValueTask<DirectoryTemplates>(kept) : new ValueTask<DirectoryTemplates>(LoadAsync(directory, cancellation));

    /// <summary>The same inside a transaction: whoever holds one connection and waits for a second lets nobody else finish either.</summary>
    /// <param name="database">The transaction's.</param>
    public ValueTask<DirectoryTemplates> OfAsync(IdentityContext database, Guid directory, CancellationToken cancellation) =>
        Find(directory) is { } kept ? new ValueTask<DirectoryTemplates>(kept) : new ValueTask<DirectoryTemplates>(LoadAsync(database, directory, cancellation));

    public void Forget(Guid directory)
    {
        Interlocked.Increment(ref _changes);
        _kept.TryRemove(directory, out _);
    }

    private DirectoryTemplates? Find(Guid directory) =>
        _kept.TryGetValue(directory, out var kept) && kept.Until > time.GetUtcNow() ? kept.Templates : null;

    private async Task<DirectoryTemplates> LoadAsync(Guid directory, CancellationToken cancellation)
    {
        await using var scope = scopes.CreateAsyncScope();
        return await LoadAsync(scope.ServiceProvider.GetRequiredService<IdentityContext>(), directory, cancellation);
    }

    private async Task<DirectoryTemplates> LoadAsync(IdentityContext database, Guid directory, CancellationToken cancellation)
    {
        var before = Interlocked.Read(ref _changes);
        var rows = await database.MessageTemplates.AsNoTracking().Where(t => t.DirectoryId == directory).ToListAsync(cancellation);
        var settings = await database.TemplateSettings.AsNoTracking().SingleOrDefaultAsync(s => s.DirectoryId == directory, cancellation);
        var own =
            from row in rows
            let kind = MessageCatalogue.Find(row.Message)
            where kind is not null
            select new ReadTemplate(kind, row.Language, new TemplateDraft(row.Subject, row.Text, row.Html), row.UpdatedAt);
        var found = new DirectoryTemplates(own.ToFrozenDictionary(t => (t.Kind.Id, t.Language)), settings?.DefaultLanguage);
        if (_kept.Count >= Capacity) _kept.Clear();
        var kept = new Kept(found, time.GetUtcNow() + Life);
        _kept[directory] = kept;
        // What was read while somebody changed something may be the text of before: it is used once and not kept.
        if (Interlocked.Read(ref _changes) != before) _kept.TryRemove(new KeyValuePair<Guid, Kept>(directory, kept));
        return found;
    }

    private sealed record Kept(DirectoryTemplates Templates, DateTimeOffset Until);
}
