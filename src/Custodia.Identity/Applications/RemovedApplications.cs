using Custodia.Kernel.Retention;

namespace Custodia.Identity.Applications;

/// <summary>
/// What is left of removed applications. Removing one takes everything with it in one transaction; this finds what came back
/// with a backup.
/// </summary>
internal sealed class RemovedApplications(IdentityContext database) : RowRule<ApplicationSecret>(Application.Category, "removed", database)
{
    private readonly IdentityContext _database = database;

    protected override IQueryable<ApplicationSecret> Due(RetentionMoment moment) =>
        _database.ApplicationSecrets.Where(s => !_database.Applications.Any(a => a.Id == s.ApplicationId)).OrderBy(s => s.Id);

    protected override IQueryable<DateTimeOffset?> Held() => _database.Applications.Select(a => (DateTimeOffset?)a.CreatedAt);
}

/// <summary>Secrets that were replaced and have run out.</summary>
internal sealed class ExpiredSecrets(IdentityContext database) : RowRule<ApplicationSecret>(Application.Category, "expired", database)
{
    private readonly IdentityContext _database = database;

    protected override IQueryable<ApplicationSecret> Due(RetentionMoment moment) =>
        _database.ApplicationSecrets.Where(s => s.ExpiresAt != null && s.ExpiresAt <= moment.Now).OrderBy(s => s.ExpiresAt);

    protected override IQueryable<DateTimeOffset?> Held() => _database.ApplicationSecrets.Select(s => (DateTimeOffset?)s.CreatedAt);
}
