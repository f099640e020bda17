using Microsoft.EntityFrameworkCore;
using Directory = Custodia.Identity.Directories.Directory;

namespace Custodia.Identity.Applications;

/// <summary>Finds applications of an account for its staff.</summary>
internal sealed class ApplicationQueries(IdentityContext context, TimeProvider time)
{
    public const int MaxLimit = 200;

    /// <summary>Newest first.</summary>
    /// <param name="before">Id of the last one seen; null starts with the newest.</param>
    public async Task<(IReadOnlyList<ApplicationView> Items, Guid? Next)> ListAsync(
        long account, string? directory, Guid? before, int limit, CancellationToken cancellation)
    {
        var found = await Of(account)
            .Where(a => directory == null || a.Directory.Name == directory)
            .Where(a => before == null || a.Application.Id.CompareTo(before.Value) < 0)
            .OrderByDescending(a => a.Application.Id)
            .Take(limit + 1)
            .ToListAsync(cancellation);
        var page = found.Take(limit).ToList();
        var secrets = await SecretsAsync([.. page.Select(a => a.Application.Id)], cancellation);
        return ([.. page.Select(a => View(a, secrets))], found.Count > limit ? page[^1].Application.Id : null);
    }

    /// <summary>Null when the account has no such application.</summary>
    public async Task<ApplicationView?> FindAsync(long account, Guid id, CancellationToken cancellation)
    {
        if (await Of(account).SingleOrDefaultAsync(a => a.Application.Id == id, cancellation) is not { } found) return null;
        return View(found, await SecretsAsync([id], cancellation));
    }

    /// <summary>For a change: tracked, with its directory.</summary>
    public async Task<(Application Application, Directory Directory)?> LoadAsync(long account, Guid id, CancellationToken cancellation)
    {
        var application = await context.Applications.SingleOrDefaultAsync(a => a.Id == id && a.Account == account, cancellation);
        if (application is null) return null;
        return (application, await context.Directories.AsNoTracking().SingleAsync(d => d.Id == application.DirectoryId, cancellation));
    }

    public Task<Directory?> DirectoryAsync(long account, string name, CancellationToken cancellation) =>
        context.Directories.AsNoTracking().SingleOrDefaultAsync(d => d.Account == account && d.Name == name, cancellation);

    public Task<List<Directory>> DirectoriesAsync(long account, CancellationToken cancellation) =>
        context.Directories.AsNoTracking().Where(d => d.Account == account).OrderBy(d => d.Name).Take(MaxLimit).ToListAsync(cancellation);

    private static ApplicationView View(Found found, ILookup<Guid, SecretView> secrets) => new(
        found.Application.Id,
        found.Application.ClientId,
        found.Directory.Name,
        found.Application.Kind,
        found.Application.CreatedBy,
        found.Application.CreatedAt,
        found.Application.UpdatedAt,
        ApplicationSettings.Of(found.Application),
        [.. secrets[found.Application.Id]]);

    private IQueryable<Found> Of(long account) =>
        context.Applications.AsNoTracking()
            .Where(a => a.Account == account)
            .Join(context.Directories, a => a.DirectoryId, d => d.Id, (a, d) => new Found { Application = a, Directory = d });

    private async Task<ILookup<Guid, SecretView>> SecretsAsync(Guid[] applications, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var secrets = await context.ApplicationSecrets.AsNoTracking()
            .Where(s => applications.Contains(s.ApplicationId) && (s.ExpiresAt == null || s.ExpiresAt > now))
            .OrderByDescending(s => s.CreatedAt)
            .ToListAsync(cancellation);
        return secrets.ToLookup(s => s.ApplicationId, s => new SecretView(s.Id, s.CreatedAt, s.ExpiresAt));
    }

    private sealed class Found
    {
        public required Application Application { get; init; }

        public required Directory Directory { get; init; }
    }
}
