using Custodia.Kernel.Retention;

namespace Custodia.Identity.Applications;

/// <summary>
/// What is left of removed applications. Removing one takes everything with it in one transaction; this finds what came back
/// with a backup.
/// </summary>
internal sealed class RemovedApplications(IdentityContext database) : RowRule<IdentityContext, ApplicationSecret>(Application.Category, "removed", database)
{
    protected override IQueryable<ApplicationSecret> Due(RetentionMoment moment) =>
        Context.ApplicationSecrets.Where(s => !Context.Applications.Any(a => a.Id == s.ApplicationId)).OrderBy(s => s.Id);

    protected override IQueryable<DateTimeOffset?> Held() => Context.Applications.Select(a => (DateTimeOffset?)a.CreatedAt);
}

/// <summary>Secrets that were replaced and have run out.</summary>
internal sealed class ExpiredSecrets(IdentityContext database) : RowRule<IdentityContext, ApplicationSecret>(Application.Category, "expired", database)
{
    protected override IQueryable<ApplicationSecret> Due(RetentionMoment moment) =>
        Context.ApplicationSecrets.Where(s => s.ExpiresAt != null && s.ExpiresAt <= moment.Now).OrderBy(s => s.ExpiresAt);

    protected override IQueryable<DateTimeOffset?> Held() => Context.ApplicationSecrets.Select(s => (DateTimeOffset?)s.CreatedAt);
}
